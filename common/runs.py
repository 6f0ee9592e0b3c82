"""What became of each sweep, noted at both ends of every run; health reads it."""

import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import Error

from common.models import SweepRun


def noted(name: str, sweep: Callable[..., int], *, at: datetime) -> int:
    """记录清扫: run it; a failure is noted, too, and goes on to whoever asked."""
    SweepRun.objects.bulk_create(
        [SweepRun(name=name, began_at=at)],
        update_conflicts=True, unique_fields=["name"], update_fields=["began_at"],
    )  # fmt: skip
    row, began = SweepRun.objects.filter(name=name), time.monotonic()
    try:
        rows = sweep(at=at)
    except Exception as error:
        with suppress(Error):  # where the database is the trouble
            row.update(failed_at=at, fault=_fault(error), lasted_ms=_ms(began))
        raise
    lasted = _ms(began)
    done_at = at + timedelta(milliseconds=lasted)
    row.update(done_at=done_at, rows=rows, lasted_ms=lasted, fault="")
    return rows


def _ms(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _fault(error: Exception) -> str:
    """Kind and place only: a message may quote a row."""
    steps = traceback.extract_tb(error.__traceback__)
    place = f" {steps[-1].name}:{steps[-1].lineno}" if steps else ""
    return f"{type(error).__name__}{place}"[:200]
