"""Patrol for programs: what is to be visited today, and visits."""

from typing import Any

import pytest

from tests.api.asking import Program
from tests.tickets.test_patrols import place
from tests.world import World
from tickets.models import CheckIn

SPOT = {"way": "SPOT", "lat": 30.245, "lng": "120.155", "accuracy": 12}
KEY = {"Idempotency_Key": "0b5c9a2e-visit-1"}


def test_the_day_is_told_and_a_visit_ends_it(nine: World) -> None:
    place(nine)
    walker = Program(nine.grid_worker)
    told = walker.get("patrol/").json()
    assert (told["day"], [one["stand"] for one in told["results"]]) == ("2026-11-23", ["DUE"])
    answer = walker.post("patrol/check-ins/", {"code": "P1", **SPOT}, **KEY)
    assert (answer.status_code, answer.json()["is_far"]) == (201, False)
    again = walker.post("patrol/check-ins/", {"code": "P1", **SPOT}, **KEY)
    assert (again.json(), CheckIn.objects.count()) == (answer.json(), 1)
    one = walker.get("patrol/").json()["results"][0]
    assert (one["stand"], one["next_on"]) == ("DONE", "2026-11-24")


def test_a_visit_says_which_ticket_was_found(nine: World) -> None:
    place(nine)
    walker = Program(nine.grid_worker)
    found = {"text": "地砖松动", "lat": 30.245, "lng": 120.155}
    number = walker.post("tickets/", found).json()["number"]
    body = {"code": "P1", "way": "HAND", "ticket": number, "observed_at": "2026-11-22T22:00:00Z"}
    told = walker.post("patrol/check-ins/", body).json()
    assert (told["ticket"], told["visited_at"][:13]) == (number, "2026-11-22T22")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"code": "P9", **SPOT}, 422, "code"),
        ({"code": "P1", "way": "QR", "mark": "x"}, 422, "mark"),
        ({"code": "P1", "way": "SPOT"}, 422, "lat"),
        ({"code": "P1", "way": "SPOT", "lat": 30.2}, 422, "lat"),
        ({"code": "P1", "way": "WALK"}, 422, "way"),
        ({"code": "P1", "way": "HAND", "ticket": "330102-20260101-00001"}, 422, "ticket"),
        ({"code": "P1", **SPOT, "observed_at": "2026-11-01T00:00:00Z"}, 422, "observed_at"),
        ({"code": "P2", **SPOT}, 403, None),
    ],
)
def test_what_is_wrong_is_named_and_nothing_kept(
    nine: World, body: dict[str, Any], status: int, field: str | None
) -> None:
    place(nine)
    place(nine, "P2", "other_grid")
    answer = Program(nine.grid_worker).post("patrol/check-ins/", body)
    assert answer.status_code == status
    assert field is None or list(answer.json()["errors"]) == [field]
    assert not CheckIn.objects.exists()
