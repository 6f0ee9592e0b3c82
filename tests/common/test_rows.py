"""Rows read by a fixed condition are what the ORM reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import IdempotencyKey
from common.rows import rows, write
from tests.world import World
from tickets.models import Clock, Ticket


def test_a_row_has_every_column_of_its_model(world: World) -> None:
    pk = world.handled().pk
    (found,) = rows(Ticket, "WHERE id = %s", [pk])
    known = Ticket.objects.get(pk=pk)
    for field in Ticket._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(known, field.attname)


def test_a_row_can_be_saved_again(world: World) -> None:
    ticket = world.handled()
    clock = rows(Clock, "WHERE ticket_id = %s ORDER BY id", [ticket.pk])[0]
    clock.extension_days = 3
    clock.save(update_fields=["extension_days"])
    assert Clock.objects.get(pk=clock.pk).extension_days == 3


def test_no_row_is_an_empty_list(world: World) -> None:
    assert rows(Ticket, "WHERE id = %s", [0]) == []


def test_columns_that_need_conversion_are_refused() -> None:
    with pytest.raises(TypeError, match="result"):
        rows(IdempotencyKey, "WHERE id = %s", [0])


def test_several_rows_are_written_at_once_and_only_their_named_columns(world: World) -> None:
    found = rows(Clock, "WHERE ticket_id = %s AND ended_at IS NULL", [world.handled().pk])
    before = {clock.pk: clock.due_at for clock in found}
    for clock in found:
        clock.extension_days, clock.breached_at, clock.due_at = clock.pk, world.at, world.at
    with CaptureQueriesContext(connection) as counted:
        write(found, ("extension_days", "breached_at", "person"))
    assert (len(counted), len(found) > 1) == (1, True)
    for clock in Clock.objects.filter(pk__in=before):
        assert (clock.extension_days, clock.breached_at) == (clock.pk, world.at)
        assert clock.due_at == before[clock.pk]


def test_writing_nothing_asks_nothing(world: World) -> None:
    with CaptureQueriesContext(connection) as counted:
        write([], ("extension_days",))
    assert len(counted) == 0


def test_what_somebody_else_changed_meanwhile_is_left(world: World) -> None:
    found = rows(Clock, "WHERE ticket_id = %s AND ended_at IS NULL", [world.handled().pk])
    Clock.objects.filter(pk=found[0].pk).update(extension_days=99)
    for clock in found:
        clock.breached_at = world.at
    write(found, ("breached_at",), same=("extension_days",))
    now = Clock.objects.in_bulk([clock.pk for clock in found])
    assert [now[clock.pk].breached_at is None for clock in found] == [
        True, *[False] * (len(found) - 1),
    ]  # fmt: skip
