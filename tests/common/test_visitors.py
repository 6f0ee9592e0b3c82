"""Whose address is counted: the visitor's, and not the proxy's or an invented one."""

from typing import Any

import pytest
from axes.helpers import get_client_ip_address
from django.test import Client, RequestFactory

from common.visitors import address_of

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
