"""Tokens for texts that have none yet."""

import pytest
from django.core.management import call_command

from tests.world import World
from tickets import actions, reindexing
from tickets.actions import Place
from tickets.models import Ticket, Words
from tickets.search import search


def emptied() -> dict[int, str | None]:
    """What the tokens were before all of them were taken away."""
    rows = Words.objects.order_by("pk")
    before = dict(rows.values_list("pk", "tokens"))
    rows.update(tokens=None)
    return before


def prepared(world: World) -> None:
    world.replied()
    place = Place(address="清波弄 7 号")
    actions.amend(world.reported(), by=world.desk, at=world.at, place=place)


def test_the_index_is_made_again_as_it_was(world: World) -> None:
    prepared(world)
    call_command("reindex_search", all=True)
    before = emptied()
    call_command("reindex_search")
    assert dict(Words.objects.order_by("pk").values_list("pk", "tokens")) == before
    assert sum(tokens is not None for tokens in before.values()) == 4


def test_a_second_run_has_nothing_to_do(world: World) -> None:
    prepared(world)
    assert list(reindexing.reindex()) == []


def test_a_run_that_was_broken_off_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(world)
    emptied()
    rows = Ticket.objects.visible_to(world.desk, world.at)
    assert search(rows, world.desk, "垃圾", at=world.at).ids == []
    monkeypatch.setattr(reindexing, "BATCH", 1)
    next(reindexing.reindex())
    assert sum(reindexing.reindex()) == 3
    assert len(search(rows, world.desk, "垃圾", at=world.at).ids) == 2
