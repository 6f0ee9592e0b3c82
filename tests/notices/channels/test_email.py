"""E-mail against a server that speaks SMTP: it takes, refuses, drops and is slow."""

from collections.abc import Iterator
from typing import Any

import pytest

from notices.channels.email import Email
from notices.channels.messages import Message, NotSent
from notices.channels.ways import way
from tests.notices.channels.sending import AT, MESSAGE, failure, later
from tests.servers.plain import running
from tests.servers.smtp import SENDER, MailServer

TO = "li@unit.example"


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.1"]
    with running(MailServer()) as found:
        settings.HUBIN_EMAIL_URL, settings.HUBIN_EMAIL_FROM = found.url(), SENDER
        yield found


def client() -> Email:
    found = way("EMAIL")
    assert isinstance(found, Email)
    return found


def fails(**changed: Any) -> NotSent:
    return failure(client(), **{"to": TO, **changed})


def letter(**more: Any) -> Message:
    return Message(MESSAGE.title, MESSAGE.text, to=TO, dedupe_key="d" * 64, **more)


def test_it_is_off_without_a_server(settings: Any) -> None:
    assert way("EMAIL") is None


def test_a_letter_arrives_in_both_forms(server: MailServer) -> None:
    sent = client().send(letter(html="<p>路灯</p>", url=MESSAGE.url), at=AT)
    ((recipient, taken),) = server.taken
    plain, html = (taken.get_body([kind]) for kind in ("plain", "html"))
    assert (recipient, taken["From"]) == (TO, SENDER)
    assert taken["Subject"].strip() == MESSAGE.title
    assert plain.get_content().split() == [*MESSAGE.text.split(), MESSAGE.url]  # type: ignore[union-attr]
    assert html.get_content().strip() == "<p>路灯</p>"  # type: ignore[union-attr]
    assert taken["Message-ID"] == sent.provider_id
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Date"].datetime == AT


def test_a_second_try_has_the_same_message_id(server: MailServer) -> None:
    told = {client().send(letter(), at=AT).provider_id for _nth in range(2)}
    other = client().send(Message("其他", "", to=TO, dedupe_key="e" * 64), at=AT)
    assert len(told) == 1
    assert told != {other.provider_id}
    assert other.provider_id.endswith("@hubin.example>")


def test_a_title_of_two_lines_makes_no_header_of_its_own(server: MailServer) -> None:
    client().send(Message("标题\r\nBcc: all@unit.example", "正文", to=TO), at=AT)
    ((_recipient, taken),) = server.taken
    assert (taken["Bcc"], taken["Subject"]) == (None, "标题 Bcc: all@unit.example")


@pytest.mark.parametrize("step", ["connect", "ehlo", "sender", "recipient", "data", "body"])
def test_4xx_asks_for_later(server: MailServer, step: str) -> None:
    server.refuse[step] = "451 4.3.0 Try again"
    told = fails()
    assert told.code.endswith("451")
    assert (told.is_final, told.retry_after) == (False, None)
    assert server.taken == []


@pytest.mark.parametrize(
    ("step", "code"),
    [("connect", "connect 554"), ("login", "login 554"), ("sender", "sender 554"),
     ("recipient", "recipient 554"), ("data", "data 554"), ("body", "data 554")],
)  # fmt: skip
def test_5xx_is_final_and_says_at_which_step(server: MailServer, step: str, code: str) -> None:
    server.refuse[step] = "554 5.7.1 No"
    told = fails()
    assert later(told) == (code, True, None)
    assert told.is_addressees == (step == "recipient")
    assert server.taken == []


@pytest.mark.parametrize("step", ["connect", "ehlo", "sender", "recipient", "data", "body"])
def test_a_dropped_connection_asks_for_later(server: MailServer, step: str) -> None:
    server.act[step] = "drop"
    assert later(fails()) == ("connection", False, None)


@pytest.mark.parametrize("act", ["silent", "drip"])
@pytest.mark.parametrize("step", ["connect", "recipient", "body"])
def test_a_slow_server_is_not_waited_for(
    server: MailServer, settings: Any, step: str, act: str
) -> None:
    settings.HUBIN_EGRESS_SECONDS = 0.3
    server.act[step] = act
    assert later(fails()) == ("timeout", False, None)


@pytest.mark.parametrize("act", ["drop", "silent"])
def test_what_was_taken_is_sent_though_the_parting_is_rude(server: MailServer, act: str) -> None:
    server.act["quit"] = act
    client().send(letter(), at=AT)
    assert len(server.taken) == 1


def test_a_wrong_password_is_final(server: MailServer, settings: Any) -> None:
    settings.HUBIN_EMAIL_URL = server.url(user="hubin:wrong")
    assert later(fails()) == ("login 535", True, None)


@pytest.mark.parametrize("to", ["", "nobody", "a@b@c", "li@unit.example\nBcc: x@y.example"])
def test_an_address_that_is_none_is_its_own_trouble(server: MailServer, to: str) -> None:
    told = fails(to=to)
    assert (told.code, told.is_final, told.is_addressees) == ("bad_address", True, True)
    assert server.said == []


def test_nobody_listens(server: MailServer, settings: Any) -> None:
    settings.HUBIN_EMAIL_URL = "smtp://127.0.0.1:9"
    assert later(fails()) == ("connection", False, None)


def test_unencrypted_it_stays_inside(server: MailServer, settings: Any) -> None:
    settings.HUBIN_EGRESS_ALLOW = []
    assert later(fails()) == ("address", False, None)
    assert server.said == []
