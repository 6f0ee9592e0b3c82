"""Sweeps of time: due steps, dates that follow their calendar, and whether all of it adds up."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet

from common.logs import told
from common.rows import rows
from grids import calendars, hours
from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tickets.actions import timing
from tickets.actions._dates import Dates, read_pauses
from tickets.models import Clock, Pause, Ticket, Timer
from tickets.models.clock import ClockState, Scope
from tickets.models.timer import TimerState
from tickets.reckoning import Dates as Found
from tickets.sweeps.each import FAILURES, each
from tickets.words import Promise

log = logging.getLogger(__name__)
KIND = "sweep:timers"
CHUNK = 500
WRONG, BROKEN = "deadline", "sweep:reconcile"
DIFFERS = "到期时间与按起点、时限、日历、暂停算出的不符，请用 explain_deadline 查看。"
Pauses = dict[int, list[hours.Pause]]


def fire(*, at: datetime) -> int:
    """到点: every due step of every clock; returns how many tickets were looked at."""
    done, failed = 0, set[int]()
    while ids := timing.due_ids(at, but=failed):
        try:
            looked = timing.fire(ids, at=at)
        except (InterfaceError, OperationalError):
            raise  # the database is away: later
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
    """重算: clocks whose calendar has changed since; those with the same dates are only noted."""
    return each("recompute", _outdated(), lambda ticket: _follow(ticket, at), at)


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
        except (InterfaceError, OperationalError):
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
        old |= Q(calendar=code, computed_rev__lt=revision) & ~Q(promise=Promise.TOTAL)
    clocks = Clock.objects.filter(old, ended_at=None, state=ClockState.RUNNING)
    return Ticket.objects.filter(pk__in=clocks.values("ticket_id"))


def _follow(ticket: Ticket, at: datetime) -> None:
    dates = Dates(ticket)
    clocks = list(ticket.clocks.filter(state=ClockState.RUNNING))
    if any(_promises(_found(dates, clock, at)) != _promises(_kept(clock)) for clock in clocks):
        timing.recompute(ticket, at=at)
    for clock in clocks:
        soon_at = dates.of(clock, at=at).soon
        # whoever changes the clock meanwhile reckons it anew
        old = Clock.objects.filter(pk=clock.pk, generation=clock.generation, ended_at=None)
        old.update(computed_rev=dates.revision(clock), soon_at=soon_at)
        if soon_at != clock.soon_at and clock.scope == Scope.LEAD:
            shown = Ticket.objects.filter(pk=ticket.pk, due_at=clock.due_at)
            shown.filter(due_promise=clock.promise).update(soon_at=soon_at)


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
    armed = {pk: rest for pk, *rest in timers.values_list("clock_id", "generation", "due_at")}
    for ticket in tickets:
        mine = clocks[ticket.pk]
        try:
            if any(armed.get(one.pk) != [one.generation, one.next_at] for one in mine):
                timing.rearm(ticket, at=at)
            if not _adds_up(ticket, mine, pauses, at) and not _adds_up_now(ticket, at):
                yield WRONG, ticket.number, DIFFERS
        except (InterfaceError, OperationalError):
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
        return _adds_up(found[0], clocks, _pauses_of(clocks), at)


def _adds_up(ticket: Ticket, clocks: list[Clock], pauses: Pauses, at: datetime) -> bool:
    dates = Dates(ticket)
    dates.know(pauses)
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
