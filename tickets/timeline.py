"""The record told to a person: names instead of references, and the words they may read."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import known
from grids.models import Person, Unit
from tickets import deeds, law, permits, standing
from tickets.attachments.showing import Shown
from tickets.models import Client, Event, FollowKey, Ticket, Words
from tickets.models.queries import TicketQuerySet
from tickets.standing import Group, Reader
from tickets.states import State, Who
from tickets.tellings import OTHERS, details
from tickets.words import PUBLIC_WORDS, WordsKind

PUBLIC_VERBS = frozenset(
    {"report", "accept", "answer", "decline", "object", "merge", "unmerge", "withdraw",
     "dispatch", "redirect", "claim", "inquire", "inform", "extend", "suspend", "resume",
     "resolve", "verify", "rework", "reply", "rate", "reopen", "uphold", "close", "urge", "void",
     "attach"}
)  # fmt: skip
"""What a reporter is told of; all else is internal."""
ONES_OWN = frozenset({"inform", "urge", "rate", "attach"})
"""What one reporter or follower says is not another's business."""
ICONS = {
    "report": "message", "settle": "message", "import": "archive", "confirm": "eye",
    "accept": "check", "answer": "message", "decline": "ban", "object": "flag",
    "merge": "git-merge", "unmerge": "arrows-split", "split": "arrows-split", "link": "link",
    "attach": "paperclip",
    "follow": "user-plus", "acknowledge": "eye", "withdraw": "arrow-back-up", "amend": "edit",
    "dispatch": "route", "redirect": "route", "claim": "user-check", "assign": "user-check",
    "hand_over": "users", "release": "arrow-back-up", "contact": "phone", "arrive": "map-pin",
    "phone": "phone", "note": "edit", "inquire": "help", "inform": "message",
    "send_back": "arrow-back-up", "enlist": "users", "answer_assist": "users",
    "waive_assist": "users", "extend": "clock", "suspend": "player-pause",
    "resume": "player-play", "resolve": "checklist", "verify": "shield-check",
    "rework": "refresh", "reply": "send", "rate": "star", "follow_up": "phone",
    "reopen": "refresh", "uphold": "shield-check", "close": "lock", "void": "ban",
    "urge": "bell-ringing", "supervise": "flag", "answer_supervision": "flag",
    "lift_supervision": "flag", "ask": "rubber-stamp", "countersign": "rubber-stamp",
    "grant": "rubber-stamp", "refuse": "rubber-stamp", "erase": "eye-off",
}  # fmt: skip
STEPS = frozenset({"remind", "warn", "escalate"})
"""What time does by itself."""
TONES = {
    "remind": "info", "warn": "warn",
    "accept": "good", "resolve": "good", "verify": "good", "reply": "good", "close": "good",
    "grant": "good", "rework": "warn", "urge": "warn", "send_back": "warn", "extend": "warn",
    "suspend": "warn", "ask": "info", "report": "info", "dispatch": "info", "claim": "info",
    "decline": "bad", "void": "bad", "refuse": "bad", "supervise": "bad", "escalate": "bad",
}  # fmt: skip
FOLLOWERS_WORDS = frozenset({WordsKind.ANSWER, WordsKind.FACTS, WordsKind.COMMENT})
"""Of facts and comments only one's own are told."""
AT_THE_HEAD = frozenset({WordsKind.REPORT, WordsKind.PLACE})
SOMEBODY = gettext_lazy("工作人员")


@dataclass(frozen=True)
class Line:
    """一条记录, ready to be shown."""

    seq: int
    at: datetime
    title: str
    who: str
    icon: str
    tone: str
    details: list[str]
    words: list[tuple[str, str]]
    files: list[Shown] = field(default_factory=list)
    verb: str = ""
    from_state: str = ""
    to_state: str = ""
    times: int = 1
    since: datetime | None = None  # the first of them


@dataclass(frozen=True)
class Read:
    """读出的记录: events and their words, oldest first."""

    events: list[Event]
    words: list[Words]


