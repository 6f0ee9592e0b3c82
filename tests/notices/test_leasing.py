"""What is due to leave the house is found without looking at what has left it."""

from datetime import UTC, datetime, timedelta

import pytest

from notices import leasing
from notices.leasing import Destination
from notices.models import Delivery, DeliveryState
from tests.factories import PersonFactory
from tests.plans import reads

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
S = DeliveryState
EMAIL = Destination("EMAIL", None, 10)


def many(count: int, state: DeliveryState, not_before: datetime) -> None:
    """Letters to one person."""
    first, person = Delivery.objects.count(), PersonFactory()
    Delivery.objects.bulk_create(
        Delivery(
            event_id=nth, ticket_id=1, channel="EMAIL", person=person, role="DESK", state=state,
            dedupe_key=f"letter {nth}", made_at=AT, not_before=not_before,
            sent_at=AT if state == S.SENT else None,
        )
        for nth in range(first, first + count)
    )  # fmt: skip


@pytest.fixture
def ten_due() -> None:
    """Of many that left and some that wait for the morning."""
    many(2000, S.SENT, AT - HOUR)
    many(300, S.WAITING, AT + HOUR)
    many(10, S.WAITING, AT - HOUR)


@pytest.mark.usefixtures("ten_due")
def test_only_what_is_due_is_counted() -> None:
    (read,) = reads(lambda: leasing.destinations(AT), "notices_delivery")
    assert (read.index, read.rows) == ("delivery_due", 10)


@pytest.mark.usefixtures("ten_due")
def test_only_what_is_due_is_leased() -> None:
    found = reads(lambda: leasing.lease(EMAIL, 3, at=AT - HOUR / 2), "notices_delivery")
    assert "delivery_due" in {read.index for read in found}
    assert all(read.index and read.rows <= 10 for read in found)
