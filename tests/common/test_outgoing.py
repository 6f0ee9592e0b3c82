"""What leaves the house goes where it may and nowhere else, and never for long."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from common import outgoing
from common.outgoing import Unreachable, call
from tests.servers.papers import papers
from tests.servers.plain import Reply, Server, running

__all__ = ["papers"]


@pytest.fixture
def allowed(settings: Any) -> Any:
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.0/8"]
    return settings


@pytest.fixture
def server(allowed: Any) -> Iterator[Server]:
    with running(Server(lambda asked: Reply(body=b'{"ok": true}'))) as found:
        yield found


def why(url: str, **more: Any) -> str:
    with pytest.raises(Unreachable) as told:
        call("GET", url, **more)
    return told.value.why


def test_an_allowed_address_answers(server: Server) -> None:
    answer = call("POST", f"{server.url}/a?b=1", headers={"X-One": "1"}, body=b"text")
    asked = server.asked[0]
    assert (answer.status, answer.json()) == (200, {"ok": True})
    assert (asked.method, asked.path, asked.body) == ("POST", "/a?b=1", b"text")
    assert (asked.headers["x-one"], asked.headers["host"]) == ("1", server.url[7:])


def test_this_machine_is_not_reached_unless_allowed(server: Server, settings: Any) -> None:
    settings.HUBIN_EGRESS_ALLOW = []
    assert why(server.url) == "address"
    assert why(server.url.replace("http", "https")) == "address"
    assert server.asked == []


def test_a_host_is_allowed_by_its_name(server: Server, settings: Any) -> None:
    settings.HUBIN_EGRESS_ALLOW = ["Localhost"]
    assert call("GET", server.url.replace("127.0.0.1", "localhost")).status == 200
    assert why(server.url) == "address"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "::1", "::", "fe80::1",
     "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
     "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1"],
)  # fmt: skip
def test_inside_addresses_are_not_public(address: str) -> None:
    assert not outgoing.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8"])
def test_outside_addresses_are(address: str) -> None:
    assert outgoing.is_public(address)


def test_a_mapped_address_is_allowed_as_what_it_is(allowed: Any) -> None:
    assert outgoing.is_allowed("::ffff:127.0.0.1", "x")
    assert not outgoing.is_allowed("::ffff:10.0.0.1", "x")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_found_out(host: str) -> None:
    assert why(f"https://{host}/") in ("address", "dns")


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "file:///etc/passwd", "https://", "//example.org", "https://a@b/",
     "https://:p@b/", "https://b:99999/", "https://b/\r\nX: y", "https://b/a b", "https://[::1",
     "gopher://b/", "https://b/\u4e2d", "", "https://" + "a" * 70 + ".org/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    assert why(url) in ("bad_url", "dns")


def test_plain_http_goes_to_allowed_addresses_only(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_names(monkeypatch, "8.8.8.8")
    assert why("http://gateway.example/") == "address"


def answer_names(monkeypatch: pytest.MonkeyPatch, *once: str) -> list[str]:
    """A name server that gives another address each time it is asked for a name."""
    left, asked, real = list(once), list[str](), socket.getaddrinfo

    def resolve(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        if host.replace(".", "").isdecimal():
            return real(host, port, *more, **named)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (left.pop(0), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_the_address_that_was_checked_is_the_one_that_is_reached(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer_names(monkeypatch, "127.0.0.1", "10.0.0.1")
    url = server.url.replace("127.0.0.1", "rebind.example")
    assert call("GET", url).status == 200
    assert asked == ["rebind.example"]
    assert server.asked[0].headers["host"] == url[7:]


def test_one_forbidden_address_spoils_the_name(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(2, 1, 6, "", ("127.0.0.1", 0)), (2, 1, 6, "", ("10.0.0.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: rows)
    assert why(server.url) == "address"
    assert server.asked == []


def told(reply: Reply) -> str:
    with running(Server(lambda asked: reply)) as server:
        return why(server.url)


def test_a_redirect_is_an_answer_and_not_a_way(server: Server) -> None:
    server.answering = lambda asked: Reply(302, headers={"Location": "/elsewhere"})
    assert call("GET", server.url).status == 302
    assert len(server.asked) == 1


def test_who_never_answers_costs_the_time_allowed(allowed: Any) -> None:
    allowed.HUBIN_EGRESS_SECONDS = 0.2
    assert told(Reply(silent=True)) == "timeout"


def test_who_drips_does_not_get_more_time(allowed: Any) -> None:
    allowed.HUBIN_EGRESS_SECONDS = 0.3
    assert told(Reply(drip=True, headers={"Content-Length": "100000"})) == "timeout"


def test_a_connection_cut_in_the_middle_is_no_answer(allowed: Any) -> None:
    assert told(Reply(body=b"x" * 1000, cut=True)) == "connection"


@pytest.mark.parametrize("headers", [{}, {"Content-Length": ""}], ids=["announced", "not told"])
def test_no_more_is_read_than_allowed(allowed: Any, headers: dict[str, str]) -> None:
    allowed.HUBIN_EGRESS_BYTES = 1000
    assert told(Reply(body=b"x" * 1001, headers=headers)) == "too_large"


def test_packed_answers_are_refused(allowed: Any) -> None:
    assert told(Reply(body=b"x", headers={"Content-Encoding": "gzip"})) == "encoding"


def test_a_closed_port_is_told(allowed: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert why(f"http://127.0.0.1:{port}/") == "connection"


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000, b""])
def test_garbage_is_no_json(server: Server, body: bytes) -> None:
    server.answering = lambda asked: Reply(body=body)
    with pytest.raises(Unreachable, match="garbage"):
        call("GET", server.url).json()


@pytest.fixture
def safe(allowed: Any, papers: tuple[str, str]) -> Iterator[Server]:
    server = Server(lambda asked: Reply(body=b"{}"))
    server.protect(*papers)
    with running(server):
        yield server


def local(server: Server) -> str:
    return server.url.replace("127.0.0.1", "localhost")


def test_a_certificate_nobody_vouches_for_is_refused(safe: Server) -> None:
    assert why(local(safe)) == "tls"
    assert safe.asked == []


def test_an_authority_of_ones_own_is_trusted(
    safe: Server, allowed: Any, papers: tuple[str, str]
) -> None:
    allowed.HUBIN_EGRESS_CA = papers[0]
    assert call("GET", local(safe)).status == 200


def test_the_certificate_has_to_be_the_hosts(
    safe: Server, allowed: Any, papers: tuple[str, str]
) -> None:
    allowed.HUBIN_EGRESS_CA = papers[0]
    assert why(safe.url) == "tls"
    assert safe.asked == []


def test_the_log_names_the_host_and_keeps_the_rest(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.answering = lambda asked: Reply(cut=True, body=b"secret-body")
    why(f"{server.url}/?key=secret-key", headers={"Authorization": "secret-header"})
    assert "127.0.0.1: connection" in caplog.text
    assert "secret" not in caplog.text
