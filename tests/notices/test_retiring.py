"""How long notices are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from notices import retiring
from notices.models import Notice
from tests.factories import PersonFactory
from tests.notices.posting import announced, deliver, group, outlet, states
from tests.races import race
from tests.servers.dingtalk import DingTalkServer
from tests.world import World

__all__ = ["group"]
pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def told(days: float, read_days: float | None = None, *, times: int = 1) -> None:
    """Notices of so many days ago, read so many days ago."""
    read_at = None if read_days is None else AT - timedelta(days=read_days)
    person, first = PersonFactory(), Notice.objects.count()
    Notice.objects.bulk_create(
        Notice(event_id=first + n, ticket_id=1, person=person, role="DESK",
               at=AT - timedelta(days=days), read_at=read_at)
        for n in range(times)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "read_days", "is_kept"),
    [
        (91, 91, False), (91, 89, True), (89, 89, True), (364, None, True), (366, None, False),
        (400, 1, True), (400, 91, False),
    ],
)  # fmt: skip
def test_what_was_read_goes_earlier_than_what_was_not(
    days: float, read_days: float | None, is_kept: bool
) -> None:
    told(days, read_days)
    assert retiring.sweep(at=AT) == (not is_kept)
    assert Notice.objects.exists() == is_kept


def test_all_batches_go_and_a_second_sweep_has_nothing_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(366, times=7)
    told(3, times=2)
    monkeypatch.setattr(retiring, "BATCH", 3)
    assert [retiring.sweep(at=AT), retiring.sweep(at=AT)] == [7, 0]
    assert Notice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_remove_each_notice_once() -> None:
    told(366, times=50)
    done = race(*[lambda: retiring.sweep(at=AT)] * 2)
    assert sum(done) == 50
    assert not Notice.objects.exists()


def test_deliveries_go_once_they_are_over(world: World, group: DingTalkServer) -> None:
    outlet(group, rate_per_minute=2)
    announced(world, 4)
    deliver(world)
    announced(world)
    assert sorted(states()) == ["DIGESTED", "DIGESTED", "SENT", "SENT", "WAITING"]
    retiring.sweep(at=world.at + timedelta(days=90))
    assert len(states()) == 5
    retiring.sweep(at=world.at + timedelta(days=91))
    assert states() == ["WAITING"]
