"""What tests of the reporter's pages share."""

from typing import Any

from django.test import Client
from django.urls import reverse

GOOD = {"stars": "5", "is_solved": "yes"}
BAD = {"stars": "2", "is_solved": "no", "rate_reason": "SLOW", "comment": "还堆着呢"}


def look(token: str, verb: str = "") -> Any:
    """Open the page, or the form of one verb, as a visitor without a session."""
    return Client().get(address(token, verb))


def do(token: str, verb: str, **needs: Any) -> Any:
    """Send the form of one verb."""
    return Client().post(address(token, verb), needs)


def address(token: str, verb: str = "") -> str:
    return reverse("follow_verb", args=[token, verb]) if verb else reverse("follow", args=[token])


def text_of(response: Any) -> str:
    return str(response.content.decode())
