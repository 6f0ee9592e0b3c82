"""Sweeps of time: due steps, dates that follow their calendar, and whether all of it adds up."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet

from common.logs import told
from common.rows import rows
from grids import calendars
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

    A missing timer is armed again; a date that differs is told to a person, never changed.
    """
    read, wrong = 0, set[str]()
    for tickets in _chunks():
        read += len(tickets)
        wrong |= _reconcile(tickets, at)
    known = Incident.objects.filter(kind="deadline", ended_at=None)
    for number in set(known.values_list("subject", flat=True)) - wrong:
        end_incident("deadline", number, at=at)
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
    if any(_found(dates, clock, at) != _kept(clock) for clock in clocks):
        timing.recompute(ticket, at=at)
    for clock in clocks:
        # whoever changes the clock meanwhile reckons it anew
        old = Clock.objects.filter(pk=clock.pk, generation=clock.generation, ended_at=None)
        old.update(computed_rev=dates.revision(clock))


def _chunks() -> Iterator[list[Ticket]]:
    after = 0
    while tickets := rows(
        Ticket, "WHERE ended_at IS NULL AND id > %s ORDER BY id LIMIT %s", [after, CHUNK]
    ):
        after = tickets[-1].pk
        yield tickets


def _reconcile(tickets: list[Ticket], at: datetime) -> set[str]:
    ids = [ticket.pk for ticket in tickets]
    clocks: dict[int, list[Clock]] = defaultdict(list)
    for clock in rows(Clock, "WHERE ticket_id = ANY(%s) AND state = 'RUNNING'", [ids]):
        clocks[clock.ticket_id].append(clock)
    paused = [one.pk for some in clocks.values() for one in some if one.has_paused]
    pauses = read_pauses(Pause.objects.filter(clock__in=paused)) if paused else {}
    armed = dict(
        Timer.objects.filter(ticket__in=ids, state=TimerState.ARMED)
        .values_list("clock_id", "generation")
    )  # fmt: skip
    wrong = set()
    for ticket in tickets:
        dates = Dates(ticket)
        dates.know(pauses)
        if any(armed.get(one.pk) != one.generation for one in clocks[ticket.pk]):
            timing.rearm(ticket, at=at)
        if not _adds_up(ticket, clocks[ticket.pk], dates, at):
            detail = "到期时间与按起点、时限、日历、暂停算出的不符，请用 explain_deadline 查看。"
            raise_incident("deadline", ticket.number, detail=detail, at=at)
            wrong.add(ticket.number)
    return wrong


def _adds_up(ticket: Ticket, clocks: list[Clock], dates: Dates, at: datetime) -> bool:
    current = [one for one in clocks if one.computed_rev >= dates.revision(one)]
    lead = [one.due_at for one in clocks if one.scope == Scope.LEAD]
    is_earliest = bool(lead) and ticket.due_at == min(lead)
    return is_earliest and all(_found(dates, one, at) == _kept(one) for one in current)


def _found(dates: Dates, clock: Clock, at: datetime) -> Found:
    return dates.of(clock, at=at)


def _kept(clock: Clock) -> Found:
    return Found(clock.due_at, clock.soon_at, clock.legal_due_at, clock.is_provisional)
