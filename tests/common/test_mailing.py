"""Letters leave encrypted, or to the inside; the server has to be who it says."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from common import mailing
from common.mailing import Mail, MailRefused
from common.outgoing import Unreachable
from tests.servers.papers import papers
from tests.servers.plain import running
from tests.servers.smtp import SENDER, MailServer
from tests.world import MONDAY_NINE

__all__ = ["papers"]
MAIL = Mail(SENDER, "li@unit.example", "标题", "正文", key="k")


def context(papers: tuple[str, str]) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*papers)
    return made


@pytest.fixture(params=["smtps", "smtp+tls"])
def safe(request: Any, papers: tuple[str, str], settings: Any) -> Iterator[tuple[MailServer, str]]:
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.0/8", "localhost"]
    settings.HUBIN_EGRESS_CA = papers[0]
    with running(MailServer(context(papers), at_once=request.param == "smtps")) as server:
        yield server, request.param


def send(url: str) -> str:
    return mailing.send(MAIL, url=url, at=MONDAY_NINE)


def why(url: str) -> str:
    with pytest.raises(Unreachable) as told:
        send(url)
    return told.value.why


def test_an_encrypted_letter_arrives(safe: tuple[MailServer, str]) -> None:
    server, scheme = safe
    send(server.url(scheme, host="localhost"))
    assert len(server.taken) == 1


def test_the_certificate_has_to_be_the_hosts(safe: tuple[MailServer, str]) -> None:
    server, scheme = safe
    assert why(server.url(scheme)) == "tls"
    assert not any("AUTH" in line for line in server.said)


def test_a_certificate_nobody_vouches_for_is_refused(
    safe: tuple[MailServer, str], settings: Any
) -> None:
    settings.HUBIN_EGRESS_CA = ""
    assert why(safe[0].url(safe[1], host="localhost")) == "tls"


def test_a_password_is_not_said_where_nothing_is_encrypted(settings: Any) -> None:
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.1"]
    with running(MailServer()) as server, pytest.raises(MailRefused) as told:
        send(server.url("smtp+tls"))
    assert (told.value.step, told.value.is_final) == ("encryption", True)
    assert not any("AUTH" in line for line in server.said)


@pytest.mark.parametrize(
    "url", ["", "mail.example", "http://mail.example", "smtp://", "smtp://a:b", "smtp://a/b",
            "smtp://a?x=1"],
)  # fmt: skip
def test_an_address_that_is_none(url: str) -> None:
    assert why(url) == "bad_url"


def test_name_and_password_may_have_signs_in_them() -> None:
    found = mailing.split("smtps://li%40unit:p%40ss%2F1@mail.example")
    assert (found.user, found.password, found.port) == ("li@unit", "p@ss/1", 465)
