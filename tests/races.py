"""Real races: every call runs in a thread of its own, on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def on_own_connection(call: Callable[[], Any]) -> Any:
    """Run and give the connection back, so that the test database can be dropped."""
    try:
        return call()
    finally:
        connection.close()


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Start all at the same moment; what each returned or raised, in the order of the calls."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        def started() -> Any:
            connection.ensure_connection()
            barrier.wait()
            return call()

        return on_own_connection(started)

    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(run, call) for call in calls]
        return [future.exception() or future.result() for future in futures]


def start(call: Callable[[], Any]) -> "Future[Any]":
    """One call beside the test; ask the future for its result."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(on_own_connection, call)
    pool.shutdown(wait=False)
    return future


def until_somebody_waits_for_a_lock(tries: int = 5000) -> None:
    """Return as soon as another session of this database waits for a lock."""
    for _try in range(tries):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits for a lock.")
