"""What tickets are found by, for those that have nothing yet."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from common.actors import SYSTEM
from tests.world import World
from tickets import actions, reindexing, sweeps
from tickets.actions import Place
from tickets.models import Findable, Ticket
from tickets.search import search


def emptied() -> dict[int, set[str]]:
    """What the tickets were found by before all of it was taken away."""
    before = {pk: tokens_of(found) for pk, found in rows()}
    Findable.objects.all().delete()
    return before


def rows() -> list[tuple[int, str]]:
    return list(Findable.objects.order_by("pk").values_list("pk", "tokens"))


def tokens_of(found: str) -> set[str]:
    return {token.strip("'") for token in found.split()}


def prepared(world: World) -> None:
    world.replied()
    place = Place(address="清波弄 7 号")
    actions.amend(world.reported(), by=world.desk, at=world.at, place=place)


@pytest.mark.parametrize("options", [{}, {"all": True}, {"offline": True}])
def test_what_is_found_is_made_again_as_it_was(world: World, options: dict[str, bool]) -> None:
    prepared(world)
    before = emptied()
    call_command("reindex_search", **options)
    assert {pk: tokens_of(found) for pk, found in rows()} == before
    assert len(before) == 2


def test_all_of_it_is_made_anew_only_when_asked(world: World) -> None:
    prepared(world)
    before = rows()
    Findable.objects.update(tokens=["somethingelse"])
    assert list(reindexing.reindex()) == []
    assert sum(reindexing.reindex(is_all=True)) == 2
    assert rows() == before


def test_the_index_is_there_again_after_a_run_that_broke_off(world: World) -> None:
    def broken_off() -> None:
        with reindexing.without_index():
            seen.append(index())
            raise KeyboardInterrupt

    seen: list[dict[str, Any]] = []
    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert (seen, index()["type"]) == ([{}], "gin")


def index() -> dict[str, Any]:
    names: Any = connection.introspection.get_constraints(connection.cursor(), "tickets_findable")
    return dict(names.get("findable_tokens", {}))


def test_what_was_erased_stays_away(world: World) -> None:
    ticket = world.replied()
    ended = world.at + timedelta(days=30)
    sweeps.run("close", at=ended)
    actions.erase(ticket, by=SYSTEM, at=ended, rule="two-years")
    assert not Findable.objects.exists()
    assert list(reindexing.reindex(is_all=True)) == []


def test_a_run_that_was_broken_off_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(world)
    emptied()
    seen = Ticket.objects.visible_to(world.desk, world.at)
    assert search(seen, world.desk, "垃圾", at=world.at).ids == []
    monkeypatch.setattr(reindexing, "BATCH", 1)
    next(reindexing.reindex())
    assert sum(reindexing.reindex()) == 1
    assert len(search(seen, world.desk, "垃圾", at=world.at).ids) == 2
