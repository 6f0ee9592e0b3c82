"""The same request twice is one act, also at the same moment (DESIGN §3.5)."""

from typing import Any

from tests.api.asking import TAKES_DOWN, V1, Program, lasting
from tests.files import photo, upload
from tests.races import race
from tests.world import World
from tickets.models import Event, Ticket

KEY = "f0e1d2c3-0001"


def test_a_report_sent_again_is_the_same_ticket(world: World) -> None:
    desk = Program(world.desk)
    first, again = (desk.post("tickets/", TAKES_DOWN, Idempotency_Key=KEY) for _time in range(2))
    assert (first.status_code, again.status_code, Ticket.objects.count()) == (201, 201, 1)
    assert lasting(first.json()["ticket"]) == lasting(again.json()["ticket"])
    assert again.json()["follow_key"] is None


def test_another_report_with_the_same_key_is_refused(world: World) -> None:
    desk = Program(world.desk)
    desk.post("tickets/", TAKES_DOWN, Idempotency_Key=KEY)
    answer = desk.post("tickets/", {**TAKES_DOWN, "text": "另一件事"}, Idempotency_Key=KEY)
    assert (answer.status_code, Ticket.objects.count()) == (422, 1)


def test_a_key_is_each_callers_own(world: World) -> None:
    for who in (world.desk, world.other_desk):
        Program(who).post("tickets/", TAKES_DOWN, Idempotency_Key=KEY)
    assert Ticket.objects.count() == 2


def claim(program: Program, number: str, tag: str) -> Any:
    return program.post(f"tickets/{number}/claim/", {}, If_Match=tag, Idempotency_Key=KEY)


def test_a_verb_sent_again_is_one_event(world: World) -> None:
    ticket = world.dispatched()
    program = Program(world.handler)
    tag = program.get(f"tickets/{ticket.number}/")["ETag"]
    first, again = (claim(program, ticket.number, tag) for _time in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    told = [answer.json() for answer in (first, again)]
    assert told[0].keys() == told[1].keys()
    assert lasting(told[0].get("ticket", told[0])) == lasting(told[1].get("ticket", told[1]))
    assert Event.objects.filter(verb="claim").count() == 1


def test_a_key_of_one_ticket_is_not_one_of_another(world: World) -> None:
    first, second = world.dispatched(), world.dispatched()
    program = Program(world.handler)
    assert claim(program, first.number, f'"{first.version}"').status_code == 200
    answer = claim(program, second.number, f'"{second.version}"')
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["idempotency_key"])


def test_what_was_refused_has_not_used_the_key(world: World) -> None:
    ticket = world.handled()
    program, path = Program(world.handler), f"tickets/{ticket.number}/note/"
    tag = f'"{ticket.version}"'
    assert program.post(path, {}, If_Match=tag, Idempotency_Key=KEY).status_code == 422
    again = program.post(path, {"text": "到了"}, If_Match=tag, Idempotency_Key=KEY)
    assert again.status_code == 200


def test_files_sent_again_are_kept_once(world: World) -> None:
    ticket = world.handled()
    program, content = Program(world.handler), photo()
    answers = [
        program.client.post(
            f"{V1}tickets/{ticket.number}/arrive/",
            {"position": "30.245, 120.155", "before_photos": upload(content)},
            headers={"if-match": f'"{ticket.version}"', "idempotency-key": KEY},
        )
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert ticket.attachments.count() == 1


def test_parallel_twins_of_a_report_are_one_ticket(committed_world: World) -> None:
    twins = [Program(committed_world.desk) for _twin in range(4)]
    answers = race(
        *(lambda one=one: one.post("tickets/", TAKES_DOWN, Idempotency_Key=KEY) for one in twins)
    )
    assert {answer.status_code for answer in answers} == {201}
    assert (Ticket.objects.count(), Event.objects.count()) == (1, 1)


def test_parallel_twins_of_a_verb_are_one_event(committed_world: World) -> None:
    ticket = committed_world.dispatched()
    twins = [Program(committed_world.handler) for _twin in range(4)]
    tag = f'"{ticket.version}"'
    answers = race(*(lambda one=one: claim(one, ticket.number, tag) for one in twins))
    assert {answer.status_code for answer in answers} == {200}
    assert Event.objects.filter(verb="claim").count() == 1


def test_of_two_claimers_one_wins_and_the_other_is_told(committed_world: World) -> None:
    world = committed_world
    ticket = world.dispatched()
    racers = [Program(world.handler), Program(world.other_handler), Program(world.clerk)]
    path, tag = f"tickets/{ticket.number}/claim/", f'"{ticket.version}"'
    answers = race(*(lambda one=one: one.post(path, {}, If_Match=tag) for one in racers))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert "签收" in lost.json()["detail"]


def test_of_two_who_saw_the_same_version_one_is_stale(committed_world: World) -> None:
    world = committed_world
    ticket = world.dispatched()
    racers = [Program(world.desk), Program(world.other_desk)]
    path, tag = f"tickets/{ticket.number}/redirect/", f'"{ticket.version}"'
    body = {"unit": "XF", "text": "是消防通道"}
    answers = race(*(lambda one=one: one.post(path, body, If_Match=tag) for one in racers))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    stale = next(answer for answer in answers if answer.status_code == 412)
    assert stale.json()["current"]["unit"]["code"] == "XF"
