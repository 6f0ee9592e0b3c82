"""Every refusal is problem+json with a sentence, in the order of DESIGN §3.5."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from tests.api.asking import V1, Program
from tests.world import World
from tickets import actions
from tickets.models import Event

PROBLEM = "application/problem+json"
MEMBERS = {"type", "title", "status", "detail", "code", "instance"}


def told(answer: Any) -> tuple[int, str]:
    """Status and code of a problem that is well formed."""
    body = answer.json()
    assert answer["Content-Type"] == PROBLEM
    assert body["status"] == answer.status_code
    assert set(body) >= MEMBERS
    return answer.status_code, body["code"]


def test_nobody_is_asked_to_log_in(world: World) -> None:
    answer = Program(None).get("tickets/")
    assert told(answer) == (401, "not_logged_in")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_unknown_address_is_a_problem_too(world: World) -> None:
    assert told(Program(world.desk).get("nothing/")) == (404, "not_found")


def test_another_method_names_those_that_work(world: World) -> None:
    answer = Program(world.desk).client.delete(V1 + "tickets/")
    assert (told(answer), "GET" in answer["Allow"]) == ((405, "method"), True)


def test_another_format_is_refused(world: World) -> None:
    answer = Program(world.desk).client.post(V1 + "tickets/", "<a/>", content_type="text/xml")
    assert told(answer) == (415, "media_type")


def test_a_session_needs_its_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.desk, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(V1 + "tickets/", "{}", content_type="application/json")
    assert told(answer) == (403, "csrf")


def test_what_another_person_wrote_down_is_not_done(world: World) -> None:
    ticket = world.handled()
    meant = {"If_Match": f'"{ticket.version}"', "Hubin_Person": world.handler.actor_ref}
    path, body = f"tickets/{ticket.number}/note/", {"text": "到了现场"}
    assert told(Program(world.clerk).post(path, body, **meant)) == (409, "other_person")
    assert not Event.objects.filter(verb="note").exists()
    assert Program(world.handler).post(path, body, **meant).status_code == 200


def test_what_may_not_be_seen_is_not_there(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.far_handler).post(f"tickets/{ticket.number}/claim/")
    assert told(answer) == (404, "not_visible")


def test_impossible_now_comes_before_whose_it_is(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.grid_worker).post(f"tickets/{ticket.number}/accept/")
    assert told(answer) == (409, "impossible")
    assert ticket.number in answer.json()["detail"]


def test_whose_it_is_comes_before_the_version(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.leader).post(f"tickets/{ticket.number}/note/")
    assert told(answer) == (403, "not_yours")


def test_a_missing_version_comes_before_the_needs(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.handler).post(f"tickets/{ticket.number}/note/")
    assert told(answer) == (428, "version_missing")


def test_a_stale_version_comes_before_the_needs_and_shows_the_present(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.handler).post(f"tickets/{ticket.number}/note/", If_Match='"1"')
    assert told(answer) == (412, "stale")
    assert answer.json()["current"]["version"] == ticket.version


def test_a_need_is_named_with_its_sentence(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.handler).do(ticket.number, "note")
    assert told(answer) == (422, "invalid")
    assert answer.json()["errors"] == {"text": ["请填写“备注内容”。"]}


def test_what_only_the_action_can_tell_is_named_too(world: World) -> None:
    ticket = world.verified()
    answer = Program(world.desk).do(ticket.number, "reply", {"final_answer": "已收悉"})
    assert list(answer.json()["errors"]) == ["final_answer"]


def test_gone_is_gone(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.answer(ticket, by=world.other_desk, at=world.at, answer="灯已修好, 请您再看看是否正常")
    actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)
    answer = Program(world.desk).do(ticket.number, "rate", {"stars": 5, "is_solved": True})
    assert told(answer) == (410, "gone")


def test_an_unknown_verb_is_not_there(world: World) -> None:
    ticket = world.handled()
    for verb in ("close", "erase", "remind", "nonsense"):
        answer = Program(world.handler).post(f"tickets/{ticket.number}/{verb}/")
        assert answer.status_code == 404


def test_the_sentences_are_english_for_who_reads_english(world: World) -> None:
    answer = Program(world.desk).get("tickets/330102-20200101-00001/", Accept_Language="en")
    assert answer.json()["detail"].isascii()


def test_a_lost_database_is_said_to_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    program = Program(world.desk)
    monkeypatch.setattr("tickets.boards.page", lost)
    answer = program.get("tickets/")
    assert (told(answer), answer["Retry-After"]) == ((503, "unavailable"), "10")


def test_what_nobody_foresaw_is_a_problem_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.boards.page", None)
    answer = Program(world.desk).get("tickets/")
    assert told(answer) == (500, "broken")
