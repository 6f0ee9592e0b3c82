"""Webhooks: signed over what was sent, the same delivery under the same name, 2xx only."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from notices.channels.messages import NotSent, Target
from notices.channels.webhook import Webhook, signature
from tests.notices.channels.sending import AT, MESSAGE, beside, failure, hurry, later
from tests.servers.plain import Reply
from tests.servers.webhook import SECRET, WebhookServer


@pytest.fixture
def server(settings: Any, monday: None) -> Iterator[WebhookServer]:
    with beside(WebhookServer(), settings) as found:
        yield found


def fails(server: WebhookServer, secret: str = SECRET) -> NotSent:
    return failure(Webhook(), Target(server.address, secret))


def test_the_other_side_believes_what_is_signed(server: WebhookServer) -> None:
    Webhook().send(MESSAGE, Target(server.address, SECRET), at=AT)
    told = server.taken[MESSAGE.dedupe_key]
    assert (told["kind"], told["title"], told["text"]) == ("warn", MESSAGE.title, MESSAGE.text)
    assert (told["id"], told["url"]) == (MESSAGE.dedupe_key, MESSAGE.url)
    assert told["sent_at"] == AT.isoformat()


def test_a_second_try_is_the_same_delivery(server: WebhookServer) -> None:
    for at in (AT, AT + timedelta(minutes=2)):
        Webhook().send(MESSAGE, Target(server.address, SECRET), at=at)
    assert (len(server.asked), len(server.taken)) == (2, 1)


def test_a_wrong_secret_is_final(server: WebhookServer) -> None:
    assert later(fails(server, "other")) == ("status 401", True, None)
    assert server.taken == {}


def test_nothing_goes_out_unsigned(server: WebhookServer) -> None:
    assert later(fails(server, "")) == ("no_secret", True, None)
    assert server.asked == []


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_a_receipt(server: WebhookServer, status: int) -> None:
    server.status = status
    Webhook().send(MESSAGE, Target(server.address, SECRET), at=AT)
    assert server.taken


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(301, True), (304, True), (400, True), (403, True), (404, True), (410, True), (422, True),
     (408, False), (425, False), (429, False), (500, False), (503, False)],
)  # fmt: skip
def test_other_answers_are_told_apart(server: WebhookServer, status: int, is_final: bool) -> None:
    server.mood = Reply(status, headers={"Location": server.address})
    assert later(fails(server)) == (f"status {status}", is_final, None)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_told(server: WebhookServer, status: int) -> None:
    server.mood = Reply(status, headers={"Retry-After": "120"})
    assert fails(server).retry_after == timedelta(minutes=2)


def test_nobody_makes_us_wait_longer_than_a_day(server: WebhookServer) -> None:
    server.mood = Reply(429, headers={"Retry-After": "99999999"})
    assert fails(server).retry_after == timedelta(days=1)


@pytest.mark.parametrize(
    ("mood", "code"),
    [(Reply(reset=True), "connection"), (Reply(silent=True), "timeout"),
     (Reply(200, drip=True, headers={"Content-Length": "9999"}), "timeout"),
     (Reply(200, b" " * 9_000, cut=True), "connection")],
)  # fmt: skip
def test_trouble_on_the_way_asks_for_later(
    server: WebhookServer, settings: Any, mood: Reply, code: str
) -> None:
    hurry(settings, code)
    server.mood = mood
    assert later(fails(server)) == (code, False, None)


def test_the_signature_depends_on_all_it_covers() -> None:
    known = ("secret", b"{}", AT)
    others = [("s", *known[1:]), (known[0], b"[]", AT), (*known[:2], AT + timedelta(seconds=1))]
    assert len({signature(*one) for one in (known, *others)}) == 4
