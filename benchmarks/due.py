"""Time in bulk: very many steps come due at once, all dates are looked at, a calendar changes."""

import multiprocessing
import os
import resource
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from benchmarks import filling, floor_due, joining, running_out, usage
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


class Watch:
    """秒表: time, and processor time of ours and of the database, whatever else runs here."""

    def __init__(self) -> None:
        self.begun, self.used = time.monotonic(), _used()

    def told(self, done: int) -> Found:
        """So many done: how many a second, and milliseconds of processor for each."""
        seconds, used = time.monotonic() - self.begun, _used()
        each = {
            f"{name}_cpu_ms": round((used[name] - before) * 1000 / max(done, 1), 2)
            for name, before in self.used.items()
        }
        return {
            "done": done,
            "seconds": round(seconds, 1),
            "a_second": round(done / seconds),
            **each,
        }


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
    ways: dict[str, Fire] = {"alone": _alone, "floor": _bare}
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
    before, watch = _fired(), Watch()
    _fire_until(at, time.monotonic() + seconds)
    return watch.told(_fired() - before)


def _bare(at: datetime, seconds: float) -> Found:
    watch = Watch()
    return watch.told(floor_due.fire(at, seconds))


def _together(processes: int, at: datetime, seconds: float) -> Found:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes + 1)
    with ProcessPoolExecutor(processes, context, joining.begin, (ready,)) as pool:
        parts = [pool.submit(_for_a_while, at, seconds) for _process in range(processes)]
        ready.wait()
        before, watch = _fired(), Watch()
        for part in parts:
            part.result()
        return watch.told(_fired() - before)


def _for_a_while(at: datetime, seconds: float) -> None:
    _fire_until(at, time.monotonic() + seconds)


def _fire_until(at: datetime, until: float) -> None:
    while time.monotonic() < until and (ids := timing.due_ids(at)):
        timing.fire(ids, at=at)


def _fired() -> int:
    return Timer.objects.filter(state=TimerState.FIRED).count()


def _reconcile(at: datetime) -> Found:
    before, watch = _mebibytes(), Watch()
    found = watch.told(sweeping.reconcile(at=at))
    told = Incident.objects.filter(kind=sweeping.WRONG, ended_at=None).count()
    return found | {"told": told, "more_MiB": round(_mebibytes() - before, 1)}


def _recompute(at: datetime, seconds: float) -> Found:
    """A day off more in the calendar that most of them hang on."""
    running = Clock.objects.filter(state=ClockState.RUNNING).order_by()
    ((code, _clocks),) = Counter(running.values_list("calendar", flat=True)).most_common(1)
    _close(code, at)
    before, watch, done = _mebibytes(), Watch(), 0
    until = time.monotonic() + seconds
    while time.monotonic() < until and (more := sweeping.recompute(at=at)):
        done += more
    return watch.told(done) | {"more_MiB": round(_mebibytes() - before, 1)}


def _close(code: str, at: datetime) -> None:
    calendar, day = WorkCalendar.objects.get(code=code), clock.local(at).date()
    known = set(CalendarDay.objects.values_list("date", flat=True))
    while day in known or day.weekday() > 4:
        day += timedelta(days=1)
    year, _made = CalendarYear.objects.get_or_create(year=day.year)
    CalendarDay.objects.create(year=year, date=day, kind="OFF", name="停工", calendar=calendar)
    calendars.touched([code])


def _used() -> dict[str, float]:
    known = {"our": os.getpid(), "database": usage.processes().get("database")}
    return {name: usage.cpu(pid) for name, pid in known.items() if pid}


def _mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
