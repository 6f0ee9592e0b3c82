"""常用筛选: lists kept as tabs, counted like any other, shown when they make no sense any more."""

from typing import Any

import pytest
from django.test import Client

from tests.tickets.english import english, left_on
from tests.tickets.pages import text_of
from tests.tickets.unit import UNIT, at_unit, counted, listed
from tests.world import World
from tickets import saved
from tickets.models import SavedFilter

KEEP = "/unit/filters/"


def keep(client: Client, name: str = "井盖", query: str = "tab=todo&urgency=URGENT") -> Any:
    return client.post(KEEP, {"name": name, "query": query})


def broken(world: World, query: str = "tab=todo&state=PAUSED") -> SavedFilter:
    """Of a state that is no more."""
    return SavedFilter.objects.create(
        person=world.handler, name="旧的", query=query, created_at=world.at
    )


def test_a_kept_list_is_a_tab_with_its_count(nine: World) -> None:
    urgent = nine.handled(category=nine.categories["manhole"])
    nine.handled()
    client = at_unit(nine)
    address = keep(client)["Location"]
    assert listed(client, saved=address.split("=")[1]) == [urgent.number]
    assert counted(client)[address] == 1
    assert address not in counted(at_unit(nine, "head"))


def test_words_are_looked_for_when_the_tab_is_opened(nine: World) -> None:
    found = nine.handled(text="路灯不亮")
    nine.handled()
    client = at_unit(nine)
    address = keep(client, query="tab=todo&q=路灯")["Location"]
    assert listed(client, saved=address.split("=")[1]) == [found.number]
    assert address not in counted(client)


@pytest.mark.parametrize("query", ["tab=todo&state=PAUSED", "tab=gone", "tab=todo&handler=x"])
def test_what_makes_no_sense_any_more_says_so_and_can_be_dropped(nine: World, query: str) -> None:
    row, client = broken(nine, query), at_unit(nine)
    page = client.get(UNIT, {"saved": row.pk})
    assert page.status_code == 422
    assert "“旧的”不能用了" in text_of(page)
    assert client.get(UNIT).status_code == 200
    assert client.post(f"/unit/filters/{row.pk}/delete/")["Location"] == UNIT
    assert not SavedFilter.objects.exists()


def test_nobody_opens_or_drops_anothers(nine: World) -> None:
    row, other = broken(nine), at_unit(nine, "other_handler")
    assert other.get(UNIT, {"saved": row.pk}).status_code == 404
    assert other.post(f"/unit/filters/{row.pk}/delete/").status_code == 404
    assert SavedFilter.objects.filter(pk=row.pk).exists()


def test_twelve_are_enough_and_names_are_once(nine: World) -> None:
    client = at_unit(nine)
    codes = [keep(client, f"第 {nth} 个").status_code for nth in range(saved.MOST + 1)]
    assert codes == [302] * saved.MOST + [409]
    client.post(f"/unit/filters/{SavedFilter.objects.all()[0].pk}/delete/")
    assert keep(client, "第 3 个").status_code == 409


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", "tab=todo"), ("名" * 21, "tab=todo"), ("行", "tab=none"), ("行", "state=PAUSED"),
        ("行", "q=" + "a" * 600), ("a\x00b", "tab=todo"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_kept(nine: World, name: str, query: str) -> None:
    assert keep(at_unit(nine), name, query).status_code == 422
    assert not SavedFilter.objects.exists()


def test_kept_lists_in_english(nine: World) -> None:
    row, client = broken(nine), english(nine.handler)
    keep(client, "urgent")
    pages = {
        "kept": client.get(UNIT, {"saved": SavedFilter.objects.get(name="urgent").pk}),
        "broken": client.get(UNIT, {"saved": row.pk}), "again": keep(client, "urgent"),
        "filtered": client.get(UNIT, {"tab": "todo", "urgency": "URGENT", "handler": "0"}),
    }  # fmt: skip
    assert left_on(pages) == {}
