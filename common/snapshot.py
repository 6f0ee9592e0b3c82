"""One view of all tables, for whoever reads a lot."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

from common import law

TIMEOUTS = """SELECT set_config('statement_timeout', %s, true),
set_config('idle_in_transaction_session_timeout', %s, true)"""


@contextmanager
def snapshot(*, seconds: int = 0) -> Iterator[None]:
    """快照: one view of all tables while the house goes on working; reads only.

    `seconds`: how long a statement may take, and how long the database waits for the next one.
    """
    is_outermost = not connection.in_atomic_block
    view = law.cache.in_older_view() if is_outermost else nullcontext()
    with view, transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                if seconds:
                    cursor.execute(TIMEOUTS, [f"{seconds}s", f"{seconds}s"])
        yield
