"""GET me/inbox/ and POST me/inbox/read/."""

from typing import Any

import pytest

from notices.models import Notice
from tests.api.asking import Program
from tests.api.test_statements import cost
from tests.world import World
from tickets import sweeps


def dispatched(world: World, times: int = 1) -> None:
    for _time in range(times):
        world.dispatched()
    sweeps.run("announce", at=world.at)


def test_a_notice_names_its_ticket_and_event(world: World) -> None:
    ticket = world.dispatched()
    sweeps.run("announce", at=world.at)
    found = Program(world.clerk).get("me/inbox/").json()
    row = found["results"][0]
    assert (row["ticket"], row["verb"], row["role"]) == (ticket.number, "dispatch", "CLERK")
    assert (row["title"], row["read_at"], found["unread"]) == ("派单 → 待签收", None, "1")


def test_i_am_told_how_many_are_unread(world: World) -> None:
    program = Program(world.clerk)
    before = program.get("me/").json()["unread"]
    dispatched(world, 2)
    assert (before, program.get("me/").json()["unread"]) == ("0", "2")


def test_pages_follow_each_other(world: World) -> None:
    dispatched(world, 3)
    program = Program(world.clerk)
    first = program.get("me/inbox/?limit=2").json()
    second = program.client.get(first["next"]).json()
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert (len(ids), ids) == (3, sorted(ids, reverse=True))
    assert second["next"] is None


@pytest.mark.parametrize("body", ["ids", "upto", "all"])
def test_notices_are_marked_read(world: World, body: str) -> None:
    dispatched(world, 2)
    newest = Notice.objects.latest("pk").pk
    sent: dict[str, Any] = {"ids": [newest], "upto": newest, "all": True}
    answer = Program(world.clerk).post("me/inbox/read/", {body: sent[body]}).json()
    left = 1 if body == "ids" else 0
    assert answer == {"marked": 2 - left, "unread": str(left)}
    found = Program(world.clerk).get("me/inbox/?unread=true").json()["results"]
    assert len(found) == left


def test_nobody_marks_what_another_was_told(world: World) -> None:
    dispatched(world)
    answer = Program(world.handler).post("me/inbox/read/", {"ids": [Notice.objects.get().pk]})
    assert answer.json()["marked"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "detail"), ({"all": True, "upto": 1}, "detail"), ({"all": False}, "all"),
        ({"ids": []}, "ids"), ({"ids": "1"}, "ids"), ({"ids": [True]}, "ids"),
        ({"ids": [2**63]}, "ids"), ({"ids": [1] * 1001}, "ids"), ({"upto": "1"}, "upto"),
        ({"id": 1}, "id"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(world: World, body: Any, field: str) -> None:
    answer = Program(world.clerk).post("me/inbox/read/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def test_a_notice_of_a_ticket_no_longer_open_to_me_says_nothing(world: World) -> None:
    dispatched(world)
    world.clerk.posts.update(is_active=False)
    row = Program(world.again("clerk")).get("me/inbox/").json()["results"][0]
    told = {row[name] for name in ("ticket", "verb", "title", "who", "seq")}
    assert (told, row["details"]) == ({None}, [])


def test_the_inbox_costs_the_same_however_long(world: World) -> None:
    program = Program(world.clerk)
    dispatched(world)
    program.get("me/inbox/")
    short = cost(lambda: program.get("me/inbox/"))
    dispatched(world, 6)
    assert (cost(lambda: program.get("me/inbox/")), short <= 12) == (short, True)
