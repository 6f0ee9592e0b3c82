"""One view of all tables, for whoever reads a lot."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

TIMEOUTS = """SELECT set_config('statement_timeout', %s, true),
set_config('idle_in_transaction_session_timeout', %s, true)"""


@contextmanager
def snapshot(*, seconds: int = 0) -> Iterator[None]:
    """快照: one view of all tables while the house goes on working; reads only.

    `seconds`: how long a statement may take, and how long the database waits for the next one.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                if seconds:
                    cursor.execute(TIMEOUTS, [f"{seconds}s", f"{seconds}s"])
        yield
