"""Which clocks a move starts, ends, pauses and resumes, and when they are due. Pure.

DESIGN §3.2: `resolve` starts at dispatch and belongs to a leg; `total` spans the cycle; every
other state has the clock of `states.STATE_CLOCK`, started on entering and ended on leaving.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from grids import hours
from tickets.states import ENDED, STATE_CLOCK, State
from tickets.words import Promise

LEG = frozenset({Promise.CLAIM, Promise.RESOLVE, Promise.ARRIVE})
ALL = frozenset(Promise)
L = TypeVar("L", bound="Version")
MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_AN_HOUR = 3_600_000_000
NEW_CYCLE = frozenset({"object", "unmerge", "reopen"})
CANCELS = frozenset({"send_back", "redirect", "withdraw", "void", "merge", "close"})
"""Verbs that leave a state without having kept its promise: its clock is cancelled, not met."""


@dataclass(frozen=True)
class Plan:
    """时钟安排: what happens to which promise at one move."""

    meet: frozenset[Promise] = frozenset()
    meet_as_resolved: frozenset[Promise] = frozenset()
    cancel: frozenset[Promise] = frozenset()
    pause: frozenset[Promise] = frozenset()
    run: frozenset[Promise] = frozenset()
    start: frozenset[Promise] = frozenset()


def plan(verb: str, frm: State | None, to: State, *, is_urgent: bool) -> Plan:
    """安排: the clock plan of a move; a verb that keeps the state mostly has none."""
    if verb == "redirect":
        return Plan(cancel=LEG, start=_leg(is_urgent))
    if verb == "arrive":
        return Plan(meet=frozenset({Promise.ARRIVE}))
    if frm == to:
        return Plan()
    if to in ENDED:
        return _ending(verb, frm, to)
    left = frozenset({STATE_CLOCK[frm]} if frm in STATE_CLOCK else ())
    start = frozenset({STATE_CLOCK[to]} if to in STATE_CLOCK else ())
    if frm is None or verb in NEW_CYCLE:
        return Plan(meet=left, cancel=ALL - left, start=start | {Promise.TOTAL})
    return _within(verb, left, start, is_urgent)


def _within(
    verb: str, left: frozenset[Promise], start: frozenset[Promise], is_urgent: bool
) -> Plan:
    spans = frozenset({Promise.RESOLVE, Promise.TOTAL, Promise.ASSIST, Promise.ARRIVE})
    resolve, total = frozenset({Promise.RESOLVE}), frozenset({Promise.TOTAL})
    match verb:
        case "dispatch":
            return Plan(meet=left, start=_leg(is_urgent))
        case "send_back":
            return Plan(cancel=LEG, start=start)
        case "suspend":
            return Plan(pause=spans, start=start)
        case "resume":
            return Plan(meet=left, run=spans)
        case "resolve":
            return Plan(pause=resolve, cancel=frozenset({Promise.ARRIVE}), start=start)
        case "rework":
            return Plan(meet=left, run=resolve, start=start)
        case "verify":
            return Plan(meet=left, meet_as_resolved=resolve, start=start)
        case "answer" | "reply":
            return Plan(meet=left | total, start=start)
        case _:
            return Plan(meet=left, start=start)


def _ending(verb: str, frm: State | None, to: State) -> Plan:
    if frm is None:  # historic import: no clocks at all
        return Plan()
    left = frozenset({STATE_CLOCK[frm]} if frm in STATE_CLOCK else ())
    if verb in CANCELS:
        met = frozenset({Promise.TOTAL}) if to == State.CLOSED else frozenset()
        return Plan(meet=met, cancel=ALL - met)
    return Plan(meet=left, cancel=ALL - left)


def _leg(is_urgent: bool) -> frozenset[Promise]:
    return LEG if is_urgent else LEG - {Promise.ARRIVE}


class Limit(Protocol):
    """时限: what deadlines reads of a TimeLimit row."""

    value: Decimal
    kind: str
    counting: str
    calendar: str


class Version(Limit, Protocol):
    """一版时限: and from when to when it holds."""

    valid_from: date | None
    valid_to: date | None


def limit_for(
    limits: Mapping[tuple[str, int | None, str], Sequence[L]],
    promise: Promise,
    category_chain: tuple[int, ...],
    urgency: str,
    *,
    day: date,
) -> L | None:
    """取时限: most specific wins: minor before major before any, then urgency before any.

    Of each the newest version in force on `day`, the day on which the clock starts.
    """
    for category_id in (*category_chain, None):
        for wanted in (urgency, ""):
            found = in_force(limits.get((promise, category_id, wanted), ()), day)
            if found is not None:
                return found
    return None


def in_force(versions: Sequence[L], day: date) -> L | None:
    """施行中: of the versions, newest first, the one that holds on that day."""
    for row in versions:
        if row.valid_from is None or row.valid_from <= day:
            return row if row.valid_to is None or day < row.valid_to else None
    return None


def due(start: datetime, limit: Limit, calendar: hours.CalendarSpec) -> datetime:
    """到期: start + limit."""
    return hours.add(start, budget(limit), calendar)


def half(start: datetime, limit: Limit, calendar: hours.CalendarSpec) -> datetime:
    """过半: when half the limit is used up, in the limit's own time."""
    part = hours.Budget(limit.value / 2, hours.Kind(limit.kind))
    return hours.add(start, part, calendar)


def between(start: datetime, end: datetime, limit: Limit, calendar: hours.CalendarSpec) -> datetime:
    """居中: half of what is left of a limit that ends at `end`, in the limit's own time."""
    if limit.kind in (hours.Kind.URGENT_HOUR, hours.Kind.NATURAL_DAY):
        return start + (end - start) / 2
    left = Decimal((hours.elapsed(start, end, calendar) / 2) // MICROSECOND)
    part = hours.Budget(left / MICROSECONDS_AN_HOUR, hours.Kind.WORK_HOUR)
    return hours.add(start, part, calendar)


def budget(limit: Limit) -> hours.Budget:
    """额度 of a limit row or a clock's snapshot."""
    return hours.Budget(limit.value, hours.Kind(limit.kind), hours.Counting(limit.counting))