@dataclass
class Names:
    """名称: what the references in events stand for; four statements, however many events."""

    people: dict[int, Person] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)
    tickets: dict[int, str] = field(default_factory=dict)  # only those this person may see
    tells_concerned: bool = False
    rules: dict[int, str] = field(default_factory=dict)
    clients: dict[int, str] = field(default_factory=dict)


def lines(
    ticket: Ticket, person: Reader, *, at: datetime, after: int = 0, until: int | None = None,
    files: dict[int, list[Shown]] | None = None, read: Read | None = None,
) -> list[Line]:  # fmt: skip
    """时间线: what happened, oldest first; what the person may not read is left out.

    `after`, `until`: only events past that sequence number, up to this one. `files`: what may
    be shown, by event. `read`: the record, where it was read already.
    """
    standings = standing.of(person, ticket, at=at)
    is_reporter_only = _is_reporter_only(standings)
    with_words = may_read_any(person, ticket, at=at)
    read = read or _read(ticket, after, until, with_words=with_words)
    events = [event for event in read.events if event.seq > after]
    if is_reporter_only:
        own = _own_refs(ticket, person, standings)
        events = [event for event in events if _is_told(event, own)]
    groups = standing.sees(person, ticket, at=at)
    can_read = Group.WORDS in groups
    visible = Ticket.objects.visible_to(person, at)
    names = names_of(events, visible, can_read=can_read)
    of_public = PUBLIC_WORDS if can_read else FOLLOWERS_WORDS
    words = _words(read, of_public if is_reporter_only else None) if with_words else {}
    told = []
    for event in events:
        who = who_of(event, ticket, names, groups, is_reporter_only)
        facts = [] if is_reporter_only else details(event, names)
        told.append(
            Line(
                event.seq, event.at, title_of(event), who, ICONS.get(event.verb, "circle-dot"),
                TONES.get(event.verb, "neutral"), facts, words.get(event.pk, []),
                (files or {}).get(event.pk, []) if event.seq > 1 else [],
                event.verb, event.from_state, event.to_state,
            )
        )  # fmt: skip
    return told


def folded(told: list[Line]) -> list[Line]:
    """折叠: what time said again and again about one limit is one line, with how often."""
    found: list[Line] = []
    run: dict[tuple[str, tuple[str, ...]], Line] = {}
    for line in told:
        if line.verb not in STEPS:
            found += [*run.values(), line]
            run.clear()
            continue
        key = line.verb, tuple(line.details[:1])
        before = run.pop(key, None)
        if before is not None:
            since = before.since or before.at
            line = replace(line, times=before.times + 1, since=since)
        run[key] = line
    return [*found, *run.values()]


def _own_refs(ticket: Ticket, person: Reader, standings: frozenset[Who]) -> frozenset[str]:
    """What stands in the record for this reporter or follower."""
    keys = FollowKey.objects.filter(ticket=ticket, follower=None)
    if Who.REPORTER not in standings:
        keys = keys.none()
    return frozenset({person.actor_ref, *(f"key:{pk}" for pk in keys.values_list("pk", flat=True))})


def _is_told(event: Event, own: frozenset[str]) -> bool:
    return event.verb in PUBLIC_VERBS and (event.verb not in ONES_OWN or event.by in own)


def title_of(event: Event) -> str:
    if event.verb == "ask":
        return deeds.asked(event.data.get("kind", ""))
    title = deeds.lapsed(event.verb, event.data) or deeds.done(event.verb)
    if event.from_state and event.from_state != event.to_state:
        return f"{title} → {State(event.to_state).label}"
    return title


