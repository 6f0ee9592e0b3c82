"""manage.py sweep --loop outlives a database that goes away."""

from datetime import datetime

import pytest
from django.db import connection

from tickets import sweeps
from tickets.management.commands.sweep import Command


def interrupted(*, at: datetime) -> int:
    """A sweep whose cursor is closed beneath it: the driver calls that an interface error."""
    cursor = connection.cursor()
    cursor.close()
    cursor.execute("SELECT 1")
    return 0


@pytest.mark.django_db(transaction=True)
def test_a_lost_cursor_is_told_and_the_loop_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sweeps.SWEEPS, "route", interrupted)
    Command()._round(["route"])
    assert "sweep: the cursor is closed" in caplog.text
