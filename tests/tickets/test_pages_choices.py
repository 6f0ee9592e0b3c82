"""What forms take for a unit, a person, a ticket, a place; and what they offer."""

from typing import Any

import pytest
from django.urls import reverse

from grids.models import Division, Post, PostKind
from tests.files import photo, upload
from tests.tickets.pages import do, entered, text_of
from tests.world import World
from tickets import actions
from tickets.models import Ticket


def dispatched_to(world: World, typed: str) -> tuple[Ticket, Any]:
    ticket = world.accepted()
    answer = do(entered(world.desk), ticket.number, "dispatch", unit=typed)
    ticket.refresh_from_db()
    return ticket, answer


@pytest.mark.parametrize("typed", ["CG-003", "cg-003", "CG-003 squad", "squad", " CG-003 "])
def test_a_unit_is_known_by_code_or_name(nine: World, typed: str) -> None:
    assert dispatched_to(nine, typed)[0].unit == nine.units["squad"]


def test_a_unit_is_known_by_its_sound(nine: World) -> None:
    unit = nine.units["fire"]
    unit.name, unit.pinyin = "消防救援大队", "xiaofangjiuyuandadui xfjydd"
    unit.save()
    assert dispatched_to(nine, "xfjy")[0].unit == unit


@pytest.mark.parametrize("typed", ["没有", "squ\x00ad", "x" * 500, "%", "'"])
def test_an_unknown_unit_is_refused(nine: World, typed: str) -> None:
    ticket, answer = dispatched_to(nine, typed)
    assert answer.status_code == 422
    assert ticket.state == "ACCEPTED"


def test_an_unclear_unit_names_the_candidates(nine: World) -> None:
    _ticket, answer = dispatched_to(nine, "squa")
    assert "CG-003 squad、CG-004 other_squad" in text_of(answer)


def test_a_unit_out_of_use_is_not_offered_nor_taken(nine: World) -> None:
    unit = nine.units["fire"]
    unit.is_active = False
    unit.save()
    _ticket, answer = dispatched_to(nine, "XF")
    assert answer.status_code == 422
    assert 'value="XF fire"' not in text_of(answer)


def test_only_people_of_the_unit_may_be_named_handler(nine: World) -> None:
    ticket = nine.handled()
    page = text_of(entered(nine.head).get(reverse("ticket", args=[ticket.number])))
    offered = page.split('id="assign-handler"')[1].split("</select>")[0]
    assert f">{nine.other_handler}<" in offered
    assert f">{nine.clerk}<" in offered
    assert f">{nine.handler}<" not in offered
    assert f">{nine.far_handler}<" not in offered


@pytest.mark.parametrize("typed", ["0", "9" * 40, "x", "\x00"])
def test_somebody_else_cannot_be_named_handler(nine: World, typed: str) -> None:
    answer = do(entered(nine.head), nine.handled().number, "assign", handler=typed)
    assert answer.status_code == 422
    assert 'id="assign-handler_error"' in text_of(answer)


def test_a_handler_of_another_unit_cannot_be_named(nine: World) -> None:
    answer = do(entered(nine.head), nine.handled().number, "assign", handler=nine.far_handler.pk)
    assert answer.status_code == 422


def test_the_grid_worker_who_was_asked_answers_also_from_the_desk(nine: World) -> None:
    Post.objects.create(person=nine.grid_worker, kind=PostKind.DESK, division=nine.places["street"])
    ticket, client = nine.reported(), entered(nine.again("grid_worker"))
    do(client, ticket.number, "confirm", text="请看一下")
    answer = do(client, ticket.number, "confirm", confirm_result="EXISTS", text="看过")
    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert ticket.confirmation == "EXISTS"


def test_a_target_may_leave_out_the_district(nine: World) -> None:
    target, ticket = nine.reported(), nine.reported()
    do(entered(nine.desk), ticket.number, "merge", target=target.number.partition("-")[2])
    ticket.refresh_from_db()
    assert ticket.merged_into == target


@pytest.mark.parametrize("typed", ["330102-20200101-00001", "x", "\x00", "1" * 39])
def test_an_unknown_target_is_refused(nine: World, typed: str) -> None:
    answer = do(entered(nine.desk), nine.reported().number, "merge", target=typed)
    assert answer.status_code == 422


