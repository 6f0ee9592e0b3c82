"""评分卡: each share counted by hand, and as many rows behind it as it says."""

from typing import Any

import pytest

from tests.figures.counting import DAY, page, scope
from tests.figures.test_behind import BUSY, WHERE, days, later
from tests.tickets.pages import entered, statements, text_of
from tests.tickets.steps import rework
from tests.world import World
from tickets import actions
from tickets.figures import behind, cards, counting
from tickets.figures.cards import Card
from tickets.models import FigureRule, Ticket
from tickets.rates import Rate

__all__ = ["later"]
CARDS = "/figures/cards/"


def shares(world: World, card: Card) -> dict[int | None, Rate]:
    """Of each unit, street or grid."""
    asked = scope(world)
    found = [*cards.units(asked, counting.count(asked)), *cards.desks(asked), *cards.grids(asked)]
    return {row.key: row.rates[card] for row in found if card in row.rates}


def test_a_result_that_came_back_is_rework(world: World) -> None:
    squad = world.units["squad"].pk
    rework(world, world.resolved())
    world.verified()
    assert shares(world, Card.REWORKED) == {squad: Rate(1, 2)}


def sent_back(world: World) -> Ticket:
    """To the squad and back."""
    ticket = world.dispatched()
    actions.send_back(
        ticket, by=world.handler, at=world.at, reason="NOT_OURS", text="不属本队职责范围"
    )
    approval = ticket.approvals.get()
    actions.countersign(approval, by=world.head, at=world.at)
    actions.grant(approval, by=world.shift_leader, at=world.at)
    return ticket


def test_what_was_sent_back_counts_against_unit_and_desk(world: World) -> None:
    squad, office = world.units["squad"].pk, world.units["office"].pk
    world.dispatched()
    sent_back(world)
    actions.redirect(
        world.dispatched(),
        by=world.desk,
        at=world.at,
        unit=world.units["office"],
        text="应由街道办",
    )
    assert shares(world, Card.RETURNED) == {squad: Rate(2, 3), office: Rate(1, 1)}
    placed = shares(world, Card.PLACED)[world.places["street"].pk]
    assert (placed.met, placed.due) == (1, 4)


def test_patrols_are_judged_by_what_held_and_what_others_found(world: World) -> None:
    grid = world.reported().division_id
    found = world.reported(origin="PATROL", by=world.grid_worker)
    assert shares(world, Card.VALID) == {grid: Rate(1, 1)}
    assert shares(world, Card.FOUND) == {grid: Rate(1, 2)}
    approval = _declined(world, found)
    actions.grant(approval, by=world.shift_leader, at=world.at)
    assert shares(world, Card.VALID) == {grid: Rate(0, 1)}


def _declined(world: World, ticket: Ticket) -> Any:
    actions.decline(
        ticket, by=world.desk, at=world.at, reason="BEYOND",
        answer="这件事不归本区管，请拨打 96310 反映。",
    )  # fmt: skip
    return ticket.approvals.get()


def test_the_score_goes_by_the_weights_of_the_law(world: World) -> None:
    rework(world, world.resolved())
    asked = scope(world, at=world.at + 30 * DAY)
    (row,) = cards.units(asked, counting.count(asked))
    assert (row.resolved, row.rates[Card.RETURNED], row.score) == (Rate(0, 1), Rate(1, 1), 25)
    FigureRule.objects.create(code="card_returned", value=75, text="试")
    (row,) = cards.units(asked, counting.count(asked))
    assert row.score == 50


def test_without_a_part_there_is_no_score(world: World) -> None:
    world.dispatched()
    asked = scope(world, at=world.at + DAY / 24)
    (row,) = cards.units(asked, counting.count(asked))
    assert row.score is None


@BUSY
@pytest.mark.parametrize("card", Card)
def test_number_and_list_agree(later: World, card: Card) -> None:
    told = list(shares(later, card).values())
    parts = {
        "due": sum(one.due for one in told), "met": sum(int(one.met) for one in told),
        "missed": sum(one.missed for one in told),
    }  # fmt: skip
    for part, many in parts.items():
        assert behind.rows(scope(later), card, part).count() == many
        answer = page(later, "district_leader", WHERE, **days(later), m=card, part=part)
        assert text_of(answer).count('class="board-link"') == many


@BUSY
def test_a_grids_rows_are_its_own(later: World) -> None:
    code = later.reported().division.code
    listed = page(later, "district_leader", WHERE, **days(later), m="found", grid=code)
    elsewhere = later.places["other_street"].code
    none = page(later, "district_leader", WHERE, **days(later), m="found", grid=elsewhere)
    assert 'class="board-link"' in text_of(listed)
    assert 'class="board-link"' not in text_of(none)


@BUSY
def test_the_page_costs_the_same_however_much_there_is(later: World) -> None:
    client = entered(later.again("district_leader"))
    few = statements(client, CARDS, since="2026-01-01", until="2026-01-02")
    many = statements(client, CARDS, **days(later))
    assert few == many <= 13
    assert "准确派遣率" in text_of(client.get(CARDS, days(later)))
