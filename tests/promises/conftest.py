"""A story to forge: several tickets, some of them to the end, sealed inside and outside."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from common.actors import SYSTEM
from tests.files import ready
from tests.world import World
from tickets import actions, seals
from tickets.actions._born import Place
from tickets.models import Ticket


@dataclass
class Story:
    """工单 of the story by what became of them."""

    world: World
    replied: Ticket
    moved: Ticket
    erased: Ticket
    merged: Ticket
    file: Path


@pytest.fixture
def story(world: World, settings: Any, tmp_path: Path) -> Story:
    """A true record; every test of a forgery has it as its clean twin."""
    settings.HUBIN_SEAL_FILE = str(tmp_path / "seals.jsonl")
    moved = world.handled()
    actions.amend(
        moved,
        by=world.desk,
        at=world.at,
        place=Place(address="浣纱路 9 号", lat=30.246, lng=120.157),
    )
    actions.arrive(
        moved, by=world.handler, at=world.at, position=(30.2461, 120.1571),
        files=[ready("BEFORE")],
    )  # fmt: skip
    seals.seal(at=world.at)
    erased = world.verified(origin="PATROL", by=world.grid_worker)
    actions.erase(erased, by=SYSTEM, at=world.at, rule="two-years")
    merged = actions.merge(world.reported(), by=world.desk, at=world.at, target=moved)
    replied = world.replied()
    seals.seal(at=world.at + timedelta(hours=1))
    return Story(world, replied, moved, erased, merged, tmp_path / "seals.jsonl")
