"""The canonical form: golden values, and what must never get into it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tickets import record

GOLDEN = "d389568ece4a7c199eec0b70d09248d0a4961edd3f809417db4c508abba9a446"
EVENT: dict[str, Any] = {
    "number": "330102-20261123-00001",
    "seq": 2,
    "verb": "accept",
    "by": "person:7",
    "at": datetime(2026, 11, 23, 1, 0, 0, 123456, tzinfo=UTC),
    "frm": "REPORTED",
    "to": "ACCEPTED",
    "data": {"set": {"category_id": 3}, "note": "中文"},
    "prev": "ab" * 32,
}


def test_version_one_never_changes() -> None:
    assert record.event_hash(**EVENT) == GOLDEN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "330102-20261123-00002"),
        ("seq", 3),
        ("verb", "answer"),
        ("by", "person:8"),
        ("at", datetime(2026, 11, 23, 1, 0, 0, 123457, tzinfo=UTC)),
        ("frm", ""),
        ("to", "REPLIED"),
        ("data", {"set": {"category_id": 4}, "note": "中文"}),
        ("prev", "ac" * 32),
    ],
)
def test_every_part_of_an_event_counts(name: str, value: object) -> None:
    assert record.event_hash(**EVENT | {name: value}) != GOLDEN


def test_the_order_of_keys_does_not_count() -> None:
    turned = dict(reversed(EVENT["data"].items()))
    assert record.event_hash(**EVENT | {"data": turned}) == GOLDEN


@pytest.mark.parametrize("data", [{"x": 1.5}, {"x": [1, 2.0]}, {"x": {"y": 0.0}}])
def test_floats_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="float"):
        record.event_hash(**EVENT | {"data": data})


def test_words_without_their_salt_say_nothing() -> None:
    one, other = record.salt(), record.salt()
    assert record.words_digest(one, "是") != record.words_digest(other, "是")


def test_a_place_is_kept_to_a_tenth_of_a_metre() -> None:
    assert record.place_text(30.2450001, 120.155, "湖滨路") == "30.245000,120.155000|湖滨路"


def test_a_place_without_a_point_is_its_address() -> None:
    assert record.place_text(None, None, "湖滨路") == "-|湖滨路"
