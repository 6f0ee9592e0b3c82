"""Who the roles of `notices.TABLE` are, for many events at once.

The number of statements does not depend on how many events there are, but for one statement for
every forty people. What held right after an event is read off the record, so that an event
announced late tells the same people; who may see the ticket is asked of `visible_to` at the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, Value

from common import clock
from grids.models import Level, Person, Post, PostKind
from grids.models.absence import deputies
from grids.models.people import read_posts
from tickets.models import Approval, Assist, Event, Follower, Supervision, Ticket
from tickets.models.assist import AssistState
from tickets.notices import Case, Role, told
from tickets.states import State

CHUNK = 40
REMEMBERED = ("confirm", "inquire", "send_back", "rate")
"""Earlier events of these verbs say whom a later one concerns."""
CALLED = (
    PostKind.DESK, PostKind.SHIFT_LEADER, PostKind.LEADER, PostKind.GRID_WORKER,
    PostKind.COMMUNITY_LEAD, PostKind.UNIT_CLERK, PostKind.HANDLER, PostKind.UNIT_HEAD,
)  # fmt: skip
OUTSIDE_REFS = ("key:", "client:")
"""How a record names whoever is not of the district."""
NOBODY: tuple[int, ...] = ()
PERSONAL = frozenset({Role.REPORTER, Role.FOLLOWER})
"""Told as residents: no colleague stands in for them."""


class Audience:
    """听众: everything these events need to know, read once."""

    def __init__(self, events: Sequence[Event], *, at: datetime) -> None:
        self.events = events
        self.at = at
        self.day = clock.local(at).date()
        ids = {event.ticket_id for event in events}
        self.tickets = Ticket.objects.in_bulk(ids)
        self.history = _history(ids)
        self.approvals = Approval.objects.in_bulk(_named(events, "approval"))
        self.openers = dict(
            Supervision.objects.filter(pk__in=_named(events, "supervision"))
            .values_list("pk", "opened_by_id")
        )  # fmt: skip
        self.helpers, self.cancelled = _helpers(events)
        self.followers, self.callers = _followers(ids)
        self._cases: dict[int, Case] = {}
        self.posts = _Posts(at, self._divisions(), self._units())

    def of_all(self) -> dict[int, dict[int, str]]:
        """告知谁: event → person → role, only who may see the ticket and did not do it."""
        wanted = {event.pk: self._called(event) for event in self.events}
        pairs: dict[int, set[int]] = defaultdict(set)
        for event in self.events:
            for person_id in wanted[event.pk]:
                pairs[person_id].add(event.ticket_id)
        _people, seen = visible(pairs, at=self.at)
        return {
            event.pk: {
                person_id: role
                for person_id, role in wanted[event.pk].items()
                if (person_id, event.ticket_id) in seen
            }
            for event in self.events
        }

    def _called(self, event: Event) -> dict[int, str]:
        case = self.case(event)
        found: dict[int, str] = {}
        for role in told(case):
            for person_id in self._reached(role, event, case):
                found.setdefault(person_id, role)
        # who asked for it hears of the decision instead
        barred = {_person(event.by), _person(event.data.get("asked_by", ""))}
        return {person: role for person, role in found.items() if person not in barred}

    def _reached(self, role: Role, event: Event, case: Case) -> list[int]:
        """告知到谁: these people, and who stands in for them."""
        found = list(self._people(role, event, case))
        if role in PERSONAL:
            return found
        reached = dict.fromkeys([*found, *sorted(deputies(found, self.day))])
        decides = role in (Role.SIGNER, Role.DECIDER) or (
            role == Role.DISTRICT and event.data.get("approval")
        )
        parties = self._parties(event, case) if decides else set()
        barred = parties | deputies(parties, self.day)
        return [pk for pk in reached if pk not in barred]

    def _parties(self, event: Event, case: Case) -> set[int | None]:
        approval = self.approvals.get(event.data.get("approval") or 0)
        asker = approval.asked_by_id if approval else None
        return {asker, case.handler_id}

    def _divisions(self) -> set[int]:
        names = ("division_id", "community_id", "subdistrict_id")
        here = {getattr(ticket, name) for ticket in self.tickets.values() for name in names}
        return {pk for pk in here | set(self._was("division_id")) if pk is not None}

    def _units(self) -> set[int]:
        cancelled = {unit for units in self.cancelled.values() for unit in units}
        here = {ticket.unit_id for ticket in self.tickets.values()} | set(self.helpers.values())
        known = here | cancelled | set(self._was("unit_id"))
        return {unit for unit in known if unit is not None}

    def _was(self, name: str) -> list[Any]:
        rows = [row for rows in self.history.values() for row in rows]
        return [row.data.get("was", {}).get(name) for row in rows]

    def case(self, event: Event) -> Case:
        """一件事: the event with what held right after it."""
        if event.pk not in self._cases:
            self._cases[event.pk] = self._case(event)
        return self._cases[event.pk]

    def outside(self, event: Event) -> dict[int, str]:
        """没有账号的诉求人: rows of `Reporter` in their role; who has a telephone is not asked."""
        ticket, roles = self.tickets[event.ticket_id], told(self.case(event))
        found: dict[int, str] = {}
        if Role.REPORTER in roles and ticket.reporter_id and not ticket.reporter_person_id:
            found[ticket.reporter_id] = Role.REPORTER
        if Role.FOLLOWER in roles:
            found |= dict.fromkeys(_then(self.callers[ticket.pk], event), str(Role.FOLLOWER))
        return found

    def _case(self, event: Event) -> Case:
        ticket = self.tickets[event.ticket_id]
        past = [row for row in self.history[ticket.pk] if row.seq <= event.seq]
        approval = self.approvals.get(event.data.get("approval") or 0)
        actor = _person(event.by)
        outside = (ticket.reporter_person_id, *self._following(event))
        return Case(
            event.verb, event.to_state, event.data,
            is_outside=event.by.startswith(OUTSIDE_REFS)
            or (actor is not None and actor in outside),
            urgency=self._then(event, "urgency"), verify_by=ticket.verify_by,
            handler_id=self._then(event, "handler_id"), unit_id=self._then(event, "unit_id"),
            returns=sum(row.verb == "send_back" for row in past),
            contests=sum(
                row.verb == "rate" and row.to_state == State.CONTESTED for row in past
            ),
            needs_signer=approval is not None and approval.needs_countersign,
        )  # fmt: skip

    def _then(self, event: Event, name: str) -> Any:
        """当时: the value right after the event; what came later says what it was before."""
        for row in self.history[event.ticket_id]:
            if row.seq > event.seq and name in row.data.get("was", {}):
                return row.data["was"][name]
        return getattr(self.tickets[event.ticket_id], name)

    def _people(self, role: Role, event: Event, case: Case) -> Iterable[int]:
        ticket, was = self.tickets[event.ticket_id], event.data.get("was", {})
        posts, street = self.posts, self.tickets[event.ticket_id].subdistrict_id
        match role:
            case Role.DESK:
                return posts.desk(street)
            case Role.SHIFT:
                return posts.shift(street)
            case Role.DISTRICT:
                return posts.shift(None)
            case Role.LEADER:
                return posts.at(PostKind.LEADER, division=street)
            case Role.GRID:
                here = self._then(event, "division_id")
                return posts.at(PostKind.GRID_WORKER, division=here) or posts.at(
                    PostKind.COMMUNITY_LEAD, division=ticket.community_id
                )
            case Role.CLERK:
                return posts.clerks(case.unit_id)
            case Role.UNIT:
                return posts.staff(case.unit_id)
            case Role.HEAD:
                return posts.at(PostKind.UNIT_HEAD, unit=case.unit_id)
            case Role.HANDLER:
                return _some(case.handler_id)
            case Role.FORMER:
                return _some(was.get("handler_id"))
            case Role.FORMER_UNIT:
                return posts.clerks(was.get("unit_id"))
            case Role.REPORTER:
                return _some(ticket.reporter_person_id)
            case Role.FOLLOWER:
                return self._following(event)
            case _:
                return self._of_request(role, event, case)

    def _of_request(self, role: Role, event: Event, case: Case) -> Iterable[int]:
        approval = self.approvals.get(event.data.get("approval") or 0)
        match role:
            case Role.OPENER:
                return _some(self.openers.get(event.data.get("supervision") or 0))
            case Role.HELPER:
                return {
                    person for unit in self._asked_units(event) for person in (
                        *self.posts.clerks(unit), *self.posts.at(PostKind.UNIT_HEAD, unit=unit)
                    )
                }  # fmt: skip
            case Role.ASKER:
                asker = approval.asked_by_id if approval else self._questioner(event)
                return _some(asker)
            case Role.SIGNER:
                return self.posts.at(PostKind.UNIT_HEAD, unit=case.unit_id)
            case Role.DECIDER if approval is not None:
                return self.posts.deciders(approval, self.tickets[event.ticket_id])
        return NOBODY

    def _asked_units(self, event: Event) -> set[int]:
        assist = event.data.get("assist")
        if assist:
            return {self.helpers[assist]} if assist in self.helpers else set()
        return self.cancelled[event.ticket_id, event.at]

    def _questioner(self, event: Event) -> int | None:
        """Who asked what this event answers."""
        wanted = event.data.get("question")
        asked = None
        for row in self.history[event.ticket_id]:
            is_look = event.verb == "confirm" and row.data.get("confirmation") == "ASKED"
            if row.seq < event.seq and (is_look or row.seq == wanted):
                asked = _person(row.by)
        return asked

    def _following(self, event: Event) -> list[int]:
        return _then(self.followers[event.ticket_id], event)


class _Posts:
    """岗位: who holds what on that day; one statement for all events."""

    def __init__(self, at: datetime, divisions: set[int], units: set[int]) -> None:
        here = Q(division__in=divisions) | Q(unit__in=units) | Q(division__level=Level.DISTRICT)
        rows = Post.objects.in_force(clock.local(at).date()).filter(here, kind__in=CALLED)
        self._of_division: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        self._of_unit: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        self._district: dict[str, list[int]] = defaultdict(list)
        for post in rows.order_by("pk"):
            if post.division is None:
                self._of_unit[post.kind, post.unit_id].append(post.person_id)
            elif post.division.level == Level.DISTRICT:
                self._district[post.kind].append(post.person_id)
            else:
                self._of_division[post.kind, post.division_id].append(post.person_id)

    def at(
        self, kind: str, *, unit: int | None = None, division: int | None = None
    ) -> Sequence[int]:
        """在岗: empty for nobody, or for no unit and no division."""
        found = self._of_unit if unit is not None else self._of_division
        return found.get((kind, unit if unit is not None else division), NOBODY)

    def desk(self, street: int | None) -> Sequence[int]:
        """受理台: the district's is too large to be rung up as one."""
        here = (PostKind.DESK, PostKind.SHIFT_LEADER)
        found = [person for kind in here for person in self.at(kind, division=street)]
        return found or self.shift(None)

    def shift(self, street: int | None) -> Sequence[int]:
        """值班长."""
        own = self.at(PostKind.SHIFT_LEADER, division=street) or self.at(
            PostKind.DESK, division=street
        )
        return own or self._district[PostKind.SHIFT_LEADER] or self._district[PostKind.DESK]

    def staff(self, unit: int | None) -> list[int]:
        """可签收的人."""
        here = (PostKind.UNIT_CLERK, PostKind.HANDLER)
        return [person for kind in here for person in self.at(kind, unit=unit)]

    def clerks(self, unit: int | None) -> Sequence[int]:
        """收发员."""
        return self.at(PostKind.UNIT_CLERK, unit=unit) or self.staff(unit)

    def deciders(self, approval: Approval, ticket: Ticket) -> Sequence[int]:
        """审批人: of its level; where nobody there holds the post, the district's shift."""
        if approval.level == Level.DISTRICT:
            return self._district.get(approval.decided_by) or self.shift(None)
        return self.at(approval.decided_by, division=ticket.subdistrict_id)


