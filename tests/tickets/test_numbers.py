"""Numbers: district, local date, sequence; gapless."""

from datetime import UTC, datetime

import pytest

from common.errors import Invalid
from tests.world import World
from tickets import actions
from tickets.models import NumberCounter, Ticket


def test_a_number_is_district_date_and_sequence(world: World) -> None:
    assert world.reported().number == "330102-20261123-00001"


def test_the_next_one_counts_on(world: World) -> None:
    world.reported()
    assert world.reported().number == "330102-20261123-00002"


@pytest.mark.parametrize(
    ("hour", "day"), [(15, "20261123"), (16, "20261124")]  # 23:00 and 24:00 in the district
)  # fmt: skip
def test_the_date_is_the_local_one(world: World, hour: int, day: str) -> None:
    ticket = world.reported(at=datetime(2026, 11, 23, hour, 0, tzinfo=UTC))
    assert ticket.number == f"330102-{day}-00001"


def test_a_refused_report_leaves_no_gap(world: World) -> None:
    with pytest.raises(Invalid):
        world.reported(text=" ")
    assert not NumberCounter.objects.exists()
    assert world.reported().number.endswith("00001")


def test_a_split_ticket_gets_a_number_of_its_own(world: World) -> None:
    ticket = world.accepted()
    actions.split(ticket, by=world.desk, at=world.at, text="另外路灯也坏了")
    assert Ticket.objects.order_by("id").last().number.endswith("00002")  # type: ignore[union-attr]
