"""What time does by itself: steps that come due, and dates that follow their calendar."""

from datetime import datetime, timedelta

from django.db import transaction

from common.actors import SYSTEM
from common.rows import write
from tickets.actions import _timers
from tickets.actions._dates import Dates
from tickets.actions._firing import BATCH as BATCH
from tickets.actions._firing import due_ids as due_ids
from tickets.actions._firing import fire as fire
from tickets.actions._move import hand, lock
from tickets.models import Clock, Ticket, Timer
from tickets.models.clock import ClockState
from tickets.models.timer import TimerState

A_MOMENT = timedelta(seconds=1)


def recompute(ticket: Ticket, *, at: datetime) -> Ticket:
    """重算: dates by the calendars of now, recorded; never into a breach that none could avoid."""
    with hand(ticket, "recompute", by=SYSTEM, at=at) as h:
        h.clocks.follow_calendars()
    return ticket


def live(ticket: Ticket, *, until: datetime) -> None:
    """经过: every step of one ticket at its own instant, as if the sweep had come each time."""
    armed = Timer.objects.filter(ticket=ticket, state=TimerState.ARMED, due_at__lt=until)
    while (due_at := armed.order_by("due_at").values_list("due_at", flat=True).first()) is not None:
        fire([ticket.pk], at=min(due_at + A_MOMENT, until))


def is_armed(clock: Clock, timer: Timer | None, dates: Dates, *, at: datetime) -> bool:
    """定时是否对: of this generation, and the next step by the plan of now; a due one is left."""
    if timer is None or (timer.generation, timer.due_at) != (clock.generation, clock.next_at):
        return False
    if timer.due_at <= at:
        return True
    step = dates.course(clock).next(at, fired_nth=clock.fired_nth)
    known = timer.nth, timer.again, timer.verb, timer.due_at
    return known == (step.nth, step.again, step.verb, step.due_at)


def rearm(ticket: Ticket, *, at: datetime) -> None:
    """补定时: clocks whose timer is gone or by an older plan; nothing of theirs was lost."""
    with transaction.atomic():
        locked = lock(ticket)
        clocks = list(locked.clocks.filter(state=ClockState.RUNNING))
        armed = _timers.armed_of(locked)
        dates, missing = Dates(locked), []
        for clock in clocks:
            if not is_armed(clock, armed.get(clock.pk), dates, at=at):
                step = dates.course(clock).next(at, fired_nth=clock.fired_nth)
                clock.next_at = step.due_at
                clock.generation += 1  # by another plan or calendar a step may come once more
                missing.append(_timers.live(clock, step))
        write(clocks, ("next_at", "generation"))
        _timers.save(missing)
