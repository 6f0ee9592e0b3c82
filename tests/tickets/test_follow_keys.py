"""The door itself: keys, guesses, headers, forged requests, logs."""

import logging
from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from common.attempts import failed
from tests.tickets.follow import GOOD, address, do, look, text_of
from tests.world import World
from tickets.keys import make_key
from tickets.models import FollowKey
from tickets.views.follow import WRONG_KEYS

WRONG = "bm90LWEta2V5LWF0LWFsbA"


def test_an_unknown_key_opens_nothing(world: World) -> None:
    answer = look(WRONG)
    assert answer.status_code == 404
    assert "12345" in text_of(answer)


@pytest.mark.parametrize("verb", ["", "rate"])
def test_a_revoked_key_is_gone(world: World, verb: str) -> None:
    _ticket, token = world.reported_with_key()
    FollowKey.objects.update(revoked_at=world.at)
    answer = look(token, verb)
    assert answer.status_code == 410
    assert "12345" in text_of(answer)


def test_a_key_ends_ninety_days_after_the_ticket(world: World) -> None:
    ticket = world.replied()
    token = make_key(ticket, at=world.at)
    do(token, "rate", **GOOD)
    ticket.refresh_from_db()
    ticket.ended_at = clock.now() - timedelta(days=91)
    ticket.save(update_fields=["ended_at"])
    assert look(token).status_code == 410


def guess_until_refused() -> list[int]:
    return [look(WRONG).status_code for _guess in range(WRONG_KEYS.limit + 1)]


def test_guessing_is_slowed_down(world: World) -> None:
    codes = guess_until_refused()
    assert codes == [404] * WRONG_KEYS.limit + [429]


def test_the_refusal_says_when_to_come_back(world: World) -> None:
    guess_until_refused()
    answer = look(WRONG)
    assert 0 < int(answer["Retry-After"]) <= WRONG_KEYS.window.total_seconds()
    assert "十分钟后再试" in text_of(answer)


def test_neighbours_with_a_right_key_are_not_locked_out(world: World) -> None:
    _ticket, token = world.reported_with_key()
    guess_until_refused()
    assert look(token).status_code == 200


def test_after_the_window_guesses_are_answered_again(world: World) -> None:
    long_ago = clock.now() - WRONG_KEYS.window
    for _guess in range(WRONG_KEYS.limit + 1):
        failed(WRONG_KEYS, "127.0.0.1", at=long_ago)
    assert look(WRONG).status_code == 404


@pytest.mark.parametrize("known", [True, False])
def test_nothing_is_kept_indexed_or_told_to_others(world: World, known: bool) -> None:
    token = world.reported_with_key()[1] if known else WRONG
    answer = look(token)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in text_of(answer)


def test_a_forged_form_is_refused(world: World) -> None:
    ticket, token = world.reported_with_key()
    answer = Client(enforce_csrf_checks=True).post(address(token, "urge"), {"text": "伪造"})
    assert answer.status_code == 403
    assert ticket.events.count() == 1


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(world: World, method: str) -> None:
    _ticket, token = world.reported_with_key()
    assert getattr(Client(), method)(address(token, "urge")).status_code == 405


def test_the_page_itself_takes_no_forms(world: World) -> None:
    _ticket, token = world.reported_with_key()
    assert Client().post(address(token)).status_code == 405


def test_no_key_stands_in_a_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    _ticket, token = world.reported_with_key()
    with caplog.at_level(logging.DEBUG):
        look(token, "rate")
        do(token, "inform")
        Client(enforce_csrf_checks=True).post(address(token, "urge"))
    assert {record.name for record in caplog.records} >= {"django.request"}
    assert token not in caplog.text
