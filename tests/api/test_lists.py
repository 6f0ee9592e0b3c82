"""The list of tickets: whose, which, in what order, page by page."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api.asking import Program
from tests.world import World
from tickets import actions
from tickets.models import Ticket


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [row["number"] for row in answer.json()["results"]]


def walk(program: Program, path: str, way: str = "next") -> list[str]:
    """All pages one after the other, as the links lead."""
    found: list[str] = []
    link: str | None = path
    while link:
        answer = program.client.get(link)
        found += numbers(answer)
        link = answer.json()[way]
    return found


def test_pages_follow_each_other_without_a_gap(world: World) -> None:
    made = [world.reported().number for _row in range(7)]
    assert walk(Program(world.desk), "/api/v1/tickets/?limit=3") == made


def test_pages_lead_back(world: World) -> None:
    made = [world.reported().number for _row in range(5)]
    program = Program(world.desk)
    last = program.get("tickets/", {"limit": 2})
    while last.json()["next"]:
        last = program.client.get(last.json()["next"])
    back = program.client.get(last.json()["previous"])
    assert (numbers(last), numbers(back)) == (made[4:], made[2:4])


def test_a_link_keeps_the_filters(world: World) -> None:
    for _row in range(3):
        world.reported()
    answer = Program(world.desk).get("tickets/", {"limit": 1, "nature": "COMPLAINT"})
    assert "nature=COMPLAINT" in urlsplit(answer.json()["next"]).query


def test_what_has_ended_comes_latest_first(world: World) -> None:
    ended = []
    for _row in range(3):
        ticket = world.reported()
        actions.decline(
            ticket, by=world.desk, at=world.at, reason="EMERGENCY", answer="请立即拨打 119 报警"
        )
        ended.append(ticket.number)
    world.reported()
    assert walk(Program(world.desk), "/api/v1/tickets/?status=ended&limit=2") == ended[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "state=HANDLING", "unit=CG-003", "unit=CG", "category=0101", "category=01",
        "division=330102003000", "division=330102003050", "nature=COMPLAINT", "source=PHONE",
        "origin=RESIDENT", "urgency=NORMAL", "since=2026-11-23", "until=2026-11-23",
        "light=green", "mine=true", "my_turn=true", "status=open", "text=垃圾", "q=垃圾",
    ],
)  # fmt: skip
def test_a_filter_finds_what_fits(world: World, query: str) -> None:
    ticket = world.handled()
    assert numbers(Program(world.handler).get(f"tickets/?{query}")) == [ticket.number]


@pytest.mark.parametrize(
    "query",
    [
        "state=REPORTED", "unit=XF", "category=0102", "division=330102004000", "nature=PRAISE",
        "source=QR", "origin=PATROL", "urgency=URGENT", "since=2026-11-24", "until=2026-11-22",
        "light=red", "mine=false", "my_turn=false", "status=ended", "text=路灯", "q=路灯",
        "status=ended&ended_since=2026-11-01&ended_until=2026-11-30",
    ],
)  # fmt: skip
def test_a_filter_leaves_out_what_does_not(world: World, query: str) -> None:
    world.handled()
    assert numbers(Program(world.handler).get(f"tickets/?{query}")) == []


def test_found_by_words_page_by_page(world: World) -> None:
    made = {world.reported().number for _row in range(3)}
    found = walk(Program(world.desk), "/api/v1/tickets/?text=垃圾&limit=2")
    assert (len(found), set(found)) == (3, made)


def test_nobody_sees_what_is_elsewhere(world: World) -> None:
    world.handled()
    assert numbers(Program(world.far_desk).get("tickets/")) == []


def test_a_resident_sees_no_member_of_staff(world: World) -> None:
    resident = Program(world.resident)
    made = resident.post(
        "tickets/", {"text": "楼道灯不亮", "address": "湖滨路 1 号", "category": "0101"}
    )
    ticket = Ticket.objects.get(number=made.json()["ticket"]["number"])
    actions.accept(ticket, by=world.district_desk, at=world.at)
    actions.dispatch(ticket, by=world.district_desk, at=world.at, unit=world.units["squad"])
    actions.claim(ticket, by=world.handler, at=world.at)
    row = resident.get("tickets/").json()["results"][0]
    assert (row["state"], row["handler"], row["unit"]["code"]) == ("HANDLING", None, "CG-003")


def test_my_turns_are_mine(world: World) -> None:
    ticket = world.handled()
    assert numbers(Program(world.handler).get("me/turns/")) == [ticket.number]
    assert numbers(Program(world.other_handler).get("me/turns/")) == []


@pytest.mark.parametrize(
    ("name", "is_there"),
    [("grid", True), ("second_grid", False), ("community", True), ("street", True),
     ("other_street", False), ("district", True)],
)  # fmt: skip
def test_a_division_of_any_level_can_be_asked_for(world: World, name: str, is_there: bool) -> None:
    ticket = world.reported()
    code = world.places[name].code
    found = numbers(Program(world.district_desk).get("tickets/", {"division": code}))
    assert (ticket.number in found) == is_there


@pytest.mark.parametrize("asked", [{"limit": "0"}, {"limit": "101"}, {"division": "330102999000"}])
def test_a_filter_that_is_wrong_is_named_with_the_cure(world: World, asked: Any) -> None:
    answer = Program(world.desk).get("tickets/", asked)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, list(asked))
    assert "请" in answer.json()["errors"][next(iter(asked))][0]
    assert "没有提交" not in answer.json()["detail"]
