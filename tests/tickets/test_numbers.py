"""Numbers: district, local date, sequence; gapless within a day."""

from datetime import UTC, datetime, timedelta

from tests.tickets.steps import invalid
from tests.world import World
from tickets import actions
from tickets.actions import Place, bring_in
from tickets.models import NumberCounter

BEFORE_MIDNIGHT = datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in the district


def test_a_number_is_district_date_and_sequence(world: World) -> None:
    assert [world.reported().number for _turn in range(3)] == [
        "330102-20261123-00001", "330102-20261123-00002", "330102-20261123-00003",
    ]  # fmt: skip


def test_the_date_is_the_local_one(world: World) -> None:
    first = world.reported(at=BEFORE_MIDNIGHT)
    second = world.reported(at=BEFORE_MIDNIGHT + timedelta(seconds=1))
    assert [first.number, second.number] == ["330102-20261123-00001", "330102-20261124-00001"]


def test_a_refused_report_takes_no_number(world: World) -> None:
    with invalid("address"):
        world.reported(place=Place())
    assert not NumberCounter.objects.exists()
    assert world.reported().number == "330102-20261123-00001"


def test_a_historic_ticket_is_numbered_by_its_own_day(world: World) -> None:
    then = world.at - timedelta(days=400)
    ticket = bring_in(
        at=world.at, text="旧", place=world.spot, profile="old", source_id="1", reported_at=then,
        category=world.categories["litter"], ended_at=then,
    )  # fmt: skip
    assert ticket is not None
    assert ticket.number == f"330102-{then:%Y%m%d}-00001"


def test_an_open_import_is_numbered_by_the_day_it_came(world: World) -> None:
    ticket = bring_in(
        at=world.at, text="旧", place=world.spot, profile="old", source_id="1",
        reported_at=world.at - timedelta(days=400), category=None,
    )  # fmt: skip
    assert ticket is not None
    assert ticket.number == "330102-20261123-00001"


def test_more_than_a_day_can_hold_still_gets_a_number(world: World) -> None:
    world.reported()
    NumberCounter.objects.update(last=99_999)
    assert world.reported().number == "330102-20261123-100000"


def test_a_split_off_ticket_gets_a_number_of_its_own(world: World) -> None:
    new = actions.split(world.accepted(), by=world.desk, at=world.at, text="另外路灯也坏了")
    assert new.number == "330102-20261123-00002"
