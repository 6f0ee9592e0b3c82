"""What becomes of an item: one table, asked in a real browser once."""

from typing import Any

from playwright.sync_api import Page

from tests.field.phone import Phone

VERDICTS = {
    (200, ""): "DONE", (201, ""): "DONE",
    (401, "not_logged_in"): "LOGIN", (403, "csrf"): "LOGIN",
    (403, "factor"): "KEEP", (409, "other_person"): "KEEP",
    (429, "too_many"): "LATER", (503, "unavailable"): "LATER",
    (0, ""): "BACKOFF", (408, ""): "BACKOFF", (500, ""): "BACKOFF", (502, ""): "BACKOFF",
    (400, "malformed"): "HELD", (403, "not_yours"): "HELD", (404, "not_visible"): "HELD",
    (409, "impossible"): "HELD", (410, "gone"): "HELD", (412, "stale"): "HELD",
    (413, "too_large"): "HELD", (415, "media_type"): "HELD", (422, "invalid"): "HELD",
    (428, "version_missing"): "HELD",
}  # fmt: skip
NOW = 1_000_000
ASK = "(rows) => rows.map(([status, code]) => Field.items.verdict(status, code))"
READY = "([items, now]) => Field.items.ready(items, 'person:1', now).map((item) => item.id)"
PAUSES = "[0, 1, 4, 9].map((tries) => [0, 1].map((luck) => Field.items.pause(tries, luck)))"
HOPELESS = "[[7, 500], [8, 500], [8, 0], [99, 0]].map(([n, s]) => Field.items.isHopeless(n, s))"


def item(id: str, made: int, **more: Any) -> dict[str, Any]:
    known = {"person": "person:1", "state": "WAITING", "notBefore": 0, "until": 0, "number": None}
    return {**known, "id": id, "made": made, **more}


KEPT = [
    item("late", 9), item("first", 1), item("another's", 2, person="person:2"),
    item("held", 3, number="A", state="HELD"), item("behind held", 4, number="A"),
    item("resting", 5, number="B", notBefore=NOW + 1), item("behind resting", 6, number="B"),
    item("under way", 7, state="SENDING", until=NOW + 1), item("died", 8, state="SENDING"),
    item("done", 0, state="DONE"),
]  # fmt: skip


def test_every_answer_has_its_verdict_and_every_item_its_turn(phone: Phone) -> None:
    page: Page = phone.open("/field/queue/")
    assert page.evaluate(ASK, [list(row) for row in VERDICTS]) == list(VERDICTS.values())
    assert page.evaluate(READY, [KEPT, NOW]) == ["first", "died", "late"]
    assert page.evaluate(PAUSES) == [
        [4000, 6000], [8000, 12000], [64000, 96000], [240000, 360000],
    ]  # fmt: skip
    assert page.evaluate(HOPELESS) == [False, True, False, False]