def who_of(event: Event, ticket: Ticket, names: Names, groups: Any, is_reporter_only: bool) -> str:
    """操作人, and for whom where somebody stood in."""
    kind, _sep, key = event.by.partition(":")
    if kind == "system":
        return _("系统")
    if kind == "key":
        return _("诉求人")
    if kind == "client":
        return names.clients.get(int(key)) or _("来源系统")
    person = names.people.get(int(key))
    if person is not None and person.pk == ticket.reporter_person_id:
        return person.name if Group.REPORTER in groups else _("诉求人")
    if person is None or is_reporter_only:
        return str(SOMEBODY)
    absent = names.people.get(event.data.get("for") or 0)
    if absent is None:
        return person.name
    return standing_in(person.name, absent.name)


def standing_in(name: str, absent: str) -> str:
    """代办: who did it, and for whom."""
    return _("%(name)s（代 %(absent)s）") % {"name": name, "absent": absent}


def may_read_any(person: Reader, ticket: Ticket, *, at: datetime) -> bool:
    """有字可读: whether any words of the record are this person's to read."""
    is_readable = Group.WORDS in standing.sees(person, ticket, at=at)
    return is_readable or _is_reporter_only(standing.of(person, ticket, at=at))


def _is_reporter_only(standings: frozenset[Who]) -> bool:
    return bool(standings) and standings <= permits.OUTSIDE


def _read(ticket: Ticket, after: int, until: int | None, *, with_words: bool) -> Read:
    events = ticket.events.filter(seq__gt=after).order_by("seq")
    words = Words.objects.filter(ticket=ticket, event__seq__gt=after).order_by("id")
    if until is not None:
        events, words = events.filter(seq__lte=until), words.filter(event__seq__lte=until)
    return Read(list(events), list(words) if with_words else [])


def _words(read: Read, kinds: Container[str] | None) -> dict[int, list[tuple[str, str]]]:
    reasoned = {event.pk for event in read.events if event.data.get("reason")}
    births = {event.pk for event in read.events if event.seq == 1}
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in read.words:
        # the report itself and its place stand at the head of the page
        is_above = row.event_id in births and row.kind in AT_THE_HEAD
        if not is_above and (kinds is None or row.kind in kinds):
            found[row.event_id].append((_label(row, reasoned), _said(row)))
    return found


def _label(row: Words, reasoned: Container[int]) -> str:
    """Beside a reason from the list its words explain it; alone they are the reason."""
    if row.kind == WordsKind.REASON and row.event_id in reasoned:
        return _("说明")
    return str(row.get_kind_display())


def _said(row: Words) -> str:
    if not row.salt:
        return _("已按规定脱敏")
    if row.kind != WordsKind.PLACE:
        return row.text
    point, _sep, address = row.text.partition("|")
    return " ".join(part for part in (address, "" if point == "-" else point) if part)


def names_of(events: Iterable[Event], visible: TicketQuerySet, *, can_read: bool) -> Names:
    people: set[int] = set()
    units: set[int] = set()
    tickets: set[int] = set()
    rules: set[int] = set()
    clients: set[int] = set()
    for event in events:
        kind, _sep, key = event.by.partition(":")
        if kind in ("person", "client"):
            (people if kind == "person" else clients).add(int(key))
        data = event.data
        people.add(data.get("for") or 0)
        for values in (data.get("set", {}), data.get("was", {})):
            people.add(values.get("handler_id") or 0)
            units.add(values.get("unit_id") or 0)
            units.add((can_read and values.get("about_unit_id")) or 0)
            people.add((can_read and values.get("about_person_id")) or 0)
        units.add(data.get("unit") or 0)
        tickets |= {data.get(name) or 0 for name in OTHERS}
        tickets.add(data.get("set", {}).get("merged_into_id") or 0)
        because = data.get("because", {})
        rules |= {because.get("rule") or 0, because.get("second") or 0}
    others = visible.filter(pk__in=tickets - {0}) if tickets - {0} else visible.none()
    return Names(
        Person.objects.in_bulk(people - {0}),
        known.some(Unit, units - {0}),
        dict(others.values_list("pk", "number")),
        can_read,
        {rule.pk: str(rule) for rule in law.rules() if rule.pk in rules},
        {pk: row.name for pk, row in Client.objects.in_bulk(clients).items()},
    )
