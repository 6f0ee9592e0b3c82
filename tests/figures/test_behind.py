"""The list behind a number has as many rows as the number says, whatever is asked."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.figures.counting import DAY, LATER, page, scope
from tests.tickets.pages import entered, move_clock, statements, text_of
from tests.tickets.steps import contested
from tests.world import World
from tickets import actions
from tickets.figures import behind, counting, facts
from tickets.figures.counting import WEEK
from tickets.figures.facts import Measure
from tickets.models import Ticket
from tickets.rates import Rate

WHERE = "/figures/behind/"


def busy(world: World) -> World:
    """Kept and broken promises of two streets and several units."""
    world.replied()
    contested(world)
    world.handled()
    world.handled()
    world.reported(place=world.far_spot, by=world.far_desk)
    actions.rate(world.replied(), by=world.shift_leader, at=world.at, stars=5, is_solved=True)
    actions.redirect(
        world.dispatched(), by=world.desk, at=world.at + 3 * DAY, unit=world.units["office"],
        text="应由街道办",
    )  # fmt: skip
    return world


BUSY = pytest.mark.scene(make=busy)


def number(part: str, rate: Rate) -> int:
    """What the page says that part is."""
    return rate.due if part == facts.DUE else int(rate.met) if part == facts.MET else rate.missed


@BUSY
@given(
    measure=st.sampled_from([one for one in Measure if one != Measure.CONTENT]),
    part=st.sampled_from(facts.PARTS),
    start=st.integers(-3, 20),
    length=st.integers(0, 40),
    who=st.sampled_from(["leader", "district_leader", "inspector", "auditor"]),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_number_and_list_agree(
    scene: World, measure: Measure, part: str, start: int, length: int, who: str
) -> None:
    first = scene.at.date() + start * DAY
    asked = scope(scene, who, first=first, last=first + length * DAY)
    found = counting.count(asked)
    for name, cells in (("", {None: found.now}), *found.by.items()):
        for key, row in cells.items() if name != WEEK else ():
            wanted: dict[str, Any] = {name: frozenset({key})} if name else {}
            narrowed = replace(asked, **wanted)
            told = number(part, row.get(measure, Rate(0, 0)))
            assert behind.rows(narrowed, measure, part).count() == told


@BUSY
def test_everything_behind_is_visible(scene: World) -> None:
    for who in ("leader", "shift_leader", "inspector"):
        person, at = scene.again(who), scene.at + LATER
        rows = behind.rows(scope(scene, who), Measure.ACCEPT, facts.DUE)
        seen = Ticket.objects.visible_to(person, at)
        assert {row.ticket_id for row in rows} <= set(seen.values_list("pk", flat=True))


@pytest.fixture
def later(scene: World, settings: Any, tmp_path: Any) -> World:
    """A month on, when all of it is due."""
    move_clock(settings, tmp_path, scene.at + LATER)
    return scene


def days(world: World) -> dict[str, str]:
    return {"since": str(world.at.date()), "until": str((world.at + LATER).date())}


@BUSY
def test_each_number_of_the_page_leads_to_its_rows(later: World) -> None:
    first = text_of(page(later, "district_leader", **days(later)))
    links = re.findall(r'<a href="(/figures/behind/[^"]+)" class="big-missed">(\d+)', first)
    assert links
    client = entered(later.again("district_leader"))
    for link, told in links:
        listed = text_of(client.get(link.replace("&amp;", "&")))
        assert listed.count('class="board-link"') == int(told)


@BUSY
def test_the_rows_cost_the_same_however_many(later: World) -> None:
    client = entered(later.again("district_leader"))
    few = statements(client, WHERE, **days(later), m="reply", part="due")
    many = statements(client, WHERE, **days(later), m="accept", part="due")
    assert few == many <= 9


@pytest.mark.parametrize(
    "asked", [{"m": "nothing"}, {"part": "some"}, {"since": "2026"}, {"unit": "XX"},
              {"since": "2026-11-20", "until": "2026-11-01"}, {"after": "here"}], ids=str,
)  # fmt: skip
def test_a_bad_address_is_a_sentence(nine: World, asked: dict[str, str]) -> None:
    answer = page(nine, "leader", WHERE, **asked)
    assert answer.status_code == 422


def test_words_of_sensitive_tickets_stay_with_those_who_may_read_them(nine: World) -> None:
    nine.accepted(category=nine.categories["alone"], text="独居老人三天没有出门")
    asked = {"m": "accept", "since": "2026-11-23", "until": "2026-11-23"}
    later = nine.at + timedelta(hours=9)
    told = behind.told(
        nine.again("leader"),
        list(behind.rows(scope(nine, "leader", at=later), Measure.ACCEPT, facts.DUE)),
        Measure.ACCEPT, at=later,
    )  # fmt: skip
    assert [(line.summary, line.is_readable) for line in told] == [("", False)]
    assert "独居老人" not in text_of(page(nine, "leader", WHERE, **asked))