def test_a_target_of_another_street_does_not_exist(nine: World) -> None:
    far = nine.reported(by=nine.far_desk, place=actions._born.Place(lat=30.245, lng=120.205))
    answer = do(entered(nine.desk), nine.reported().number, "link", target=far.number)
    assert answer.status_code == 422
    assert f"没有编号为 {far.number} 的工单" in text_of(answer)


def test_a_ticket_cannot_be_merged_into_itself(nine: World) -> None:
    ticket = nine.reported()
    answer = do(entered(nine.desk), ticket.number, "merge", target=ticket.number)
    assert answer.status_code == 422
    assert "不能并入自己" in text_of(answer)


@pytest.mark.parametrize("typed", ["30.245,120.155", "30.245 120.155", "30.245，120.155"])
def test_a_position_is_two_numbers(nine: World, typed: str) -> None:
    ticket = nine.handled()
    shot = upload(photo())
    do(entered(nine.handler), ticket.number, "arrive", position=typed, before_photos=shot)
    assert ticket.words.get(event__verb="arrive").text == "30.245000,120.155000|"


@pytest.mark.parametrize("typed", ["91,120", "30,181", "湖滨", "nan,nan", "1e400,0", "30"])
def test_no_other_position_is_taken(nine: World, typed: str) -> None:
    answer = do(entered(nine.handler), nine.handled().number, "arrive", position=typed)
    assert answer.status_code == 422


def test_an_amended_building_brings_its_place(nine: World) -> None:
    ticket = nine.reported(place=actions._born.Place(address="不清楚"))
    do(entered(nine.district_desk), ticket.number, "amend", amend_building="湖滨公寓")
    ticket.refresh_from_db()
    assert (str(ticket.building), ticket.division) == ("湖滨公寓 1 幢", nine.places["grid"])


@pytest.mark.parametrize("typed", ["0", "61", "9" * 30, "三", "1.5"])
def test_an_extension_is_between_one_and_sixty_days(nine: World, typed: str) -> None:
    answer = do(
        entered(nine.handler), nine.handled().number, "extend", days=typed, reason="MATERIAL",
        text="等灯杆",
    )  # fmt: skip
    assert answer.status_code == 422


@pytest.mark.parametrize("typed", ["2026-11-20", "9999-12-31", "0001-01-01", "明天"])
def test_a_suspension_ends_within_a_year(nine: World, typed: str) -> None:
    answer = do(
        entered(nine.handler), nine.handled().number, "suspend", resume_on=typed, reason="BUDGET",
        text="待预算",
    )  # fmt: skip
    assert answer.status_code == 422


def test_buildings_are_suggested_by_any_word(nine: World) -> None:
    answer = entered(nine.desk).get(reverse("suggest_buildings"), {"q": "公寓 湖滨"})
    assert answer.json() == {"options": [{"value": "B1 湖滨公寓 1 幢", "note": "湖滨路 1 号"}]}


@pytest.mark.parametrize("asked", ["", " ", "x" * 5000, "%_"])
def test_nothing_is_suggested_for_nothing(nine: World, asked: str) -> None:
    answer = entered(nine.desk).get(reverse("suggest_buildings"), {"q": asked})
    assert answer.json() == {"options": []}


def test_outlines_are_drawn_from_our_own_data(nine: World) -> None:
    shapes = entered(nine.desk).get(reverse("shapes")).json()["features"]
    assert {shape["properties"].get("level") for shape in shapes} == {"GRID", None}


def test_a_grid_is_named_without_its_community_where_that_stands_around_it(nine: World) -> None:
    grid, community = nine.places["grid"], nine.places["community"]
    Division.objects.filter(pk=grid.pk).update(name=f"{community.name}第一网格")
    shapes = entered(nine.desk).get(reverse("shapes")).json()["features"]
    assert "第一网格" in {shape["properties"].get("short") for shape in shapes}


def test_an_invented_outline_is_marked_on_the_map(nine: World) -> None:
    Division.objects.filter(level="GRID").update(is_synthetic=True)
    shapes = entered(nine.desk).get(reverse("shapes")).json()["features"]
    assert any(shape["properties"].get("synthetic") for shape in shapes)
