"""Time in bulk: very many steps come due at once, all dates are looked at, a calendar changes."""

import multiprocessing
import resource
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from benchmarks import filling, floor_due, joining, running_out
from benchmarks.families import is_settled
from benchmarks.load import Loader
from benchmarks.measuring import write
from common import clock
from grids import calendars
from grids.models import CalendarDay, CalendarYear, WorkCalendar
from notices.models import Incident
from tickets.actions import timing
from tickets.models import Clock, Ticket, Timer
from tickets.models.clock import ClockState
from tickets.models.timer import TimerState
from tickets.sweeps import timing as sweeping

SECONDS = 20.0
SPREAD = timedelta(hours=12)
Tell = Callable[[str], None]
Found = dict[str, float]
Fire = Callable[[datetime, float], Found]


def fill(count: int, *, at: datetime, tell: Tell) -> None:
    """备料: at least so many open tickets, none of which a sweep would move at once."""
    missing = count - Ticket.objects.open().count()
    if missing > 0:
        models = [
            one
            for one in filling.models()
            if is_settled(one) and one.open_count == len(one.tickets) == 1
        ]
        Loader(filling.address(), at, tell).clone(missing, models, spread=SPREAD)
    tell(f"  {Ticket.objects.open().count():,} open tickets")


def run(*, at: datetime, tell: Tell, seconds: float = SECONDS, processes: int = 2) -> None:
    """量: all dates looked at; one calendar changed; steps by one process, by several, bare."""
    running_out.settle(at)
    found: dict[str, Any] = {
        "open": Ticket.objects.open().count(),
        "armed": Timer.objects.filter(state=TimerState.ARMED).count(),
        "reconcile": _reconcile(at), "recompute": _recompute(at, seconds),
    }  # fmt: skip
    for name in ("reconcile", "recompute"):
        tell(f"  {name:10} {_told(found[name])}")
    ways: dict[str, Fire] = {"alone": _alone, "floor": floor_due.fire}
    if processes > 1:
        ways["together"] = partial(_together, processes)
    for nth, (name, fire) in enumerate(ways.items()):
        running_out.run_out(at, nth, len(ways))
        found[name] = fire(at, seconds)
        tell(f"  {name:10} {_told(found[name])}")
    found["processes"] = processes
    for name in ways.keys() - {"floor"}:
        share = found[name]["a_second"] / found["floor"]["a_second"]
        found[f"{name}_of_floor"] = round(share, 2)
        tell(f"  {name:10} {share:.2f} of the floor")
    write(found, "due")


def _told(found: Found) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:,g}" for name, value in found.items())


def _alone(at: datetime, seconds: float) -> Found:
    before, begun = _fired(), time.monotonic()
    _fire_until(at, begun + seconds)
    return _speed(_fired() - before, begun)


def _together(processes: int, at: datetime, seconds: float) -> Found:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes + 1)
    with ProcessPoolExecutor(processes, context, joining.begin, (ready,)) as pool:
        parts = [pool.submit(_for_a_while, at, seconds) for _process in range(processes)]
        ready.wait()
        before, begun = _fired(), time.monotonic()
        for part in parts:
            part.result()
        return _speed(_fired() - before, begun)


def _for_a_while(at: datetime, seconds: float) -> None:
    _fire_until(at, time.monotonic() + seconds)


def _fire_until(at: datetime, until: float) -> None:
    while time.monotonic() < until and (ids := timing.due_ids(at)):
        timing.fire(ids, at=at)


def _fired() -> int:
    return Timer.objects.filter(state=TimerState.FIRED).count()


def _reconcile(at: datetime) -> Found:
    before, begun = _mebibytes(), time.monotonic()
    found = _speed(sweeping.reconcile(at=at), begun)
    told = Incident.objects.filter(kind=sweeping.WRONG, ended_at=None).count()
    return found | {"told": told, "more_MiB": round(_mebibytes() - before, 1)}


def _recompute(at: datetime, seconds: float) -> Found:
    """A day off more in the calendar that most of them hang on."""
    running = Clock.objects.filter(state=ClockState.RUNNING).order_by()
    ((code, _clocks),) = Counter(running.values_list("calendar", flat=True)).most_common(1)
    _close(code, at)
    before, begun, done = _mebibytes(), time.monotonic(), 0
    while time.monotonic() - begun < seconds and (more := sweeping.recompute(at=at)):
        done += more
    return _speed(done, begun) | {"more_MiB": round(_mebibytes() - before, 1)}


def _close(code: str, at: datetime) -> None:
    calendar, day = WorkCalendar.objects.get(code=code), clock.local(at).date()
    known = set(CalendarDay.objects.values_list("date", flat=True))
    while day in known or day.weekday() > 4:
        day += timedelta(days=1)
    year, _made = CalendarYear.objects.get_or_create(year=day.year)
    CalendarDay.objects.create(year=year, date=day, kind="OFF", name="停工", calendar=calendar)
    calendars.touched([code])


def _speed(count: int, begun: float) -> Found:
    seconds = time.monotonic() - begun
    return {
        "done": count, "seconds": round(seconds, 1), "a_second": round(count / seconds),
    }  # fmt: skip


def _mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
