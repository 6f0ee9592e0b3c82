"""上报 by a program: of a desk, a grid worker, a resident; with photos; what comes back."""

from typing import Any

import pytest

from tests.api.asking import TAKES_DOWN, V1, Program
from tests.files import photo, upload
from tests.world import World
from tickets.models import Ticket

FOUND = {
    "text": "人行道地砖松动", "category": "0101", "lat": 30.245, "lng": 120.155, "nature": "TIP",
}  # fmt: skip


def made(answer: Any) -> Ticket:
    assert answer.status_code == 201, answer.json()
    return Ticket.objects.get(number=answer.json()["ticket"]["number"])


def test_a_desk_takes_down_for_somebody(world: World) -> None:
    answer = Program(world.desk).post("tickets/", TAKES_DOWN)
    ticket = made(answer)
    assert (ticket.is_on_behalf, ticket.source, ticket.reporter_id is not None) == (
        True, "PHONE", True,
    )  # fmt: skip
    assert answer["Location"] == f"{V1}tickets/{ticket.number}/"


def test_the_follow_key_is_given_and_opens(world: World) -> None:
    program = Program(world.desk)
    answer = program.post("tickets/", TAKES_DOWN)
    assert program.client.get(answer.json()["follow_url"]).status_code == 200


def test_a_grid_worker_finds_something(world: World) -> None:
    answer = Program(world.grid_worker).post("tickets/", FOUND)
    assert (made(answer).origin, answer.json()["follow_key"]) == ("PATROL", None)


@pytest.mark.parametrize(("half", "lacking"), [("lat", "lng"), ("lng", "lat")])
def test_half_a_point_is_refused_by_the_name_of_what_is_missing(
    world: World, half: str, lacking: str
) -> None:
    body = TAKES_DOWN | {"lat": None, "lng": None, "address": "湖滨路 1 号"} | {half: FOUND[half]}
    answer = Program(world.desk).post("tickets/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [lacking])
    assert not Ticket.objects.exists()


def test_a_grid_worker_settles_with_photos(world: World) -> None:
    form = FOUND | {
        "is_settled": "true", "result": "已摆正并夯实", "before_photos": upload(photo()),
        "after_photos": upload(photo(shade=200)),
    }  # fmt: skip
    answer = Program(world.grid_worker).client.post(V1 + "tickets/", form)
    ticket = made(answer)
    assert (ticket.state, ticket.attachments.count()) == ("RESOLVED", 2)


@pytest.mark.parametrize("nature", ["TIP", "HELP"])
def test_what_was_settled_is_of_the_nature_that_was_said(world: World, nature: str) -> None:
    form = FOUND | {
        "is_settled": "true", "result": "已摆正并夯实", "before_photos": upload(photo()),
        "after_photos": upload(photo(shade=200)), "nature": nature,
    }  # fmt: skip
    answer = Program(world.grid_worker).client.post(V1 + "tickets/", form)
    assert made(answer).nature == nature


def test_settling_without_photos_says_which(world: World) -> None:
    body = FOUND | {"is_settled": True, "result": "已摆正并夯实"}
    answer = Program(world.grid_worker).post("tickets/", body)
    assert set(answer.json()["errors"]) == {"before_photos", "after_photos"}


def test_a_resident_speaks_for_themself(world: World) -> None:
    answer = Program(world.resident).post("tickets/", {"text": "灯不亮", "address": "湖滨路 1 号"})
    ticket = made(answer)
    assert (ticket.reporter_person, ticket.origin) == (world.resident, "RESIDENT")


def test_a_resident_does_not_grade(world: World) -> None:
    body = {"text": "灯不亮", "address": "湖滨路 1 号", "urgency": "URGENT"}
    answer = Program(world.resident).post("tickets/", body)
    assert list(answer.json()["errors"]) == ["urgency"]


def test_without_a_place_the_place_is_asked_for(world: World) -> None:
    answer = Program(world.desk).post("tickets/", {"text": "灯不亮", "name": "赵见诚"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["address"])


def test_a_file_that_is_none_leaves_nothing(world: World) -> None:
    form = FOUND | {"near_photos": upload(b"no picture")}
    answer = Program(world.grid_worker).client.post(V1 + "tickets/", form)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["near_photos"])
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "leader", "auditor"])
def test_other_staff_report_what_they_find(world: World, who: str) -> None:
    assert made(Program(world.people[who]).post("tickets/", FOUND)).origin == "PATROL"


def test_a_report_for_another_street_is_told_by_its_number_alone(world: World) -> None:
    answer = Program(world.far_desk).post("tickets/", TAKES_DOWN)

    told = answer.json()
    assert (answer.status_code, told["ticket"]) == (201, None)
    assert (told["number"], bool(told["follow_key"])) == (Ticket.objects.get().number, True)
