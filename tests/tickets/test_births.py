"""有报必接: how a ticket comes to be: report, settle, import."""

from datetime import timedelta
from typing import Any

import pytest

from common.actors import SYSTEM
from grids.models import Post
from tests.files import settled
from tests.tickets.steps import (
    DAY,
    HOUR,
    clock,
    invalid,
    not_yours,
    now_impossible,
    said,
)
from tests.world import MONDAY_NINE, World
from tickets import actions
from tickets.actions import Place
from tickets.actions.intake import _is_drawn
from tickets.models import Clock, FollowKey, Reporter, Ticket
from tickets.states import State
from tickets.words import Promise, WordsKind

REPORT: dict[str, Any] = {"text": "路灯不亮", "source": "PAGE", "origin": "RESIDENT"}


def settle(world: World, **given: Any) -> Ticket:
    values: dict[str, Any] = {
        "by": world.grid_worker, "at": world.at, "text": "楼道纸箱", "place": world.spot,
        "category": world.categories["litter"], "result": "当场劝导清走",
        "files": settled(),
    } | given  # fmt: skip
    return actions.settle(**values)


def bring(world: World, **given: Any) -> Ticket | None:
    values: dict[str, Any] = {
        "at": world.at, "text": "旧系统的来信", "place": Place(address="湖滨路"), "profile": "old",
        "source_id": "A-1", "reported_at": world.at - 30 * DAY,
        "category": world.categories["litter"],
    } | given  # fmt: skip
    return actions.bring_in(**values)


# --- report 上报


