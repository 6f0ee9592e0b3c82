"""大屏: what it tells, what it keeps to itself, and how it goes on by itself."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.figures.counting import page
from tests.figures.test_behind import BUSY, later
from tests.tickets.pages import entered, statements, text_of
from tests.world import World
from tickets.figures.wall import wall

__all__ = ["later"]
WALL, PART = "/figures/wall/", "/figures/wall/part/"


@BUSY
def test_the_wall_tells_the_numbers_of_the_pages(scene: World) -> None:
    at = scene.at + timedelta(days=10)
    found = wall(scene.again("district_leader"), at)
    assert [number.rate.due for number in found.promises] == [7, 7, 6, 3]
    assert found.late == sum(one.count for one in found.holders)
    assert (found.ringing, found.today) == (0, 0)


def test_what_is_urgent_and_unheard_is_told(nine: World) -> None:
    nine.accepted(category=nine.categories["manhole"])
    found = wall(nine.again("leader"), nine.at + timedelta(minutes=1))
    assert (found.ringing, found.today) == (1, 1)
    assert wall(nine.again("auditor"), nine.at).ringing == 1


@BUSY
def test_no_names_and_no_texts_hang_on_the_wall(later: World) -> None:
    told = text_of(page(later, "district_leader", PART))
    assert "squad" in told
    people = {row.name for row in later.people.values()}
    assert not [name for name in ("垃圾", "湖滨路", "赵", *people) if name in told]


@pytest.mark.parametrize("who", ["shift_leader", "leader"])
def test_what_rings_at_the_desk_does_not_ring_on_the_wall(nine: World, who: str) -> None:
    nine.accepted(category=nine.categories["manhole"])
    told = page(nine, who, WALL).text
    assert "/ringing/" not in told
    assert "ringing.js" not in told


@BUSY
def test_it_looks_again_by_itself_at_the_same_cost(later: World) -> None:
    told = text_of(page(later, "leader", WALL))
    assert f'hx-get="{PART}"' in told
    assert 'hx-trigger="every 60s"' in told
    assert statements(entered(later.again("leader")), PART) <= 9


@pytest.mark.django_db
def test_whose_login_has_ended_is_told_and_asks_no_more() -> None:
    answer = Client().get(PART)
    assert answer.status_code == 286
    assert "登录已结束" in text_of(answer)


def test_others_do_not_see_it(nine: World) -> None:
    answers = [page(nine, who, where) for who in ("desk", "head") for where in (WALL, PART)]
    assert {answer.status_code for answer in answers} == {403}
