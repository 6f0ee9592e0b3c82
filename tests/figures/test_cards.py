"""评分卡: each share counted by hand, and as many rows behind it as it says."""

import pytest

from tests.exports.reading import csv_rows, export
from tests.figures.counting import DAY, page, scope
from tests.figures.test_behind import BUSY, WHERE, days, later
from tests.tickets.pages import entered, statements, text_of
from tests.tickets.steps import rework
from tests.world import World
from tickets import actions
from tickets.figures import behind, cards
from tickets.figures.cards import Card
from tickets.models import Export, FigureRule, Ticket
from tickets.rates import Rate

__all__ = ["later"]
CARDS = "/figures/cards/"


def shares(world: World, card: Card) -> dict[int | None, Rate]:
    """Of each unit, street or grid."""
    asked = scope(world)
    found = [*cards.units(asked), *cards.desks(asked), *cards.grids(asked)]
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
    assert (placed.met, placed.due) == (2, 4)


def test_a_dispatch_was_wrong_where_another_unit_had_it_after(world: World) -> None:
    """Five due, one with another unit after it; back to the same unit is no other."""
    world.dispatched()
    again, other = sent_back(world), sent_back(world)
    for ticket, unit in ((again, "squad"), (other, "fire")):
        actions.dispatch(
            ticket,
            by=world.desk,
            at=world.at + DAY / 24,
            unit=world.units[unit],
            text="重新派单",
        )
    assert shares(world, Card.PLACED)[world.places["street"].pk] == Rate(4, 5)


def test_patrols_are_judged_by_what_held_and_what_others_found(world: World) -> None:
    grid = world.accepted().division_id
    world.accepted(origin="PATROL", by=world.grid_worker)
    world.reported()  # nobody knows yet whether there is anything to be missed
    assert shares(world, Card.VALID) == {grid: Rate(1, 1)}
    assert shares(world, Card.FOUND) == {grid: Rate(1, 2)}
    _declined(world, world.reported(origin="PATROL", by=world.grid_worker))
    assert shares(world, Card.VALID) == {grid: Rate(1, 2)}
    assert shares(world, Card.FOUND) == {grid: Rate(1, 2)}


def _declined(world: World, ticket: Ticket) -> None:
    actions.decline(
        ticket, by=world.desk, at=world.at, reason="BEYOND",
        answer="这件事不归本区管，请拨打 96310 反映。",
    )  # fmt: skip
    actions.grant(ticket.approvals.get(), by=world.shift_leader, at=world.at)


def test_the_score_goes_by_the_weights_of_the_law(world: World) -> None:
    rework(world, world.resolved())
    asked = scope(world, at=world.at + 30 * DAY)
    (row,) = cards.units(asked)
    assert (row.resolved, row.rates[Card.RETURNED], row.score) == (Rate(0, 1), Rate(1, 1), 25)
    FigureRule.objects.create(code="card_returned", value=75, text="试")
    (row,) = cards.units(asked)
    assert row.score == 50


def test_cards_are_taken_along_with_what_each_share_is_made_of(nine: World) -> None:
    rework(nine, nine.resolved())
    nine.verified()
    asked = days(nine)
    told = csv_rows(export(nine, "leader", "cards", **asked))[0]
    assert (told["分组"], told["名称"], told["得分"]) == ("单位", nine.units["squad"].name, "")
    assert [told[f"返工率{part}"] for part in ("", "：分子", "：分母")] == ["0.5", "1", "2"]
    assert [told[f"退单率{part}"] for part in ("", "：分子", "：分母")] == ["0.0", "0", "2"]
    assert told["按时处置率：分母"] == "0"
    row = Export.objects.get()
    assert (row.what, row.asked["since"]) == ("CARDS", asked["since"])
    assert export(nine, "desk", "cards", **asked).status_code == 403


def test_without_a_part_there_is_no_score(world: World) -> None:
    world.dispatched()
    asked = scope(world, at=world.at + DAY / 24)
    (row,) = cards.units(asked)
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
