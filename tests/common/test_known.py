"""Rows of small tables are read once, and anew when their stamp rises."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common import known, law
from grids.models import Division, Unit
from tests.world import World
from tickets.models import Ticket


@pytest.fixture
def kept(world: World, stamps_only: None) -> World:
    return world


def test_naming_a_known_row_costs_no_statement(kept: World) -> None:
    unit = Unit.objects.exclude(parent=None).first()
    assert unit is not None
    known.rows(Unit)

    with CaptureQueriesContext(connection) as told:
        parent = Unit.objects.get(pk=unit.pk).parent

    assert parent is not None
    assert len([one for one in told if "grids_unit" in one["sql"]]) == 1


def test_a_row_newer_than_the_cache_is_read_by_itself(kept: World) -> None:
    known.rows(Unit)
    new = Unit.objects.create(code="NEW", name="新单位", kind="BUREAU", duty_phone="0571-1")

    assert Unit(parent_id=new.pk).parent == new
    assert known.some(Unit, {new.pk, 0}) == {new.pk: new}


def test_a_changed_row_is_seen_at_once_where_it_was_changed(kept: World) -> None:
    unit = next(iter(known.rows(Unit).values()))

    with transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(name="改了名")
        law.bump(Unit.STAMP)
        seen = Unit(parent_id=unit.pk).parent

    assert seen is not None
    assert seen.name == "改了名"


def test_outlines_are_not_held(kept: World) -> None:
    row = next(iter(known.rows(Division).values()))

    assert row.get_deferred_fields() == {"shape"}


def test_the_field_is_an_ordinary_foreign_key_in_migrations() -> None:
    path = Ticket._meta.get_field("unit").deconstruct()[1]

    assert path == "django.db.models.ForeignKey"
