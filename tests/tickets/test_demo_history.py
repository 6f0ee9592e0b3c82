"""The rows of the demo's last weeks: the same each time, of all kinds, and a series among them."""

from collections import Counter

import pytest

from grids.models import Building
from tickets import demo
from tickets.demo import history

PLACES = [
    Building(code=f"B{nth}", name=f"听松公寓 {nth} 幢", address=f"听松巷 {nth} 号")
    for nth in range(1, 30)
]
ROWS = list(history.rows(PLACES))


def test_they_are_the_same_each_time() -> None:
    assert list(history.rows(PLACES)) == ROWS


def test_there_are_a_few_hundred_and_the_oldest_come_first() -> None:
    days = [int(row["days"]) for row in ROWS]
    assert 150 <= len(ROWS) <= 250
    assert days == sorted(days, reverse=True)
    assert (days[0], days[-1]) == (7 * history.WEEKS, 1)


def test_each_ending_is_one_that_is_told() -> None:
    endings = Counter(row["ending"] for row in ROWS)
    assert set(endings) <= set(demo.ENDINGS)
    assert endings["closed"] > len(ROWS) / 4
    assert {"handling", "dispatched", "settled", "unrated", "upheld"} <= set(endings)


def test_a_series_is_the_same_matter_at_the_same_corner() -> None:
    series = [row for row in ROWS if row["key"].startswith("series-")]
    assert len(series) == len(history.SERIES)
    assert len({(row["building"], row["category"]) for row in series}) == 1
    known = {row["key"] for row in ROWS}
    assert {row["other"] for row in series} - {""} <= known


@pytest.mark.parametrize("blank", ["{", "}"])
def test_nothing_is_left_to_fill_in(blank: str) -> None:
    assert not any(blank in row["text"] + row["answer"] for row in ROWS)


def test_no_key_or_phone_number_comes_twice() -> None:
    for name in ("key", "phone"):
        found = [row[name] for row in ROWS if row[name]]
        assert len(found) == len(set(found))
