"""What stands before a test begins is set up once, in a transaction around many tests.

The small district stands for every test that asks for a `world`; more where a test says so:

    @pytest.mark.scene(make=plant)
    def test_one(scene: Planted) -> None: ...

Each test has copies of the objects, and the rows it changes are taken back. As soon as a test
comes that asks for something else the scene is struck.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.lawful import as_written
from tests.world import MONDAY_NINE, World, build

Make = Callable[[World], Any]
PATIENCE = 250
"""So many tests may leave their dead rows behind."""


def as_built(world: World) -> World:
    """Nothing more than the small district."""
    return world


class Stage:
    """台: what stands on it, and what has to be done to clear it."""

    def __init__(self, blocker: DjangoDbBlocker, clock_file: Path) -> None:
        self._blocker = blocker
        self._clock = override_settings(HUBIN_CLOCK_FILE=str(clock_file))
        self._make: Make | None = None
        self._kept = b""
        self._strike = ExitStack()
        self._since_swept = 0

    def show(self, make: Make | None) -> None:
        """What `make` does to a new world, or nothing at all."""
        self._since_swept += 1
        if make is self._make and not connection.needs_rollback:
            return
        with self._blocker.unblock():
            self._strike.close()
            self._make = None
            self._sweep()
            if make is not None:
                self._set_up(make)

    def _sweep(self) -> None:
        """What tests took back still lies in the tables, and whoever looks through one pays."""
        if self._since_swept >= PATIENCE and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")
            self._since_swept = 0

    @property
    def stands(self) -> bool:
        return self._make is not None

    def copy(self) -> tuple[World, Any]:
        """The world and what was made of it: objects of the test's own."""
        world, made = pickle.loads(self._kept)
        return world, made

    def _set_up(self, make: Make) -> None:
        with ExitStack() as struck:
            struck.enter_context(transaction.atomic())
            struck.callback(transaction.set_rollback, True)
            with as_written(), self._clock:
                world = build()
                self._kept = pickle.dumps((world, make(world)))
                connection.check_constraints()  # or each test would check all of it again
            self._strike = struck.pop_all()
        self._make = make


def wanted(item: pytest.Item) -> Make | None:
    """What that test begins with; who commits builds a world of its own."""
    names = getattr(item, "fixturenames", ())
    database = item.get_closest_marker("django_db")
    if {"transactional_db", "live_server"} & {*names} or (database and database.kwargs):
        return None
    scene = item.get_closest_marker("scene")
    if scene is not None and "scene" in names:
        return scene.kwargs["make"]
    return as_built if "world" in names else None


STAGE = pytest.StashKey[Stage]()
WANTED = pytest.StashKey[Make | None]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.config.stash[WANTED] = wanted(item)
    if STAGE in item.config.stash:
        item.config.stash[STAGE].show(wanted(item))


@pytest.fixture(scope="session")
def playhouse(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    """Made with the first test that needs it; from then on it is changed between tests."""
    clock = tmp_path_factory.mktemp("stage") / "clock"
    clock.write_text(f"@{MONDAY_NINE.isoformat()}", encoding="ascii")
    stash = request.config.stash
    stash[STAGE] = stage = Stage(django_db_blocker, clock)
    stage.show(stash[WANTED])
    yield stage
    stage.show(None)
    del stash[STAGE]


@pytest.fixture
def laid_out(playhouse: Stage, db: None, monday: None) -> tuple[World, Any]:
    """The world and what was made of it; whoever commits builds it for one test."""
    return playhouse.copy() if playhouse.stands else (build(), None)


@pytest.fixture
def world(laid_out: tuple[World, Any]) -> World:
    """The small district."""
    return laid_out[0]


@pytest.fixture
def scene(laid_out: tuple[World, Any]) -> Any:
    """What the test's marker made of the district."""
    return laid_out[1]
