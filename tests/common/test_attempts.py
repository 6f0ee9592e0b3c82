"""Wrong tries are counted per address and window."""

from datetime import UTC, datetime, timedelta

import pytest

from common.attempts import Allowance, failed
from common.models import Attempts

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
THREE = Allowance("test", limit=3, window=timedelta(minutes=10))


def tries(count: int, who: str = "192.0.2.1", at: datetime = NOON) -> list[bool]:
    return [failed(THREE, who, at=at) for _try in range(count)]


def test_the_allowance_may_be_used_up() -> None:
    assert tries(4) == [False, False, False, True]


def test_another_address_has_its_own_allowance() -> None:
    tries(4)
    assert tries(1, who="192.0.2.2") == [False]


def test_a_new_window_begins_afresh() -> None:
    tries(4)
    assert tries(1, at=NOON + timedelta(minutes=10)) == [False]


def test_the_address_itself_is_not_kept() -> None:
    tries(1)
    assert "192.0.2.1" not in Attempts.objects.get().who


def test_windows_long_over_are_forgotten() -> None:
    tries(1)
    tries(1, who="192.0.2.2", at=NOON + timedelta(days=1))
    assert Attempts.objects.count() == 1
