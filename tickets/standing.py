"""What a person is to a ticket, and which of its fields that person may read (DESIGN §3.6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from common.actors import Actor, System
from grids.models import Level, Person, Post, PostKind
from tickets.keys import ReporterKey
from tickets.models import Assist, Client, Follower, Ticket
from tickets.models.assist import AssistState
from tickets.states import State, Who
from tickets.words import Turn

Reader = Person | Client
"""Whoever reads: a person, or another system that handed it in."""
STAFF_KINDS = frozenset({PostKind.UNIT_CLERK, PostKind.HANDLER})
OF_DIVISION = {
    PostKind.GRID_WORKER: frozenset({Who.GRID}),
    PostKind.COMMUNITY_LEAD: frozenset({Who.GRID}),
    PostKind.DESK: frozenset({Who.DESK}),
    PostKind.SHIFT_LEADER: frozenset({Who.DESK, Who.SHIFT}),
    PostKind.LEADER: frozenset({Who.LEADER}),
    PostKind.INSPECTOR: frozenset({Who.INSPECTOR}),
    PostKind.AUDITOR: frozenset({Who.AUDITOR}),
}


class Group(StrEnum):
    """字段组: what can be shown or hidden as one."""

    REPORTER = "reporter"
    CONTACT = "contact"
    WORDS = "words"
    PHOTOS = "photos"


OUTSIDERS = frozenset(
    {PostKind.HOST, PostKind.COURIER, PostKind.STATION, PostKind.STAIR_LEADER, PostKind.VOLUNTEER}
)
"""Posts that make nobody a member of staff."""
EVERYTHING = frozenset(Group)
CONTENT = frozenset({Group.WORDS, Group.PHOTOS})


def of(actor: Actor, ticket: Ticket, *, at: datetime) -> frozenset[Who]:
    """身份: everything the actor is to this ticket then; empty for a stranger.

    At most one statement, and only while the ticket has open assists.
    """
    if isinstance(actor, System):
        return frozenset({Who.SYSTEM})
    if isinstance(actor, ReporterKey):
        return _of_key(actor, ticket)
    if isinstance(actor, Client):
        return _of_client(actor, ticket)
    if isinstance(actor, Person):
        return _of_person(actor, ticket, at)
    return frozenset()


def is_staff(person: Person, *, at: datetime) -> bool:
    """工作人员: holds a post of the district; hosts, couriers and volunteers are residents."""
    return any(post.kind not in OUTSIDERS for post in person.posts_at(at))


def is_confirming(ticket: Ticket, at: datetime) -> bool:
    """核实中: the grid worker was asked and the question has not lapsed."""
    until = ticket.confirm_until
    is_asked = ticket.state == State.REPORTED and ticket.confirmation == "ASKED"
    return is_asked and until is not None and at < until


def is_confirmer(who: frozenset[Who], ticket: Ticket, at: datetime) -> bool:
    """待其核实: the grid worker who was asked, whatever other posts the same person holds."""
    return Who.GRID in who and is_confirming(ticket, at)


def sees(person: Reader, ticket: Ticket, *, at: datetime) -> frozenset[Group]:
    """可读: groups of fields of a *visible* ticket this person may read.

    Superuser is not a standing. An anonymous reporter is never shown to handler or head, and
    nobody at the unit keeps the contact once the ticket has ended. Contact data of followers
    are for desk and inspector only. Who only follows reads steps and answers (`timeline`).
    Another system reads what it handed in; whom it was about it knows itself.
    """
    if isinstance(person, Client):
        return CONTENT if ticket.client_id == person.pk else frozenset()
    standings = of(person, ticket, at=at)
    if is_concerned(person, ticket, at):
        return frozenset()
    if standings & {Who.DESK, Who.INSPECTOR}:
        return EVERYTHING
    if Who.REPORTER in standings:
        return EVERYTHING
    if standings == {Who.FOLLOWER}:
        return frozenset()  # what the reporter wrote is not a follower's to read
    shown: set[Group] = set()
    present = standings & {Who.STAFF, Who.HEAD, Who.HANDLER, Who.HELPER}
    if present or not ticket.is_sensitive:
        shown |= CONTENT
    is_handlers = bool(standings & {Who.HANDLER, Who.HEAD}) and ticket.is_open
    is_grids = Who.GRID in standings and _is_grids_turn(ticket, at)
    if (is_handlers or is_grids) and not ticket.is_anonymous:
        shown |= {Group.REPORTER, Group.CONTACT}
    if ticket.is_sensitive and not present:
        shown -= EVERYTHING
    return frozenset(shown)


def remember(person: Reader, tickets: Iterable[Ticket], *, at: datetime) -> None:
    """记住: read for a whole list at once what `of` would ask the database for row by row."""
    if isinstance(person, Client):
        return
    rows = list(tickets)
    _remember_helpers(rows)
    followed = {ticket.pk for ticket in rows if ticket.followers_count}
    if followed and not is_staff(person, at=at):
        found = Follower.objects.filter(ticket__in=followed, reporter__person=person, ended_at=None)
        followed = set(found.values_list("ticket_id", flat=True))
    for ticket in rows:
        ticket._followed_by = {person.pk: ticket.pk in followed}  # type: ignore[attr-defined]


def remember_helpers(ticket: Ticket, assists: Iterable[Assist]) -> None:
    """记住: the helpers of one ticket, read already."""
    ticket._open_helpers = [  # type: ignore[attr-defined]
        row for row in assists if row.state == AssistState.OPEN
    ]


def _remember_helpers(tickets: list[Ticket]) -> None:
    busy = {
        ticket.pk: ticket
        for ticket in tickets
        if ticket.open_assists and not hasattr(ticket, "_open_helpers")
    }
    found: dict[int, list[Assist]] = {pk: [] for pk in busy}
    rows = Assist.objects.filter(ticket__in=busy, state=AssistState.OPEN) if busy else ()
    for assist in rows:
        found[assist.ticket_id].append(assist)
    for pk, ticket in busy.items():
        ticket._open_helpers = found[pk]  # type: ignore[attr-defined]


def _is_grids_turn(ticket: Ticket, at: datetime) -> bool:
    rises_at = ticket.turn_rises_at
    has_risen = rises_at is not None and at >= rises_at
    return (ticket.turn == Turn.GRID and not has_risen) or is_confirming(ticket, at)


def _of_key(key: ReporterKey, ticket: Ticket) -> frozenset[Who]:
    if ticket.pk in key.own_ids:
        return frozenset({Who.REPORTER if key.follower_id is None else Who.FOLLOWER})
    if ticket.pk in key.lead_ids:
        return frozenset({Who.FOLLOWER})
    return frozenset()


def _of_client(client: Client, ticket: Ticket) -> frozenset[Who]:
    """Of what it handed in, and of where that was merged into."""
    if ticket.client_id == client.pk:
        return frozenset({Who.CLIENT})
    is_lead = ticket.merged.filter(client=client, state=State.MERGED).exists()
    return frozenset({Who.CLIENT}) if is_lead else frozenset()


def of_one(person: Person, ticket: Ticket, one: int, *, at: datetime) -> frozenset[Who]:
    """分身份: by one's own posts alone, or by those of one of the absent."""
    if is_concerned(person, ticket, at):
        return frozenset()
    absent = None if one == person.pk else one
    posts = [post for post in person.posts_at(at) if post.for_person_id == absent]
    found = _of_posts(posts, ticket)
    if ticket.handler_id == one and (ticket.unit_id is None or _is_at(ticket.unit_id, posts)):
        found.add(Who.HANDLER)
    return frozenset(found)


