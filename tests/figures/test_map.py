"""地图: which tickets are on it, and how they come there."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.figures.counting import page
from tests.tickets.pages import entered, statements, text_of
from tests.world import World
from tickets import actions

POINTS = "/figures/map.json"


def points(world: World, who: str = "leader", **asked: str) -> dict[str, Any]:
    answer = page(world, who, POINTS, **asked)
    found: dict[str, Any] = json.loads(answer.content)
    return found


def move_on() -> None:
    """A minute later: what was reported this very moment is not before it."""
    moved = float(Path(settings.HUBIN_CLOCK_FILE).read_text(encoding="ascii")) + 60
    Path(settings.HUBIN_CLOCK_FILE).write_text(str(moved), encoding="ascii")


def test_what_is_open_is_on_the_map(nine: World) -> None:
    ticket = nine.handled()
    assert points(nine) == {"n": [ticket.number], "lat": [30.245], "lng": [120.155], "k": [0]}


def test_nothing_is_an_empty_map(nine: World) -> None:
    assert points(nine) == {"n": [], "lat": [], "lng": [], "k": []}


def test_of_a_period_what_has_ended_too(nine: World) -> None:
    nine.handled()
    ended = nine.replied()
    actions.rate(ended, by=nine.shift_leader, at=nine.at, stars=5, is_solved=True)
    move_on()
    assert sorted(points(nine, show="period")["k"]) == [0, 3]
    assert len(points(nine)["n"]) == 1


def test_sensitive_and_about_staff_are_neither_on_map_nor_list(nine: World) -> None:
    for kind in ("alone", "conduct"):
        nine.accepted(category=nine.categories[kind])
    assert points(nine, "inspector")["n"] == []
    assert 'class="board-link"' not in text_of(page(nine, "inspector", "/figures/map/"))


def test_of_other_streets_nothing_is_on_the_map(nine: World) -> None:
    nine.reported(place=nine.far_spot, by=nine.far_desk)
    assert points(nine)["n"] == []
    assert len(points(nine, "district_leader")["n"]) == 1


def test_beyond_the_cap_one_more_tells_of_it(nine: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HUBIN_MAP_MOST", 2)
    numbers = [nine.handled().number for _nth in range(4)]
    assert points(nine)["n"] == numbers[:0:-1]


def test_it_comes_packed_and_only_when_it_changed(nine: World) -> None:
    nine.handled()
    client = entered(nine.again("leader"))
    first = client.get(POINTS, headers={"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(first.content))["n"]
    again = client.get(POINTS, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    nine.handled()
    assert client.get(POINTS, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("where", [POINTS, "/figures/map/"])
def test_the_map_costs_the_same_however_many(nine: World, where: str) -> None:
    nine.handled()
    client = entered(nine.again("leader"))
    few = statements(client, where)
    nine.handled()
    assert few == statements(client, where) <= 8


def test_a_kind_there_is_not_is_a_sentence(nine: World) -> None:
    assert page(nine, "leader", "/figures/map/", show="all").status_code == 422
