"""Pages of the field as the server makes them: who comes in, what they tell, what they cost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from tests.factories import square
from tests.files import settled
from tests.tickets.pages import entered, forms_in, statements, text_of
from tests.world import World
from tickets import actions, fieldwork
from tickets.actions._born import Place
from tickets.words import Origin, Source

PAGES = ("field", "field_report", "field_tasks", "field_mine")


def found_by(world: World, **given: Any) -> Any:
    """What the grid worker reports."""
    known = {"origin": Origin.PATROL, "source": Source.GRID_APP, "by": world.grid_worker}
    return world.reported(**known | given)


def test_the_page_of_tasks_has_what_waits_for_a_look_and_nothing_else(nine: World) -> None:
    next_grid = Place(lat=30.245, lng=120.165)
    to_verify, elsewhere = nine.resolved(), nine.resolved(place=next_grid)
    to_confirm, untouched = nine.reported(), nine.reported()
    actions.confirm(to_confirm, by=nine.desk, at=nine.at)
    page = text_of(entered(nine.grid_worker).get(reverse("field_tasks")))
    shown = {one.number: one.number in page for one in (to_verify, to_confirm)}
    assert all(shown.values())
    assert elsewhere.number not in page
    assert untouched.number not in page


def test_a_report_is_followed_in_plain_words(nine: World) -> None:
    ticket = found_by(nine, text="人行道地砖松动")
    actions.accept(ticket, by=nine.desk, at=nine.at)
    actions.route(ticket, at=nine.at)
    page = text_of(entered(nine.grid_worker).get(reverse("field_mine")))
    assert "人行道地砖松动" in page
    assert f"已派给{nine.units['squad']}，等待签收" in page


def test_the_ticket_offers_what_is_done_out_there_with_the_version_seen(nine: World) -> None:
    ticket = nine.resolved()
    answer = entered(nine.grid_worker).get(reverse("field_ticket", args=[ticket.number]))
    forms = forms_in(answer)
    assert {"verb-verify", "verb-rework", "verb-note", "verb-attach"} <= set(forms)
    assert "verb-resolve" not in forms
    assert forms["verb-verify"]["seen"] == str(ticket.version)
    assert f'data-version="{ticket.version}"' in text_of(answer)


def test_without_script_the_forms_are_posted_as_ever(nine: World) -> None:
    ticket, client = nine.resolved(), entered(nine.grid_worker)
    form = forms_in(client.get(reverse("field_ticket", args=[ticket.number])))["verb-verify"]
    answer = client.post(reverse("verb", args=[ticket.number, "verify"]), form)
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.state) == (302, "VERIFIED")


def test_every_page_says_for_whom_it_was_made(nine: World) -> None:
    client = entered(nine.grid_worker)
    said = {client.get(reverse(name)).headers["Hubin-Person"] for name in PAGES}
    assert said == {nine.grid_worker.actor_ref}


def test_the_session_tells_who_and_when(nine: World) -> None:
    told = entered(nine.grid_worker).get(reverse("field_session")).json()
    assert (told["person"], told["needs_factor"]) == (nine.grid_worker.actor_ref, False)
    assert told["now"][:16] == "2026-11-23T01:00"
    assert told["csrf"]


def test_the_session_of_nobody_is_nobodys(nine: World) -> None:
    answer = Client().get(reverse("field_session"))
    assert (answer.status_code, answer.json()["person"]) == (200, None)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_session_says_that_a_second_factor_is_missing(nine: World, settings: Any) -> None:
    settings.HUBIN_MFA_REQUIRED = True
    assert entered(nine.grid_worker).get(reverse("field_session")).json()["needs_factor"] is True


def test_the_kit_has_ones_own_grids_and_buildings_and_every_matter(nine: World) -> None:
    kit = entered(nine.grid_worker).get(reverse("field_kit")).json()
    assert [row["code"] for row in kit["grids"]] == [nine.places["grid"].code]
    assert [row[0] for row in kit["buildings"]] == ["B1"]
    assert {"0101", "0604"} <= {row["code"] for row in kit["categories"]}
    assert "01" not in {row["code"] for row in kit["categories"]}


def test_who_leads_a_community_carries_all_its_grids(nine: World) -> None:
    kit = entered(nine.community_lead).get(reverse("field_kit")).json()
    codes = [nine.places[name].code for name in ("grid", "second_grid")]
    assert [row["code"] for row in kit["grids"]] == codes
    outline = square(120.15, 30.24)["coordinates"][0]
    assert kit["grids"][0]["rings"] == [[[round(x, 5), round(y, 5)] for x, y in outline]]


def test_what_is_reported_often_comes_first(nine: World) -> None:
    for name in ("advice", "litter", "litter"):
        found_by(nine, category=nine.categories[name])
    assert fieldwork.kit(nine.grid_worker, nine.at)["often"] == ["0101", "0102"]


def test_a_kit_that_has_not_changed_costs_no_reading(nine: World) -> None:
    client = entered(nine.grid_worker)
    tag = client.get(reverse("field_kit")).headers["ETag"]
    again = client.get(reverse("field_kit"), headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in again.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "most"),
    [("field", 7), ("field_tasks", 5), ("field_mine", 5), ("field_report", 4), ("field_queue", 4),
     ("field_kit", 7)],
)  # fmt: skip
def test_many_rows_cost_as_many_statements_as_few(
    nine: World, settings: Any, name: str, most: int
) -> None:
    settings.HUBIN_LAW_CACHE = True
    client = entered(nine.grid_worker)
    nine.resolved()
    found_by(nine)
    few = statements(client, reverse(name))
    for _more in range(3):
        nine.resolved()
        found_by(nine)
    assert statements(client, reverse(name)) == few <= most


def test_a_ticket_of_the_field_costs_no_more_than_the_full_page(nine: World) -> None:
    ticket, client = nine.resolved(), entered(nine.grid_worker)
    assert statements(client, reverse("field_ticket", args=[ticket.number])) <= 12


def test_what_was_settled_is_told_as_such(nine: World) -> None:
    place = Place(lat=30.245, lng=120.155)
    actions.settle(
        by=nine.grid_worker, at=clock.now(), text="路面有油渍", place=place, result="已冲洗",
        category=nine.categories["litter"], files=settled(),
    )  # fmt: skip
    page = text_of(entered(nine.grid_worker).get(reverse("field")))
    assert "已处置，等待核查" in page
