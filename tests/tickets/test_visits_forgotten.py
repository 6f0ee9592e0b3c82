"""Visits are kept as long as their rule says; how many there were stays."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from common.actors import SYSTEM
from tests.tickets.test_patrols import DAY, place, visited
from tests.world import World
from tickets import actions, sweeps
from tickets.models import CheckIn, RetentionRule, Ticket, VisitCount
from tickets.models.retention import RetentionOf
from tickets.words import Origin, Source


@pytest.fixture
def rule(db: None) -> RetentionRule:
    return RetentionRule.objects.create(code="check_in", what=RetentionOf.CHECK_IN, days=180)


def counts() -> set[tuple[str, date, int, int]]:
    rows = VisitCount.objects.values_list("point__code", "month", "visits", "findings")
    return {(code, month, visits, findings) for code, month, visits, findings in rows}


@pytest.mark.usefixtures("rule")
def test_what_is_older_goes_and_is_counted_by_point_and_month(world: World) -> None:
    first, second = place(world), place(world, "P2")
    for back in (0, 1, 24):  # 23, 22 November; 30 October
        visited(world, first, world.at - back * DAY)
    visited(world, second)
    assert sweeps.run("erase", at=world.at + 179 * DAY) == 2
    november, october = date(2026, 11, 1), date(2026, 10, 1)
    assert counts() == {("P1", november, 1, 0), ("P1", october, 1, 0)}
    assert [sweeps.run("erase", at=world.at + 180 * DAY) for _turn in range(2)] == [2, 0]
    assert counts() == {("P1", november, 2, 0), ("P1", october, 1, 0), ("P2", november, 1, 0)}
    assert not CheckIn.objects.exists()


def test_without_a_rule_all_are_kept(world: World) -> None:
    visited(world, place(world))
    assert sweeps.run("erase", at=world.at + 3_000 * DAY) == 0


def found(world: World) -> Ticket:
    given = {"origin": Origin.PATROL, "source": Source.GRID_APP}
    ticket = world.verified(by=world.grid_worker, **given)
    visited(world, place(world), ticket=ticket)
    return ticket


@pytest.mark.usefixtures("rule")
def test_a_visit_with_a_finding_stays_as_long_as_its_ticket_says_what_it_was(
    world: World,
) -> None:
    ticket = found(world)
    assert sweeps.run("erase", at=world.at + 400 * DAY) == 0
    actions.erase(ticket, by=SYSTEM, at=world.at + 400 * DAY, rule="general")
    assert sweeps.run("erase", at=world.at + 400 * DAY) == 1
    assert counts() == {("P1", date(2026, 11, 1), 1, 1)}


@pytest.mark.parametrize("wrong", [{"days": 89}, {"origin": "PATROL"}, {"what": "NONE"}], ids=str)
def test_a_rule_of_visits_is_one_and_long_enough(
    rule: RetentionRule, wrong: dict[str, str]
) -> None:
    for name, value in wrong.items():
        setattr(rule, name, value)
    with pytest.raises(ValidationError):
        rule.full_clean()
