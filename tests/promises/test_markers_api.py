"""Who reads what through the API: the same markers, the same readers as on the pages."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.asking import Program
from tests.promises.doors import HOTLINE, NOBODY, SYSTEMS, api_doors
from tests.promises.markers import FEW, FULL, OTHERS, Scene, check_readers, plant_and_furnish
from tests.promises.test_markers import words_of
from tests.world import World
from tickets import actions

pytestmark = pytest.mark.scene(make=plant_and_furnish)


LISTS = [
    "tickets/", "tickets/?status=ended", "tickets/?my_turn=true", "tickets/?mine=true",
    "tickets/?text=正文", "tickets/?text=地址", "me/", "me/turns/", "me/inbox/", "approvals/",
    "approvals/?role=asker", "assists/", "incidents/", "tickets/export/?format=xlsx",
    *(f"tickets/export/?{asked}" for asked in ("status=ended", "my_turn=true", "text=正文")),
    "approvals/export/?role=asker", "me/inbox/export/?unread=true",
]  # fmt: skip


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    """Law from the cache; nobody is slowed down, the test asks a lot."""
    settings.HUBIN_LAW_CACHE = True
    settings.HUBIN_API_ANONYMOUS = 10_000


def answers(scene: Scene, who: str) -> Iterator[str]:
    """Everything that person's program is answered, right or wrong."""
    program = Program(None if who == NOBODY else scene.planted.world.people[who])
    yield from everything(program, scene)


def everything(program: Program, scene: Scene) -> Iterator[str]:
    """Every address, every list, every ticket."""
    for door in api_doors():
        for ask in (program.client.get, program.client.post):
            yield words_of(ask(scene.house.address(door)))
    for path in LISTS:
        yield words_of(program.get(path))
    for ticket in scene.planted.tickets:
        yield from of_ticket(program, f"tickets/{ticket.number}/")


def of_ticket(program: Program, path: str) -> Iterator[str]:
    yield words_of(program.get(path))
    yield words_of(program.get(f"{path}events/"))
    files = program.get(f"{path}attachments/")
    yield words_of(files)
    for row in files.json().get("results", ()):
        for query in ("", "?original=1", "?copy=thumb"):
            yield words_of(program.client.get(row["href"] + query))
    yield words_of(program.post(f"{path}reveal/", {"reason": "回访"}))
    yield words_of(program.post(f"{path}note/", {"text": "x"}, If_Match='"99"'))


@pytest.mark.parametrize("who", [*FEW, *(pytest.param(one, marks=FULL) for one in OTHERS)])
def test_a_program_finds_what_is_its_persons_to_read_and_nothing_else(
    scene: Scene, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    check_readers(scene.planted, who, answers(scene, who), caplog)


@pytest.mark.parametrize("who", SYSTEMS)
def test_a_system_finds_what_it_handed_in_and_nothing_else(
    scene: Scene, world: World, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    planted, house = scene.planted, scene.house
    mine = world.handled(
        by=house.systems[HOTLINE].client, text=planted.mark("庚单正文", frozenset({HOTLINE})),
        reporter=planted.reporter("公孙庚名", "17755550107", frozenset()),
    )  # fmt: skip
    inner = planted.mark("庚单备注", frozenset())
    actions.note(mine, by=world.handler, at=world.at, text=inner)
    planted.tickets.append(mine)
    program = Program(None, house.visitor(who))
    check_readers(planted, who, everything(program, scene), caplog)
