"""协办 by a program: what I am asked, my answer, letting somebody off."""

from tests.api.asking import Program
from tests.world import World
from tickets import actions
from tickets.models import Assist, Ticket


def enlisted(world: World, unit: str = "fire") -> tuple[Ticket, Assist]:
    ticket = world.handled()
    actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units[unit], question="看看消防通道"
    )
    return ticket, Assist.objects.get(ticket=ticket)


def test_a_helper_finds_what_is_asked_of_their_unit(world: World) -> None:
    ticket, assist = enlisted(world)
    rows = Program(world.fire_handler).get("assists/?mine=true").json()["results"]
    assert [(row["id"], row["ticket"]) for row in rows] == [(assist.pk, ticket.number)]


def test_a_resident_finds_none(world: World) -> None:
    enlisted(world)
    assert Program(world.resident).get("assists/").json()["results"] == []


def test_a_helper_answers(world: World) -> None:
    ticket, assist = enlisted(world)
    answer = Program(world.fire_handler).post(
        f"assists/{assist.pk}/answer/", {"assist_result": "DONE", "text": "通道已清"},
        If_Match=f'"{ticket.version}"',
    )  # fmt: skip
    assert answer.status_code == 200, answer.json()
    assist.refresh_from_db()
    assert (assist.state, assist.answered_by) == ("DONE", world.fire_handler)


def test_who_serves_two_units_answers_the_one_named(world: World) -> None:
    ticket, first = enlisted(world)
    second = world.units["office"]
    actions.enlist(ticket, by=world.handler, at=world.at, unit=second, question="看看门前")
    world.fire_handler.posts.create(kind="HANDLER", unit=second)
    named = Assist.objects.get(unit=second)
    Program(world.again("fire_handler")).post(
        f"assists/{named.pk}/answer/", {"assist_result": "DONE", "text": "门前已清"},
        If_Match=f'"{ticket.version}"',
    )  # fmt: skip
    first.refresh_from_db()
    named.refresh_from_db()
    assert (first.state, named.state) == ("OPEN", "DONE")


def test_the_desk_lets_a_helper_off(world: World) -> None:
    ticket, assist = enlisted(world)
    path = f"assists/{assist.pk}/waive/"
    assert Program(world.handler).post(path, {}, If_Match="1").status_code in (403, 412)
    answer = Program(world.desk).post(path, {}, If_Match=f'"{ticket.version}"')
    assert (answer.status_code, answer.json()["ticket"]["state"]) == (200, "HANDLING")


def test_what_is_over_is_over(world: World) -> None:
    ticket, assist = enlisted(world)
    actions.waive_assist(ticket, by=world.desk, at=world.at, assist=assist)
    answer = Program(world.desk).post(f"assists/{assist.pk}/waive/")
    assert answer.status_code == 409


def test_the_verb_of_the_ticket_does_the_same(world: World) -> None:
    ticket, assist = enlisted(world)
    answer = Program(world.desk).do(ticket.number, "waive_assist", {"assist": assist.pk})
    assert answer.status_code == 200, answer.json()
