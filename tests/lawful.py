"""The cache of the rule tables works in tests as in life, but a test may write rules as it likes.

A clerk's change raises a stamp; a test that writes a rule by itself need not think of that. Tests
that drop the cache's memory at each write would hide a forgotten stamp: those of the admin and of
the loaders ask for `stamps_only`.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from common import law

TABLES = (
    "grids_division", "grids_unit", "grids_workcalendar", "grids_calendar", "grids_standin",
    "tickets_category", "tickets_timelimit", "tickets_routingrule", "tickets_approvalrule",
    "tickets_verifyrule", "tickets_reasoncode", "tickets_hollowphrase", "tickets_sourcepolicy",
    "tickets_retentionrule", "tickets_standardanswer", "tickets_checklistline",
    "tickets_escalation", "tickets_figurerule",
)  # fmt: skip
WRITES = re.compile(rf'\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\b.*?"?({"|".join(TABLES)})')
COUNTED = ('SET "dispatched" =', 'SET "wrong" =')
"""What dispatching and redirecting count on a rule is no change of the rule."""


@pytest.fixture(autouse=True)
def law_as_written(request: pytest.FixtureRequest) -> Iterator[None]:
    if "stamps_only" in request.fixturenames:
        law.cache.clear()
        yield
        law.cache.clear()
    else:
        with as_written():
            yield


@contextmanager
def as_written() -> Iterator[None]:
    """What is written is the law at once."""
    law.cache.clear()
    with connection.execute_wrapper(_forget):
        yield
    law.cache.clear()


@pytest.fixture
def stamps_only() -> None:
    """Only a raised stamp tells of a change, as in life."""


def _forget(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    try:
        return execute(sql, params, many, context)
    finally:
        if isinstance(sql, str) and WRITES.match(sql) and not any(c in sql for c in COUNTED):
            law.cache.clear()