def test_a_report_waits_for_the_desk_in_the_grid_of_its_point(world: World) -> None:
    ticket, token = actions.report(by=SYSTEM, at=world.at, place=world.spot, **REPORT)
    assert (ticket.state, ticket.turn) == (State.REPORTED, "DESK")
    assert ticket.division == world.places["grid"]
    assert token


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "字" * 20_001}, "text"),
        ({"text": "半个字 \ud83d"}, "text"),
        ({"place": Place()}, "address"),
        ({"place": Place(lat=30.2)}, "point"),
        ({"place": Place(lat=91.0, lng=120.0)}, "point"),
        ({"place": Place(lat=30.2, lng=120.1, datum="MARS")}, "datum"),
        ({"place": Place(address="长" * 201)}, "address"),
        ({"source": "PIGEON"}, "source"),
        ({"origin": "GHOST"}, "origin"),
        ({"nature": "RAGE"}, "nature"),
        ({"urgency": "NOW"}, "urgency"),
    ],
)
def test_a_report_that_cannot_be_kept_names_its_field(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    with invalid(field):
        actions.report(by=SYSTEM, at=world.at, **{"place": world.spot, **REPORT, **wrong})
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("name", ["street_order", "litter"])
def test_only_a_minor_category_in_use_is_taken(world: World, name: str) -> None:
    category = world.categories[name]
    category.is_active = name != "litter"
    with invalid("category"):
        world.reported(category=category)


def test_the_same_key_twice_is_one_ticket(world: World) -> None:
    first = world.reported_with_key(idempotency_key="a1")
    second = world.reported_with_key(idempotency_key="a1")
    assert first[0] == second[0]
    assert (bool(first[1]), second[1]) == (True, "")


def test_the_same_key_with_another_report_is_refused(world: World) -> None:
    world.reported(idempotency_key="a1")
    with invalid("idempotency_key"):
        world.reported(idempotency_key="a1", nature="TIP")
    assert Ticket.objects.count() == 1


def test_a_residents_own_report_belongs_to_their_account(world: World) -> None:
    ticket, _token = actions.report(by=world.resident, at=world.at, place=world.spot, **REPORT)
    assert ticket.reporter_person == world.resident


def test_who_takes_a_report_down_is_not_its_reporter(world: World) -> None:
    assert world.reported().reporter_person is None


@pytest.mark.parametrize("origin", ["PATROL", "MACHINE"])
def test_a_find_of_our_own_has_neither_reporter_nor_key(world: World, origin: str) -> None:
    ticket, token = world.reported_with_key(origin=origin, reporter=Reporter.build(name="钱"))
    assert (ticket.reporter, token, FollowKey.objects.count()) == (None, "", 0)


def test_an_anonymous_reporters_contact_is_marked(world: World) -> None:
    ticket = world.reported(is_anonymous=True)
    assert ticket.reporter is not None
    assert ticket.reporter.is_anonymous


def test_a_bare_address_from_the_public_lies_in_the_district(world: World) -> None:
    ticket = world.reported(by=SYSTEM, place=Place(address="近江某处"))
    assert (ticket.division, ticket.subdistrict) == (world.places["district"], None)


def test_a_point_in_another_datum_is_converted_and_the_datum_kept(world: World) -> None:
    ticket = world.reported(place=Place(lat=30.245, lng=120.155, datum="GCJ02"))
    assert ticket.datum == "GCJ02"
    assert ticket.lat != 30.245


def test_a_category_brings_its_urgency(world: World) -> None:
    assert world.reported(category=world.categories["manhole"]).urgency == "URGENT"


def test_reporting_leaves_nothing_behind_when_refused(world: World) -> None:
    with invalid("address"):
        world.reported(place=Place(), reporter=Reporter.build(name="钱"))
    assert not Reporter.objects.exists()


# --- settle 自行处置


def test_what_was_settled_on_the_spot_is_an_outcome(world: World) -> None:
    ticket = settle(world)
    assert (ticket.state, ticket.is_settled, ticket.handler) == (
        State.RESOLVED, True, world.grid_worker,
    )  # fmt: skip
    assert said(ticket, WordsKind.RESULT) == ["当场劝导清走"]


def test_one_settles_in_ones_own_grid_only(world: World) -> None:
    with not_yours("网格"):
        settle(world, by=world.other_grid_worker)
    assert settle(world).pk


@pytest.mark.parametrize(("percent", "drawn"), [(0, False), (100, True)])
def test_the_share_that_is_drawn_is_the_categorys(world: World, percent: int, drawn: bool) -> None:
    world.categories["litter"].sample_percent = percent
    ticket = settle(world)
    assert (ticket.is_sampled, ticket.verify_by) == (drawn, "SITE" if drawn else "NONE")


def test_the_draw_is_the_same_for_the_same_worker_time_and_grid() -> None:
    ticket = Ticket(reported_by_id=7, division_id=3)
    times = [MONDAY_NINE + minute * HOUR / 60 for minute in range(200)]
    draws = [[_is_drawn(ticket, at, 10) for at in times] for _again in range(2)]
    assert draws[0] == draws[1]
    assert 12 <= sum(draws[0]) <= 28  # about ten in a hundred


def test_what_was_not_drawn_passes_after_a_day(world: World) -> None:
    world.categories["litter"].sample_percent = 0
    ticket = settle(world)
    with now_impossible("24 小时"):
        actions.verify(ticket, by=SYSTEM, at=world.at + DAY - HOUR)
    actions.verify(ticket, by=SYSTEM, at=world.at + DAY)
    assert ticket.state == State.CLOSED


def test_the_system_passes_nothing_that_was_drawn(world: World) -> None:
    world.categories["litter"].sample_percent = 100
    ticket = settle(world)
    with now_impossible("核查"):
        actions.verify(ticket, by=SYSTEM, at=world.at + DAY)
    actions.verify(ticket, by=world.community_lead, at=world.at + DAY)
    assert ticket.state == State.CLOSED


def test_who_settled_it_does_not_verify_it(world: World) -> None:
    world.categories["litter"].sample_percent = 100
    ticket = settle(world)
    with not_yours("处置人员"):
        actions.verify(ticket, by=world.grid_worker, at=world.at)


def test_with_nobody_else_to_look_a_drawn_one_is_the_desks_at_once(world: World) -> None:
    Post.objects.filter(person=world.community_lead).update(is_active=False)
    world.categories["litter"].sample_percent = 100
    ticket = settle(world)
    assert ticket.turn_rises_at == world.at
    assert Ticket.objects.my_turn(world.desk, world.at).get() == ticket


def test_a_drawn_one_that_is_not_in_order_is_accepted(world: World) -> None:
    world.categories["litter"].sample_percent = 100
    ticket = settle(world)
    actions.rework(ticket, by=world.community_lead, at=world.at, reason="NOT_DONE", text="还在")
    assert (ticket.state, ticket.handler) == (State.ACCEPTED, None)


# --- import 迁入


def test_a_closed_row_is_historic_and_has_no_clocks(world: World) -> None:
    ticket = bring(world, ended_at=world.at - 20 * DAY)
    assert ticket is not None
    assert (ticket.state, ticket.is_historic) == (State.CLOSED, True)
    assert ticket.number.startswith("330102-20261024-")
    assert not Clock.objects.exists()


def test_an_open_row_starts_its_accept_clock_at_the_import(world: World) -> None:
    ticket = bring(world)
    assert ticket is not None
    assert clock(ticket, Promise.ACCEPT).started_at == world.at
    assert ticket.reported_at == world.at - 30 * DAY


def test_a_known_row_is_not_brought_in_again(world: World) -> None:
    bring(world)
    assert bring(world) is None
    assert bring(world, profile="another") is not None


@pytest.mark.parametrize(
    "wrong", [{"reported_at": HOUR}, {"ended_at": -40 * DAY}, {"ended_at": HOUR}]
)
def test_times_in_the_wrong_order_are_refused(world: World, wrong: dict[str, timedelta]) -> None:
    times = {name: world.at + offset for name, offset in wrong.items()}
    with invalid("reported_at"):
        bring(world, **times)


def test_a_historic_ticket_is_not_reopened(world: World) -> None:
    ticket = bring(world, ended_at=world.at - DAY)
    assert ticket is not None
    with now_impossible("历史"):
        actions.reopen(
            ticket, by=world.district_desk, at=world.at, reason="NOT_SOLVED", text="再办"
        )
