"""Due timers in bulk: every open ticket's clocks run out at once; then the sweep comes."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import django
import psycopg
from django.db import connection

from benchmarks import filling, floor_due
from benchmarks.families import is_settled
from benchmarks.load import Loader
from benchmarks.measuring import write
from common.rows import rows
from common.rows import write as write_rows
from tickets.actions import timing
from tickets.actions._dates import Dates
from tickets.models import Clock, Ticket, Timer
from tickets.models.timer import TimerState
from tickets.sweeps import timing as sweeping

SECONDS = 20.0
SPREAD = timedelta(hours=12)
Tell = Callable[[str], None]

RUN_OUT = (
    # told dates add up wherever a clone was moved to; no pause moves them any more
    "UPDATE tickets_clock SET has_paused = false, extended = '', grace_from = NULL,"
    " grace_until = NULL, legal_value = NULL, legal_kind = '', legal_counting = '',"
    " legal_due_at = NULL, legal_breached_at = NULL WHERE state = 'RUNNING'",
    "UPDATE tickets_clock SET counted_from = %(at)s::timestamptz - interval '10 days',"
    " breached_at = breached_at, fired_nth = 2, soon_at = %(at)s::timestamptz - interval '2 days',"
    " due_at = %(at)s::timestamptz - interval '1 second' * (id %% 60),"
    " next_at = %(at)s::timestamptz - interval '1 second' * (id %% 60) WHERE state = 'RUNNING'",
    "UPDATE tickets_clock SET terms = '@' || to_char(due_at AT TIME ZONE 'UTC',"
    " 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || '+00:00' WHERE state = 'RUNNING'",
    "UPDATE tickets_timer t SET due_at = c.due_at, nth = 3, again = 0, verb = 'warn'"
    " FROM tickets_clock c WHERE c.id = t.clock_id AND t.state = 'ARMED'",
    "UPDATE tickets_ticket t SET due_at = c.due_at, soon_at = c.soon_at, due_promise = c.promise"
    " FROM (SELECT DISTINCT ON (ticket_id) * FROM tickets_clock"
    "  WHERE state = 'RUNNING' AND scope = 'LEAD' ORDER BY ticket_id, due_at, id) c"
    " WHERE c.ticket_id = t.id AND t.ended_at IS NULL",
)


def fill(count: int, *, at: datetime, tell: Tell) -> None:
    """备料: at least so many open tickets."""
    missing = count - Ticket.objects.open().count()
    if missing > 0:
        models = [
            one
            for one in filling.models()
            if is_settled(one) and one.open_count == len(one.tickets) == 1
        ]
        loader = Loader(filling.address(), at, tell)
        loader.clone(missing, models, spread=SPREAD)
    tell(f"  {Ticket.objects.open().count():,} open tickets")


def run(*, at: datetime, tell: Tell) -> None:
    """量: one process, two, bare SQL, and the reconciling of all that is open."""
    found: dict[str, Any] = {"open": Ticket.objects.open().count()}
    for name, fire in (("one", _alone), ("two", _both), ("floor", floor_due.fire)):
        _run_out(at)
        found[name] = fire(at, SECONDS)
        tell(f"  {name:6} {found[name]['timers_a_second']:,} timers a second")
    found["ratio"] = round(found["one"]["timers_a_second"] / found["floor"]["timers_a_second"], 2)
    _agree(at)
    found["reconcile"] = _reconcile(at)
    tell(f"  reconcile {found['reconcile']}")
    write(found, "due")


def _run_out(at: datetime) -> None:
    """到期: the overdue step of every running clock is due."""
    with psycopg.connect(filling.address()) as owner:
        owner.execute("SET session_replication_role = replica")
        for sql in RUN_OUT:
            owner.execute(sql, {"at": at})
        owner.execute("ANALYZE tickets_clock")
        owner.execute("ANALYZE tickets_timer")


def _alone(at: datetime, seconds: float) -> dict[str, float]:
    before, begun = _fired(), time.monotonic()
    _fire_until(at, begun + seconds)
    return _speed(before, time.monotonic() - begun)


def _both(at: datetime, seconds: float) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context, initializer=django.setup) as pool:
        list(pool.map(_ready, range(2)))
        before, begun = _fired(), time.monotonic()
        list(pool.map(_for_a_while, [at] * 2, [seconds] * 2))
        return _speed(before, time.monotonic() - begun)


def _ready(_nth: int) -> int:
    return Ticket.objects.open().exists()


def _for_a_while(at: datetime, seconds: float) -> None:
    _fire_until(at, time.monotonic() + seconds)


def _fire_until(at: datetime, until: float) -> None:
    while time.monotonic() < until and (ids := timing.due_ids(at)):
        timing.fire(ids, at=at)


def _fired() -> int:
    return Timer.objects.filter(state=TimerState.FIRED).count()


def _speed(before: int, seconds: float) -> dict[str, float]:
    fired = _fired() - before
    return {
        "timers": fired, "seconds": round(seconds, 1), "timers_a_second": round(fired / seconds),
    }  # fmt: skip


def _agree(at: datetime) -> None:
    """Dates of the clones by the calendars of now, as reconciling finds them."""
    after, ticket = 0, Ticket()
    dates = Dates(ticket)
    while clocks := rows(
        Clock, "WHERE state = 'RUNNING' AND id > %s ORDER BY id LIMIT 5000", [after]
    ):
        after = clocks[-1].pk
        for clock in clocks:
            dates.reckon(clock, at=at)
        write_rows(clocks, ("due_at", "soon_at", "is_provisional", "computed_rev"))


def _reconcile(at: datetime) -> dict[str, float]:
    before, begun = _rss(), time.monotonic()
    read = sweeping.reconcile(at=at)
    seconds = time.monotonic() - begun
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM notices_incident WHERE kind = 'deadline' AND ended_at IS NULL"
        )
        told = cursor.fetchone()[0]
    return {
        "tickets": read, "seconds": round(seconds, 1), "tickets_a_second": round(read / seconds),
        "told": told, "more_mebibytes": round(_rss() - before, 1),
    }  # fmt: skip


def _rss() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