def _history(ids: set[int]) -> dict[int, list[Event]]:
    """Of each ticket, oldest first, only what changed something or is remembered."""
    telling = Q(data__has_key="was") | Q(verb__in=REMEMBERED)
    rows = Event.objects.filter(telling, ticket__in=ids).order_by("ticket_id", "seq")
    found: dict[int, list[Event]] = defaultdict(list)
    for row in rows.only("ticket_id", "seq", "verb", "by", "to_state", "data"):
        found[row.ticket_id].append(row)
    return found


def _helpers(
    events: Sequence[Event],
) -> tuple[dict[int, int], dict[tuple[int, datetime], set[int]]]:
    """Units by assist, and those whose assists ended with an event."""
    named = Q(pk__in=_named(events, "assist"))
    over = Q(ticket__in={event.ticket_id for event in events}, state=AssistState.CANCELLED)
    asked: dict[int, int] = {}
    cancelled: dict[tuple[int, datetime], set[int]] = defaultdict(set)
    for row in Assist.objects.filter(named | over):
        asked[row.pk] = row.unit_id
        if row.state == AssistState.CANCELLED and row.ended_at is not None:
            cancelled[row.ticket_id, row.ended_at].add(row.unit_id)
    return asked, cancelled


Followings = dict[int, list[tuple[int, datetime, datetime | None]]]


