"""Whose address is counted: the visitor's, and not the proxy's or an invented one."""

from ipaddress import ip_network
from typing import Any

import pytest
from axes.helpers import get_client_ip_address
from django.test import Client, RequestFactory

from common.visitors import address_of, is_from

PROXY = "10.0.0.5"


def seen(told: str = "", own: str = PROXY) -> str:
    more: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": told} if told else {}
    return address_of(RequestFactory().get("/", REMOTE_ADDR=own, **more))


def test_without_proxies_nobody_is_believed() -> None:
    assert seen("198.51.100.7", own="192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.4", "198.51.100.7"),
        (1, "", PROXY),
        (2, "198.51.100.7", PROXY),
        (3, "198.51.100.7", PROXY),
        (1, "unknown", PROXY),
        (1, "6.6.6.6,", PROXY),
        (1, "<script>", PROXY),
    ],
)
def test_behind_proxies_it_is_whom_the_outermost_heard(
    settings: Any, proxies: int, told: str, address: str
) -> None:
    settings.HUBIN_PROXIES = proxies
    assert seen(told) == address


@pytest.mark.parametrize(
    ("own", "counted"),
    [("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("::ffff:192.0.2.1", "192.0.2.1"), ("", "")],
)
def test_a_household_counts_as_one(own: str, counted: str) -> None:
    assert seen(own=own) == counted


HERE = [ip_network("127.0.0.1"), ip_network("::1"), ip_network("10.1.0.0/16")]


ASKERS: list[tuple[str, str, int, bool]] = [
    ("127.0.0.1", "", 0, True),
    ("::1", "", 0, True),
    ("::ffff:127.0.0.1", "", 0, True),
    ("10.1.2.3", "", 0, True),
    ("::2", "", 0, False),
    ("10.2.0.1", "", 0, False),
    ("", "", 0, False),
    # a proxy that nobody told us of hands on a stranger
    ("127.0.0.1", "198.51.100.7", 0, False),
    ("127.0.0.1", "198.51.100.7", 1, False),
    ("127.0.0.1", "10.1.2.3", 1, True),
    ("127.0.0.1", "10.1.2.3, 198.51.100.7", 1, False),
    ("127.0.0.1", "nobody", 1, False),
    ("127.0.0.1", "127.0.0.1", 2, False),
    # asked beside the proxy
    ("127.0.0.1", "", 1, True),
]


@pytest.mark.parametrize(("own", "told", "proxies", "is_ours"), ASKERS)
def test_only_the_very_address_opens_what_is_for_few(
    settings: Any, own: str, told: str, proxies: int, is_ours: bool
) -> None:
    settings.HUBIN_PROXIES = proxies
    more: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": told} if told else {}
    assert is_from(RequestFactory().get("/", REMOTE_ADDR=own, **more), HERE) is is_ours


def test_lock_out_and_limits_use_it(settings: Any) -> None:
    settings.HUBIN_PROXIES = 1
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert get_client_ip_address(request) == "198.51.100.7"


@pytest.mark.django_db
def test_who_is_locked_out_locks_out_no_other(settings: Any) -> None:
    settings.HUBIN_PROXIES = 1
    words = {"username": "limin", "password": "guess"}
    guesser, other = ("198.51.100.7", "198.51.100.8")
    for _try in range(settings.AXES_FAILURE_LIMIT):
        Client().post("/login/", words, headers={"X-Forwarded-For": guesser})
    answers = [
        Client().post("/login/", words, headers={"X-Forwarded-For": who}).status_code
        for who in (guesser, other)
    ]
    assert answers == [429, 200]
