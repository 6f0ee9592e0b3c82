"""Neither follow keys nor rows of the database reach a log."""

import logging
import sys

import pytest

from common.logs import HideKeys, HideRows


def record(message: str, *args: object) -> logging.LogRecord:
    made = logging.LogRecord("django.request", logging.WARNING, "", 1, message, args, None)
    assert HideKeys().filter(made)
    return made


@pytest.mark.parametrize("address", ["/f/Zx9-_k/", "/f/Zx9-_k/rate/", "/language/?next=/f/Zx9-_k/",
                                     "/l/r1-0.Zx9-_k/"])  # fmt: skip
def test_a_key_is_hidden(address: str) -> None:
    assert "Zx9" not in record("Gone: %s", address).getMessage()


def test_what_is_no_key_stays() -> None:
    assert record("%s: %d of %s", "/t/1/", 7, None).getMessage() == "/t/1/: 7 of None"


def test_a_key_in_the_message_itself_is_hidden() -> None:
    assert record("Not Found: /f/Zx9/").getMessage() == "Not Found: /f/…/"


def test_a_row_quoted_by_the_database_is_dropped() -> None:
    message = "new row violates check\nDETAIL:  Failing row contains (赵见诚,\n13900001234)."
    made = logging.LogRecord("x", logging.ERROR, "", 1, "sweep: %s", (ValueError(message),), None)
    assert HideRows().filter(made)
    assert made.getMessage() == "sweep: new row violates check\nDETAIL: …"


def test_a_row_is_dropped_from_the_traceback_too() -> None:
    try:
        try:
            raise ValueError("violates\nDETAIL:  Failing row contains (赵见诚).")
        except ValueError as error:
            raise KeyError("outer") from error
    except KeyError:
        info = sys.exc_info()
    made = logging.LogRecord("x", logging.ERROR, "", 1, "failed", None, info)
    assert HideRows().filter(made)
    told = logging.Formatter("%(message)s").format(made)
    assert "赵见诚" not in told
    assert "violates" in told
    assert "KeyError: 'outer'" in told
