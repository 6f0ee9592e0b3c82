"""What is loaded in bulk is what the house itself would have written."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import F

from benchmarks import families, stories
from benchmarks.load import Loader
from common.actors import SYSTEM
from tests.promises.proof import unkept
from tests.world import World
from tickets import actions, indexing, seals
from tickets.models import Event, Seal, Ticket, Words
from tickets.models.findable import Findable
from tickets.proof import chain
from tickets.proof.facts import Tally
from tickets.states import State
from tickets.words import Origin

MODELS, CLONES = 9, 50


@pytest.fixture
def loaded(committed_world: World, settings: Any, tmp_path: Path) -> World:
    """Model tickets of some weeks, with what was erased among them, and clones of all."""
    settings.HUBIN_SEAL_FILE = str(tmp_path / "seals.jsonl")
    world = committed_world
    stories.tell(MODELS, at=world.at)
    ended = Ticket.objects.filter(ended_at__isnull=False).order_by("pk")[0]
    actions.erase(ended, by=SYSTEM, at=world.at, rule="two-years")
    seals.seal(at=world.at)
    with psycopg.connect(address()) as other:
        models = families.read(other)
    Loader(address(), world.at, lambda _line: None, processes=1).clone(CLONES, models)
    seals.write_missing(tmp_path / "seals.jsonl")
    return world


def address() -> str:
    """Of the test database, for another connection."""
    known = connection.settings_dict
    return psycopg.conninfo.make_conninfo(
        dbname=known["NAME"], user=known["USER"], password=known["PASSWORD"], host=known["HOST"],
        port=known["PORT"],
    )  # fmt: skip


def test_the_record_of_what_was_loaded_is_true(loaded: World, settings: Any) -> None:
    assert breaches(Path(settings.HUBIN_SEAL_FILE)) == []
    assert unkept(loaded.at) == []
    assert not Ticket.objects.exclude(seq=F("sealed_seq")).exists()
    assert Ticket.objects.count() >= MODELS + CLONES
    assert Seal.objects.latest("id").ticket_count == Ticket.objects.count()


def test_each_clone_is_found_as_the_house_would_find_it(loaded: World) -> None:
    for ticket in Ticket.objects.all():
        words = Words.objects.filter(ticket=ticket, kind__in=indexing.SEARCHED).exclude(salt="")
        said = [(row.kind, row.text) for row in words]
        units = ticket.participations.values_list("unit_id", flat=True)
        assert found(ticket) == (
            indexing.document(ticket, said, units) if is_kept(ticket) else set()
        )


def test_work_goes_on_where_the_load_ended(loaded: World) -> None:
    waiting = Ticket.objects.filter(state=State.REPORTED, origin=Origin.RESIDENT).latest("pk")
    assert waiting.pk > MODELS * 2
    category = loaded.categories["litter"]
    desk = loaded.desk if waiting.subdistrict == loaded.places["street"] else loaded.other_desk
    at = loaded.at + timedelta(minutes=1)
    actions.accept(waiting, by=desk, at=at, category=category)
    made = loaded.reported(at=at)
    assert Event.objects.latest("pk").ticket_id == made.pk
    assert breaches() == []


def breaches(seals_file: Path | None = None) -> list[str]:
    """What `verify_chain --without-files` would print: a clone has no photo of its own."""
    found = chain.verify(tally=Tally(), seals=seals_file, with_files=False)
    return [str(breach) for breach in found]


def found(ticket: Ticket) -> set[str]:
    """What the table of found tickets holds of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT tsvector_to_array(tokens) FROM {Findable._meta.db_table} WHERE ticket_id = %s",
            [ticket.pk],
        )
        row = cursor.fetchone()
    return set(row[0]) if row else set()


def is_kept(ticket: Ticket) -> bool:
    """Nothing of it was erased."""
    return not ticket.words.filter(salt="").exists()
