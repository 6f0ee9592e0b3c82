"""Pages of patrol as the server makes them, and where a point lies."""

import pytest
from django.urls import reverse

from tests.tickets.pages import entered, forms_in, statements, text_of
from tests.tickets.test_patrols import DAY, place, visited
from tests.world import World
from tickets.models import CheckIn


def test_what_is_to_be_visited_comes_first(nine: World) -> None:
    done, due = place(nine), place(nine, "P2")
    visited(nine, done)
    client = entered(nine.grid_worker)
    page = text_of(client.get(reverse("field_patrol")))
    assert "今天还要去 1 处，去过 1 处" in page
    assert page.index(due.name) < page.index(done.name)
    assert done.mark not in page
    assert statements(client, reverse("field_patrol")) <= 6
    assert "<b>1</b>今日巡查" in text_of(client.get(reverse("field")))


def test_without_a_store_the_visit_is_posted(nine: World) -> None:
    point, client = place(nine), entered(nine.grid_worker)
    address = reverse("field_at", args=[point.plate])
    form = forms_in(client.get(address))["visit-P1"]
    for _twice in range(2):
        answer = client.post(reverse("field_visit"), form)
    assert (answer.status_code, CheckIn.objects.get().way) == (302, "QR")
    answer = client.post(reverse("field_visit"), {**form, "key": "another-one", "found": "true"})
    assert answer.headers["Location"] == reverse("field_report")


@pytest.mark.parametrize("key", ["", "1234567", "12345678\0", "1" * 65, "没有编号的表单在这"])
def test_a_visit_without_the_key_of_its_form_is_refused(nine: World, key: str) -> None:
    form = {"code": place(nine).code, "way": "HAND", "key": key}
    answer = entered(nine.grid_worker).post(reverse("field_visit"), form)
    assert (answer.status_code, CheckIn.objects.count()) == (422, 0)
    assert "这张表单不完整" in text_of(answer)


@pytest.mark.parametrize(("plate", "status"), [("P1-" + "0" * 32, 410), ("P2-0", 404), ("P1", 404)])
def test_a_plate_that_is_not_on_the_wall_says_so(nine: World, plate: str, status: int) -> None:
    place(nine)
    place(nine, "P2", "other_grid")
    answer = entered(nine.grid_worker).get(reverse("field_at", args=[plate]))
    assert answer.status_code == status


def test_the_list_costs_the_same_however_long(nine: World) -> None:
    client = entered(nine.grid_worker)
    visited(nine, place(nine), nine.at - DAY)
    short = statements(client, reverse("field_patrol"))
    for number in range(5):
        visited(nine, place(nine, f"Q{number}"), nine.at - DAY)
    assert statements(client, reverse("field_patrol")) == short


def test_a_point_is_named_also_outside_of_ones_grid(nine: World) -> None:
    client, address = entered(nine.grid_worker), reverse("field_where")
    told = client.get(address, {"lat": "30.2461", "lng": "120.1561"}).json()
    assert (told["grid"], told["community"], told["is_mine"]) == ("grid", "community", True)
    assert [row["code"] for row in told["buildings"]] == ["B1"]
    told = client.get(address, {"lat": "30.245", "lng": "120.205"}).json()
    assert (told["grid"], told["is_mine"], told["buildings"]) == ("other_grid", False, [])
    assert client.get(address, {"lat": "999", "lng": "1"}).status_code == 422
    assert statements(client, address, lat="30.2461", lng="120.1561") <= 5
