"""Which questions find which tickets."""

from datetime import timedelta

import pytest

from common.actors import SYSTEM
from common.errors import Invalid
from tests.world import World
from tickets import actions, sweeps
from tickets import search as searching
from tickets.actions import Place
from tickets.models import Ticket
from tickets.search import search

TEXT = "12号楼的LED路灯坏了，Ａ座３楼电梯也停了。Call 110 & don't wait!"


def find(world: World, question: str, who: str = "desk") -> list[str]:
    person = world.again(who)
    rows = Ticket.objects.visible_to(person, world.at)
    found = search(rows, person, question, at=world.at)
    numbers = dict(rows.values_list("pk", "number"))
    return [numbers[pk] for pk in found.ids]


@pytest.mark.parametrize(
    "question",
    ["路灯", "灯坏", "电梯", "12号楼", "号楼", "led", "LED路灯", "ＬＥＤ", "a座3楼", "3楼", "call",
     "湖滨路 电梯", "110", "don't wait", "电梯！路灯", "电梯 & 路灯", "!电梯", "电梯:*",
     "(电梯|", "'电梯'", "\\电梯", "电梯 也"],
)  # fmt: skip
def test_what_is_written_is_found(world: World, question: str) -> None:
    ticket = world.reported(text=TEXT)
    world.reported()
    assert find(world, question) == [ticket.number]


@pytest.mark.parametrize(
    "question", ["楼梯", "路坏", "lead", "水电梯", "电梯 水管", "赵见", "1234"]
)
def test_what_is_not_written_is_not_found(world: World, question: str) -> None:
    world.reported(text=TEXT)
    assert find(world, question) == []


@pytest.mark.parametrize("question", ["", " ", "，。！", "路", "a", "'", "\\", "路" * 201, "\x00"])
def test_a_question_nothing_can_be_found_by_is_refused(world: World, question: str) -> None:
    with pytest.raises(Invalid):
        find(world, question)


def test_an_answer_is_found(world: World) -> None:
    ticket = world.replied()
    world.reported()
    assert find(world, "清运完毕") == [ticket.number]


def test_words_may_stand_in_different_texts(world: World) -> None:
    ticket = world.replied()
    actions.urge(world.reported(text=TEXT), by=world.desk, at=world.at, text="清运车堵了门")
    assert find(world, "垃圾 清运完毕 湖滨路1号") == [ticket.number]
    assert find(world, "清运完毕 电梯") == []


def test_one_text_that_holds_all_of_it_comes_before_several(world: World) -> None:
    one = world.reported(text="地下车库里有积水")
    several = world.reported(text="地下车库里很暗")
    actions.urge(several, by=world.desk, at=world.at, text="还有积水")
    assert find(world, "车库 积水") == [one.number, several.number]


def test_a_list_looks_at_so_many_matches_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = world.reported()
    monkeypatch.setattr(searching, "LOOKED_AT", 2)
    rows = Ticket.objects.visible_to(world.desk, world.at).filter(pk=oldest.pk)
    capped = []
    for _each in range(3):
        found = searching.search(rows, world.desk, "垃圾", at=world.at)
        capped.append((found.ids, found.is_capped))
        world.reported()
    assert capped == [([oldest.pk], False), ([oldest.pk], False), ([], True)]
    found = searching.search(Ticket.objects.all(), world.desk, "垃圾", at=world.at)
    assert (len(found.ids), found.is_capped) == (2, True)


@pytest.mark.parametrize("who", ["clerk", "handler", "head"])
def test_a_unit_finds_what_it_took_part_in(world: World, who: str) -> None:
    ticket = world.dispatched()
    world.reported()
    assert find(world, "垃圾", who=who) == [ticket.number]
    assert find(world, "垃圾", who="far_desk") == []


def test_a_unit_finds_what_was_said_after_it_left(world: World) -> None:
    ticket = world.dispatched()
    other = world.units["fire"]
    actions.redirect(ticket, by=world.desk, at=world.at, unit=other, text="应由消防处置")
    actions.urge(ticket, by=world.desk, at=world.at, text="车库里还有积水")
    assert find(world, "车库 积水", who="clerk") == [ticket.number]


def test_what_was_added_is_found(world: World) -> None:
    ticket = world.dispatched()
    actions.urge(ticket, by=world.desk, at=world.at, text="车库里还有积水")
    assert find(world, "车库 积水") == [ticket.number]


@pytest.mark.parametrize("question", ["湖滨路1号", "湖滨路 1 号", "1号", "湖滨 清运"])
def test_an_address_is_found_however_it_is_spaced(world: World, question: str) -> None:
    ticket = world.reported()
    assert find(world, question) == [ticket.number]


def test_an_address_given_later_is_found_and_the_first_one_too(world: World) -> None:
    ticket = world.reported()
    place = Place(address="清波弄 7 号")
    actions.amend(ticket, by=world.desk, at=world.at, place=place)
    assert find(world, "清波弄7号") == find(world, "湖滨路1号") == [ticket.number]


def test_a_ticket_moved_to_another_street_is_found_there(world: World) -> None:
    ticket = world.reported(text=TEXT)
    actions.amend(ticket, by=world.desk, at=world.at, place=world.far_spot)
    assert find(world, "电梯", who="far_desk") == [ticket.number]


def test_what_was_erased_is_not_found(world: World) -> None:
    ticket = world.replied()
    ended = world.at + timedelta(days=30)
    sweeps.run("close", at=ended)
    assert find(world, "清运完毕") == [ticket.number]
    actions.erase(ticket, by=SYSTEM, at=ended, rule="two-years")
    assert find(world, "清运完毕") == []
