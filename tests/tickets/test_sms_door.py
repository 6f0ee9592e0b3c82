"""The gateway's own door: who signs is listened to, everybody else gets a sentence."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from notices.models import Incident
from tests.tickets.test_links import move
from tests.tickets.texting import KEY, NUMBER, post, signed, texted
from tests.world import World
from tickets.models import Rating

BODY = json.dumps({"id": "m1", "phone": NUMBER, "text": "5"}).encode()


@pytest.fixture(autouse=True)
def key(db: None, monday: None, settings: Any) -> None:
    settings.HUBIN_SMS_REPLY_KEY = KEY


def refused(answer: Any, status: int, code: str) -> str:
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert answer["Content-Type"] == "application/problem+json"
    assert told["detail"].endswith("。")
    assert not Rating.objects.exists()
    assert not Incident.objects.exists()
    return str(told["detail"])


def test_without_a_key_the_door_is_shut(settings: Any) -> None:
    settings.HUBIN_SMS_REPLY_KEY = ""
    assert "HUBIN_SMS_REPLY_KEY" in refused(post(BODY), 404, "not_visible")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_post(method: str) -> None:
    answer = getattr(Client(), method)("/notices/sms/reply/")
    refused(answer, 405, "method")
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize("header", ["", "v1=abc", "t=1,v1=0", f"t=x,v1={'0' * 64}"])
def test_what_is_not_signed_is_not_read(header: str) -> None:
    assert "X-Hubin-Signature" in refused(post(BODY, header), 403, "not_yours")


def test_another_key_signs_nothing(world: World) -> None:
    world.replied()
    assert "签名不符" in refused(post(BODY, signed(BODY, key="x" * 36)), 403, "not_yours")


def test_another_body_is_not_what_was_signed(world: World) -> None:
    world.replied()
    refused(post(BODY.replace(b"5", b"1"), signed(BODY)), 403, "not_yours")


@pytest.mark.parametrize("drift", [-330, 330])
def test_what_was_signed_at_another_time_is_refused(drift: int) -> None:
    assert "5 分钟" in refused(post(BODY, signed(BODY, drift=drift)), 403, "not_yours")


@pytest.mark.parametrize("drift", [-270, 270])
def test_clocks_may_differ_by_five_minutes(drift: int) -> None:
    assert post(BODY, signed(BODY, drift=drift)).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 2000])
def test_what_is_no_object_is_malformed(body: bytes) -> None:
    refused(post(body), 400, "malformed")


@pytest.mark.parametrize("name", ["id", "phone", "text"])
@pytest.mark.parametrize("value", [None, "", 5, ["x"], "x" * 1001, "a\x00b", "\ud800"])
def test_a_wrong_field_is_named(name: str, value: Any) -> None:
    given = {"id": "m1", "phone": NUMBER, "text": "5", name: value}
    assert name in refused(post(json.dumps(given).encode()), 422, "invalid")


def test_too_much_is_not_read() -> None:
    refused(post(b"x" * 4097), 413, "too_large")


def test_the_same_id_with_other_words_is_refused(world: World) -> None:
    world.replied()
    texted("5")
    assert texted("1").status_code == 422
    assert Rating.objects.get().stars == 5


def test_one_number_does_not_keep_the_door_busy(settings: Any) -> None:
    for nth in range(20):
        assert texted("5", id=f"m{nth}").status_code == 200
    answer = texted("5", id="m20")
    assert answer.status_code == 429
    assert 3000 < int(answer["Retry-After"]) <= 3600
    assert texted("5", number="13900009999", id="m21").status_code == 200


def test_who_guesses_signatures_is_slowed_down(settings: Any) -> None:
    for _nth in range(21):
        assert post(BODY, f"t=1,v1={'0' * 64}").status_code == 403
    answer = post(BODY)
    assert answer.status_code == 429
    assert 300 < int(answer["Retry-After"]) <= 600
    move(settings, timedelta(minutes=10))
    assert post(BODY).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_message_from_two_sides_rates_once(committed_world: World) -> None:
    committed_world.replied()

    def hand_in() -> int:
        try:
            return int(texted("5").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [call.result() for call in [pool.submit(hand_in) for _nth in range(2)]]
    assert done == [200, 200]
    assert Rating.objects.count() == 1
