"""One ticket: what is told of it to whom, its tag, its record, its reporter."""

from typing import Any

import pytest

from tests.api.asking import Program
from tests.world import World
from tickets import actions, permits
from tickets.models import Reveal


def told(person: Any, number: str) -> Any:
    answer = Program(person).get(f"tickets/{number}/")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_the_tag_begins_with_the_version(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.desk).get(f"tickets/{ticket.number}/")
    assert answer["ETag"].startswith(f'"{answer.json()["version"]}-')


def test_what_is_known_is_not_sent_again(world: World) -> None:
    ticket = world.handled()
    program = Program(world.desk)
    tag = program.get(f"tickets/{ticket.number}/")["ETag"]
    answer = program.get(f"tickets/{ticket.number}/", If_None_Match=tag)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)


def test_a_note_changes_the_tag_but_not_the_version(world: World) -> None:
    ticket = world.handled()
    program = Program(world.desk)
    tag = program.get(f"tickets/{ticket.number}/")["ETag"]
    actions.note(ticket, by=world.handler, at=world.at, text="已联系物业")
    answer = program.get(f"tickets/{ticket.number}/", If_None_Match=tag)
    assert (answer.status_code, answer.json()["version"]) == (200, ticket.version)


@pytest.mark.parametrize("who", ["desk", "handler", "head", "grid_worker", "leader", "inspector"])
def test_the_actions_are_those_of_the_table(world: World, who: str) -> None:
    ticket = world.handled()
    person = world.people[who]
    offered = [one["verb"] for one in told(person, ticket.number)["allowed_actions"]]
    assert offered == [move.verb for move in permits.allowed(person, ticket, at=world.at)]


def test_an_action_says_what_it_needs(world: World) -> None:
    ticket = world.handled()
    known = {one["verb"]: one for one in told(world.handler, ticket.number)["allowed_actions"]}
    needs = {one["name"]: one for one in known["resolve"]["needs"]}
    assert (needs["result"]["kind"], needs["note"]["is_required"]) == ("choice", True)
    assert [one["value"] for one in needs["result"]["options"]] == ["DONE", "NOT_FOUND"]


def test_what_need_not_be_answered_asks_for_no_answer(world: World) -> None:
    ticket = world.handled(origin="PATROL", by=world.grid_worker)
    known = {one["verb"]: one for one in told(world.handler, ticket.number)["allowed_actions"]}
    assert "proposed_answer" not in {one["name"] for one in known["resolve"]["needs"]}


def test_contact_is_masked_for_whoever_may_see_it(world: World) -> None:
    ticket = world.handled()
    reporter = told(world.handler, ticket.number)["reporter"]
    assert (reporter["name"], reporter["phone"]) == ("赵*", "139****1234")


def test_contact_is_nobody_elses(world: World) -> None:
    ticket = world.handled()
    assert told(world.leader, ticket.number)["reporter"] is None


def test_what_is_sensitive_is_read_by_few(world: World) -> None:
    ticket = world.reported(category=world.categories["alone"])
    shown = told(world.grid_worker, ticket.number)
    assert (shown["text"], shown["address"], shown["summary"]) == (None, None, None)
    assert told(world.desk, ticket.number)["place"]["lat"] is None  # in no map


def test_the_record_comes_by_number(world: World) -> None:
    ticket = world.handled()
    program = Program(world.desk)
    lines = program.get(f"tickets/{ticket.number}/events/").json()["results"]
    later = program.get(f"tickets/{ticket.number}/events/?after=2").json()
    assert [line["seq"] for line in lines] == [1, 2, 3, 4]
    assert [line["verb"] for line in later["results"]] == ["dispatch", "claim"]
    assert later["previous"].endswith("?after=0")


def test_a_long_record_comes_in_pieces(world: World) -> None:
    ticket = world.handled()
    for _row in range(100):
        actions.urge(ticket, by=world.desk, at=world.at)
    first = Program(world.desk).get(f"tickets/{ticket.number}/events/").json()
    rest = Program(world.desk).client.get(first["next"]).json()
    assert [len(first["results"]), len(rest["results"]), rest["next"]] == [100, 4, None]


def test_a_reveal_is_logged_before_it_is_answered(world: World) -> None:
    ticket = world.handled()
    path = f"tickets/{ticket.number}/reveal/"
    answer = Program(world.handler).post(path, {"reason": "约上门时间"})
    assert answer.json() == {"name": "赵见诚", "phone": "13900001234"}
    assert Reveal.objects.get().reason == "约上门时间"


def test_no_reveal_without_a_reason_or_a_right(world: World) -> None:
    ticket = world.handled()
    path = f"tickets/{ticket.number}/reveal/"
    assert Program(world.handler).post(path).status_code == 422
    assert Program(world.leader).post(path).status_code == 403
    assert not Reveal.objects.exists()
