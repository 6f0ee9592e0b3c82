"""Follow keys never reach a log."""

import logging

import pytest

from common.logs import HideKeys


def record(message: str, *args: object) -> logging.LogRecord:
    made = logging.LogRecord("django.request", logging.WARNING, "", 1, message, args, None)
    assert HideKeys().filter(made)
    return made


@pytest.mark.parametrize("address", ["/f/Zx9-_k/", "/f/Zx9-_k/rate/", "/language/?next=/f/Zx9-_k/"])
def test_a_key_is_hidden(address: str) -> None:
    assert "Zx9" not in record("Gone: %s", address).getMessage()


def test_what_is_no_key_stays() -> None:
    assert record("%s: %d of %s", "/t/1/", 7, None).getMessage() == "/t/1/: 7 of None"


def test_a_key_in_the_message_itself_is_hidden() -> None:
    assert record("Not Found: /f/Zx9/").getMessage() == "Not Found: /f/…/"
