"""Sweeps of time: due steps, dates that follow their calendar, and whether all of it adds up."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from common.away import AWAY
from common.logs import told
from common.rows import rows, write
from grids import calendars, hours
from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tickets.actions import timing
from tickets.actions._dates import Dates, read_pauses
from tickets.models import Clock, Pause, Ticket, Timer
from tickets.models.clock import ClockState, Scope
from tickets.models.timer import TimerState
from tickets.reckoning import Dates as Found
from tickets.sweeps.each import FAILURES, each, pages
from tickets.words import Promise

log = logging.getLogger(__name__)
KIND = "sweep:timers"
CHUNK = 500
PAGE = 200
SECONDS = 20.0
WRONG, BROKEN = "deadline", "sweep:reconcile"
DIFFERS = "到期时间与按起点、时限、日历、暂停算出的不符，请用 explain_deadline 查看。"
SINGLE = tuple(one for one in Promise if one != Promise.TOTAL)
"""Of one calendar each."""
Pauses = dict[int, list[hours.Pause]]


def fire(*, at: datetime) -> int:
    """到点: every due step of every clock; returns how many tickets were looked at."""
    done, failed = 0, set[int]()
    while ids := timing.due_ids(at, but=failed):
        try:
            looked = timing.fire(ids, at=at)
        except AWAY:
            raise  # later
        except Exception:
            log.exception("timers: a batch, now one by one")
            looked = _one_by_one(ids[: timing.BATCH], failed, at=at)
        if not looked:
            break
        done += len(looked)
    _end_incidents(at)
    return done


def oldest(*, at: datetime) -> datetime | None:
    """最早应发: since when a step waits."""
    due = Timer.objects.filter(state=TimerState.ARMED, due_at__lte=at).order_by("due_at", "id")
    return due.values_list("due_at", flat=True).first()


def recompute(*, at: datetime) -> int:
    """重算: clocks whose calendar has changed since, the next to be due first.

    Those with the same dates are only noted, together. Stops after a while; the next round finds
    the rest, so that whatever shares the loop waits no longer than that.
    """
    done, until = 0, time.monotonic() + SECONDS
    for tickets in pages(_outdated(), "due_at", PAGE):
        same = _same(tickets, at)
        noted = {ticket.pk for ticket, _clocks in same}
        _note(same)
        moved = Ticket.objects.filter(pk__in=[one.pk for one in tickets if one.pk not in noted])
        done += len(noted)
        done += each("recompute", moved, partial(timing.recompute, at=at), at, by="id")
        if time.monotonic() > until:
            break
    return done


def reconcile(*, at: datetime) -> int:
    """核对: every open ticket: dates as they compute, timers armed; returns how many were read.

    A missing timer is armed again; a date that differs is told to a person, never changed; one
    that cannot be computed holds up no other.
    """
    read = 0
    wrong: dict[str, set[str]] = {WRONG: set(), BROKEN: set()}
    for tickets in _chunks():
        read += len(tickets)
        for kind, number, detail in _reconcile(tickets, at):
            raise_incident(kind, number, detail=detail, at=at)
            wrong[kind].add(number)
    for kind, numbers in wrong.items():
        known = Incident.objects.filter(kind=kind, ended_at=None)
        for number in set(known.values_list("subject", flat=True)) - numbers:
            end_incident(kind, number, at=at)
    return read


def _one_by_one(ids: Iterable[int], failed: set[int], *, at: datetime) -> list[int]:
    done = []
    for pk in ids:
        try:
            done += timing.fire([pk], at=at)
        except AWAY:
            raise
        except Exception as error:
            number = Ticket.objects.values_list("number", flat=True).get(pk=pk)
            log.exception("timers: %s", number)
            raise_incident(KIND, number, detail=told(error), at=at, nth=FAILURES)
            failed.add(pk)
            done.append(pk)
    return done


def _end_incidents(at: datetime) -> None:
    open_ones = Incident.objects.filter(kind=KIND, ended_at=None)
    for number in open_ones.values_list("subject", flat=True):
        due = Timer.objects.filter(ticket__number=number, state=TimerState.ARMED, due_at__lte=at)
        if not due.exists():
            end_incident(KIND, number, at=at)


def _outdated() -> QuerySet[Ticket]:
    """Tickets with an open clock that was reckoned by an older revision of what it hangs on."""
    old = Q(promise=Promise.TOTAL, computed_rev__lt=calendars.revision())
    for code, revision in calendars.revisions().items():
        # by name, not "all but": the index begins with the promise
        old |= Q(promise__in=SINGLE, calendar=code, computed_rev__lt=revision)
    clocks = Clock.objects.filter(old, ended_at=None, state=ClockState.RUNNING)
    return Ticket.objects.filter(pk__in=clocks.values("ticket_id"))


def _same(tickets: list[Ticket], at: datetime) -> list[tuple[Ticket, list[Clock]]]:
    """不变: those none of whose dates moved, with what is to be noted on their clocks."""
    running = _running([ticket.pk for ticket in tickets])
    pauses = _pauses_of([one for some in running.values() for one in some])
    found = []
    for ticket in tickets:
        clocks, dates = running[ticket.pk], Dates(ticket)
        dates.know(pauses)
        try:
            new = [_found(dates, clock, at) for clock in clocks]
        except AWAY:
            raise
        except Exception:
            continue  # the action fails in the same way, and that is told
        if [_promises(one) for one in new] == [_promises(_kept(clock)) for clock in clocks]:
            for clock, one in zip(clocks, new, strict=True):
                clock.soon_at, clock.computed_rev = one.soon, dates.revision(clock)
            found.append((ticket, clocks))
    return found


def _note(same: list[tuple[Ticket, list[Clock]]]) -> None:
    """只记修订, and when the light turns yellow, where nobody moved the clock meanwhile."""
    shown = []
    for ticket, clocks in same:
        for clock in clocks:
            is_shown = (clock.promise, clock.due_at) == (ticket.due_promise, ticket.due_at)
            if is_shown and clock.scope == Scope.LEAD and clock.soon_at != ticket.soon_at:
                ticket.soon_at = clock.soon_at
                shown.append(ticket)
    clocks = [one for _ticket, some in same for one in some]
    write(clocks, ("computed_rev", "soon_at"), same=("generation",))
    write(shown, ("soon_at",), same=("due_at", "due_promise"))


def _chunks() -> Iterator[list[Ticket]]:
    after = 0
    while tickets := rows(
        Ticket, "WHERE ended_at IS NULL AND id > %s ORDER BY id LIMIT %s", [after, CHUNK]
    ):
        after = tickets[-1].pk
        yield tickets


def _reconcile(tickets: list[Ticket], at: datetime) -> Iterator[tuple[str, str, str]]:
    """Incidents to be raised: kind, ticket and what is wrong."""
    ids = [ticket.pk for ticket in tickets]
    clocks = _running(ids)
    pauses = _pauses_of([one for some in clocks.values() for one in some])
    timers = Timer.objects.filter(ticket__in=ids, state=TimerState.ARMED)
    armed = {timer.clock_id: timer for timer in timers}
    for ticket in tickets:
        mine, dates = clocks[ticket.pk], Dates(ticket)
        dates.know(pauses)
        try:
            if not all(timing.is_armed(one, armed.get(one.pk), dates, at=at) for one in mine):
                timing.rearm(ticket, at=at)
            if not _adds_up(ticket, mine, dates, at) and not _adds_up_now(ticket, at):
                yield WRONG, ticket.number, DIFFERS
        except AWAY:
            raise
        except Exception as error:
            log.exception("reconcile: %s", ticket.number)
            yield BROKEN, ticket.number, told(error)


def _running(ids: list[int]) -> dict[int, list[Clock]]:
    found: dict[int, list[Clock]] = defaultdict(list)
    for clock in rows(Clock, "WHERE ticket_id = ANY(%s) AND state = 'RUNNING'", [ids]):
        found[clock.ticket_id].append(clock)
    return found


def _pauses_of(clocks: list[Clock]) -> Pauses:
    paused = [one.pk for one in clocks if one.has_paused]
    return read_pauses(Pause.objects.filter(clock__in=paused)) if paused else {}


def _adds_up_now(ticket: Ticket, at: datetime) -> bool:
    """Once more while nobody can move it; one that ended meanwhile owes nothing."""
    with transaction.atomic():
        found = rows(Ticket, "WHERE id = %s AND ended_at IS NULL FOR UPDATE", [ticket.pk])
        if not found:
            return True
        clocks = _running([ticket.pk])[ticket.pk]
        dates = Dates(found[0])
        dates.know(_pauses_of(clocks))
        return _adds_up(found[0], clocks, dates, at)


def _adds_up(ticket: Ticket, clocks: list[Clock], dates: Dates, at: datetime) -> bool:
    current = [one for one in clocks if one.computed_rev >= dates.revision(one)]
    lead = [one.due_at for one in clocks if one.scope == Scope.LEAD]
    is_earliest = bool(lead) and ticket.due_at == min(lead)
    return is_earliest and all(_found(dates, one, at) == _kept(one) for one in current)


def _promises(found: Found) -> tuple[object, ...]:
    """What people were told; when a light turns yellow is no promise."""
    return found.due, found.legal_due, found.is_provisional


def _found(dates: Dates, clock: Clock, at: datetime) -> Found:
    return dates.of(clock, at=at)


def _kept(clock: Clock) -> Found:
    return Found(clock.due_at, clock.soon_at, clock.legal_due_at, clock.is_provisional)