def _followers(ids: set[int]) -> tuple[Followings, Followings]:
    """关注: by person, and by reporter of whom there is no account."""
    rows = Follower.objects.filter(ticket__in=ids, reporter__isnull=False)
    people: Followings = defaultdict(list)
    others: Followings = defaultdict(list)
    for row in rows.annotate(person=F("reporter__person_id")):
        found = people if row.person else others
        who = row.person or row.reporter_id or 0
        found[row.ticket_id].append((who, row.started_at, row.ended_at))
    return people, others


def _then(following: list[tuple[int, datetime, datetime | None]], event: Event) -> list[int]:
    """Who followed when it happened."""
    return [
        who for who, begun, ended in following
        if begun <= event.at and (ended is None or ended >= event.at)
    ]  # fmt: skip


def visible(
    pairs: dict[int, set[int]], *, at: datetime
) -> tuple[dict[int, Person], set[tuple[int, int]]]:
    """看得到: active people, and which of these (person, ticket) hold, as every door asks it."""
    found: set[tuple[int, int]] = set()
    people = _with_posts(pairs, at)
    for start in range(0, len(people), CHUNK):
        parts = [
            Ticket.objects.visible_to(person, at)
            .filter(pk__in=pairs[person.pk])
            .annotate(who=Value(person.pk))
            .values_list("who", "pk")
            for person in people[start : start + CHUNK]
        ]
        found |= set(parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0])
    return {person.pk: person for person in people}, found


def _with_posts(ids: Iterable[int], at: datetime) -> list[Person]:
    """Active people with their posts of that day, as `Person.posts_at` would read them."""
    people = Person.objects.in_bulk(ids)
    active = [person for person in people.values() if person.is_active]
    read_posts(active, clock.local(at).date())
    return active


def _named(events: Iterable[Event], name: str) -> set[int]:
    return {event.data[name] for event in events if event.data.get(name)}


def _person(ref: str) -> int | None:
    kind, _separator, key = ref.partition(":")
    return int(key) if kind == "person" else None


def _some(person_id: int | None) -> tuple[int, ...]:
    return (person_id,) if person_id else NOBODY
