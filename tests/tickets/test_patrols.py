"""Patrol: what is due on a day, who may check in, what is kept of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError

from common import clock
from common.errors import Invalid, NotYours
from tests.world import World
from tickets import actions, patrols
from tickets.actions import Fix
from tickets.models import CheckIn, PatrolPoint
from tickets.words import Origin, Source

HERE = Fix(30.245, 120.155, 10)
DAY = timedelta(days=1)


def place(world: World, code: str = "P1", where: str = "grid", **given: Any) -> PatrolPoint:
    """A point of the first grid, every day of the week."""
    known: dict[str, Any] = {"name": f"点 {code}", "lat": 30.245, "lng": 120.155}
    return PatrolPoint.objects.create(code=code, division=world.places[where], **known | given)


def visited(world: World, point: PatrolPoint, at: datetime | None = None, **given: Any) -> CheckIn:
    """By the grid worker, at the place."""
    known: dict[str, Any] = {"way": "SPOT", "fix": HERE, "by": world.grid_worker}
    return actions.check_in(point, at=at or world.at, **known | given)


def due(world: World, at: datetime) -> list[str]:
    rounds = patrols.today(world.again("grid_worker"), at)
    return [one.point.code for one in rounds if one.stand == "DUE"]


def test_what_is_due_follows_days_and_weekdays_from_midnight_of_the_district(world: World) -> None:
    daily, weekly = place(world), place(world, "P2", every_days=7)
    place(world, "P3", weekdays="0100000")
    place(world, "P4", "other_grid")
    place(world, "P5", is_active=False)
    place(world, "P6", valid_from=(world.at + DAY).date())
    assert due(world, world.at) == ["P1", "P2"]
    visited(world, daily)
    visited(world, weekly)
    midnight = patrols.midnight(clock.local(world.at).date() + DAY)
    assert due(world, midnight - timedelta(seconds=1)) == []
    assert due(world, midnight) == ["P1", "P3", "P6"]
    assert "P2" in due(world, midnight + 6 * DAY)


def test_of_past_days_it_is_known_what_was_missed(world: World) -> None:
    point = place(world, every_days=2, weekdays="1111100")
    monday = clock.local(world.at).date()
    days = [monday + n * DAY for n in range(6)]
    found = patrols.missed(point, [days[0], days[3]], days, None)
    assert list(found.values()) == [True, None, None, True, None, None]


def test_what_nobody_visits_counts_once_in_each_period_on_its_last_day(world: World) -> None:
    """Weekly, last visited on a Wednesday, on workdays only: due from Wednesday to Tuesday."""
    point = place(world, every_days=7, weekdays="1111100")
    monday = clock.local(world.at).date()
    days = [monday + n * DAY for n in range(21)]
    seen = monday - 5 * DAY
    found = patrols.missed(point, [], days, seen)
    assert [day for day, came in found.items() if came is False] == [days[8], days[15]]
    late = patrols.missed(point, [days[8]], days, seen)
    assert {day: came for day, came in late.items() if came is not None} == {days[8]: True}
    assert patrols.open_until(point, seen, days[1]) is None
    assert patrols.open_until(point, seen, days[2]) == days[8]


def test_without_a_visit_periods_begin_on_the_first_day(world: World) -> None:
    monday = clock.local(world.at).date()
    point = place(world, every_days=3, weekdays="1111110", valid_from=monday + DAY)
    days = [monday + n * DAY for n in range(7)]
    found = patrols.missed(point, [], days, None)
    assert [day for day, came in found.items() if came is False] == [days[3], days[5]]


def test_a_visit_that_was_not_asked_for_only_moves_the_next(world: World) -> None:
    monday = clock.local(world.at).date()
    days = [monday + n * DAY for n in range(5)]
    found = patrols.missed(place(world, every_days=2), days[:2], days, None)
    assert list(found.values()) == [True, None, None, None, False]


def test_a_visit_is_kept_with_what_shows_it(world: World) -> None:
    point = place(world)
    seen = world.at - timedelta(hours=20)
    row = visited(world, point, observed_at=seen)
    assert (row.at, row.visited_at, row.is_claimed) == (world.at, seen, True)
    assert (row.metres, row.accuracy_m, row.is_far, row.ticket) == (0, 10, False, None)


@pytest.mark.parametrize(
    ("fix", "is_far"),
    [
        (Fix(30.2457, 120.155, 30), False),  # 78 m away, which 60 m and 30 m allow
        (Fix(30.2462, 120.155, 30), True),
        (Fix(30.2462, 120.155, 500), None),
        (Fix(30.245, 120.155, None), False),
    ],
)
def test_what_is_too_far_is_kept_and_marked(world: World, fix: Fix, is_far: bool | None) -> None:
    assert visited(world, place(world), fix=fix).is_far is is_far


def test_a_code_has_to_be_the_one_on_the_wall(world: World) -> None:
    point = place(world)
    assert visited(world, point, way="QR", mark=point.mark, fix=None).is_far is None
    with pytest.raises(Invalid) as refused:
        visited(world, point, way="QR", mark="0" * 32)
    assert refused.value.field == "mark"
    with pytest.raises(Invalid):
        visited(world, point, way="SPOT", fix=None)


@pytest.mark.parametrize(
    ("who", "is_theirs"), [("other_grid_worker", False), ("desk", False), ("community_lead", True)]
)
def test_only_who_walks_there_checks_in(world: World, who: str, is_theirs: bool) -> None:
    point = place(world)
    if is_theirs:
        assert visited(world, point, by=world.people[who]).person == world.people[who]
        return
    with pytest.raises(NotYours):
        visited(world, point, by=world.people[who])


def test_a_finding_names_ones_own_report(world: World) -> None:
    point = place(world)
    given: dict[str, Any] = {"origin": Origin.PATROL, "source": Source.GRID_APP}
    ticket = world.reported(by=world.grid_worker, **given)
    assert visited(world, point, ticket=ticket).ticket == ticket
    with pytest.raises(Invalid) as refused:
        visited(world, point, ticket=world.reported(by=world.community_lead, **given))
    assert refused.value.field == "ticket"


def test_the_same_key_is_one_visit(world: World) -> None:
    point = place(world)
    first = visited(world, point, idempotency_key="12345678")
    again = visited(world, point, world.at + 9 * DAY, idempotency_key="12345678")
    assert (again, CheckIn.objects.count()) == (first, 1)


def test_a_visit_is_never_changed(world: World) -> None:
    visited(world, place(world))
    with pytest.raises(ProgrammingError, match="Cannot update"):
        CheckIn.objects.update(metres=0)


def test_a_visit_is_not_deleted_by_hand(world: World) -> None:
    visited(world, place(world))
    with pytest.raises(ProgrammingError, match="Cannot delete"):
        CheckIn.objects.all().delete()