def _of_person(person: Person, ticket: Ticket, at: datetime) -> frozenset[Who]:
    if is_concerned(person, ticket, at):
        return frozenset()
    found: set[Who] = set()
    if ticket.reporter_person_id == person.pk:
        found.add(Who.REPORTER)
    elif ticket.followers_count and not is_staff(person, at=at) and _follows(person, ticket):
        found.add(Who.FOLLOWER)
    found |= _of_posts(person.posts_at(at), ticket)
    is_own = ticket.unit_id is None or _serves(person, ticket.unit_id, at)
    if ticket.handler_id in person.selves(at) and is_own:
        found.add(Who.HANDLER)
    return frozenset(found)


def _of_posts(posts: Sequence[Post], ticket: Ticket) -> set[Who]:
    helpers = _helping_units(ticket) if any(post.unit_id for post in posts) else frozenset()
    found: set[Who] = set()
    for post in posts:
        found |= _of_post(post, ticket, helpers)
    return found


def _of_post(post: Post, ticket: Ticket, helpers: frozenset[int]) -> set[Who]:
    found: set[Who] = set()
    kind = PostKind(post.kind)
    if post.division is not None and kind in OF_DIVISION and covers(post.division, ticket):
        found |= OF_DIVISION[kind]
        if post.division.level == Level.DISTRICT and Who.DESK in found:
            found.add(Who.DISTRICT)
    if post.unit_id is None:
        return found
    if post.unit_id == ticket.unit_id:
        found |= {Who.STAFF} if kind in STAFF_KINDS else set()
        found |= {Who.HEAD} if kind == PostKind.UNIT_HEAD else set()
    if post.unit_id in helpers and kind in STAFF_KINDS | {PostKind.UNIT_HEAD}:
        found.add(Who.HELPER)
    return found


def is_concerned(person: Person, ticket: Ticket, at: datetime) -> bool:
    """被反映: reports about staff are never shown to the unit or the person concerned."""
    if ticket.about_person_id in person.selves(at):
        return True
    unit_id = ticket.about_unit_id
    return unit_id is not None and _serves(person, unit_id, at)


def _follows(person: Person, ticket: Ticket) -> bool:
    known: bool | None = getattr(ticket, "_followed_by", {}).get(person.pk)
    if known is not None:
        return known
    return ticket.followers.filter(reporter__person=person, ended_at=None).exists()


def covers(division: Any, ticket: Ticket) -> bool:
    """覆盖: does the ticket's place lie in that division?"""
    match division.level:
        case Level.DISTRICT:
            return True
        case Level.SUBDISTRICT:
            return bool(division.pk == ticket.subdistrict_id)
        case Level.COMMUNITY:
            return bool(division.pk == ticket.community_id)
        case _:
            return bool(division.pk == ticket.division_id)


def _serves(person: Person, unit_id: int | None, at: datetime) -> bool:
    return _is_at(unit_id, person.posts_at(at))


def _is_at(unit_id: int | None, posts: Iterable[Post]) -> bool:
    return any(post.unit_id == unit_id for post in posts)


def open_helpers(ticket: Ticket) -> list[Assist]:
    """未结协办: of a ticket, read once; of a locked one they are what is."""
    if not ticket.open_assists:
        return []
    known: list[Assist] | None = getattr(ticket, "_open_helpers", None)
    if known is None:
        known = list(Assist.objects.filter(ticket=ticket, state=AssistState.OPEN).order_by("id"))
        ticket._open_helpers = known  # type: ignore[attr-defined]
    return known


def _helping_units(ticket: Ticket) -> frozenset[int]:
    return frozenset(row.unit_id for row in open_helpers(ticket))
