"""The database itself refuses what no code path may do (DESIGN §3.4)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.world import World
from tickets import actions
from tickets.models import Event, Seal, Ticket, Words
from tickets.seals import _link
from tickets.states import BORN, ENDED, State, state_changes

Act = Callable[[Ticket], Any]


def refused(act: Callable[[], Any], sentence: str) -> None:
    """Neither the statement nor its commit gets through."""
    with pytest.raises(DatabaseError, match=sentence):
        committed(act)


@transaction.atomic
def committed(act: Callable[[], Any]) -> None:
    act()
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit does


def rows(ticket: Ticket) -> Any:
    return Ticket.objects.filter(pk=ticket.pk)


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


NEVER = sorted(
    {(State.REPORTED, to) for to in State}
    - {(frm, to) for frm, to in state_changes() if frm == State.REPORTED}
    - {(State.REPORTED, State.REPORTED)}
)


@pytest.mark.parametrize(("frm", "to"), NEVER)
def test_a_state_the_table_does_not_lead_to_is_refused(world: World, frm: str, to: str) -> None:
    ticket = world.reported()
    ended = {"ended_at": world.at, "due_at": None} if to in ENDED else {}
    refused(lambda: rows(ticket).update(state=to, **ended), "Invalid transition")


def test_a_state_the_table_leads_to_needs_its_record(world: World) -> None:
    ticket = world.reported()
    refused(lambda: rows(ticket).update(state=State.ACCEPTED), "changed without its record")


@pytest.mark.parametrize("change", [{"seq": 9}, {"head": "0" * 64}], ids=str)
def test_a_head_that_is_no_event_is_refused(world: World, change: dict[str, Any]) -> None:
    ticket = world.reported()
    refused(lambda: rows(ticket).update(**change), "changed without its record")


def copy_of(ticket: Ticket, state: str) -> Ticket:
    copy = Ticket.objects.get(pk=ticket.pk)
    copy.pk, copy.number, copy.state = None, "330102-20261123-00099", state
    copy.unit_id = copy.handler_id = None
    return copy


@pytest.mark.parametrize("state", sorted(set(State) - BORN))
def test_a_ticket_cannot_begin_in_the_middle(world: World, state: str) -> None:
    copy = copy_of(world.reported(), state)
    refused(lambda: copy.save(force_insert=True), "cannot begin as")


def test_a_ticket_cannot_begin_without_its_record(world: World) -> None:
    copy = copy_of(world.reported(), State.REPORTED)
    refused(lambda: copy.save(force_insert=True), "changed without its record")


@pytest.mark.parametrize("table", ["tickets_ticket", "tickets_event", "tickets_words"])
def test_nothing_of_the_record_is_deleted(world: World, table: str) -> None:
    world.reported()
    refused(lambda: sql(f"DELETE FROM {table}"), "Cannot delete rows")


@pytest.mark.parametrize(
    "statement", ["DELETE FROM tickets_seal", "UPDATE tickets_seal SET at = at"]
)
def test_a_seal_is_neither_deleted_nor_changed(world: World, statement: str) -> None:
    world.reported()
    assert _link(world.at) is not None
    refused(lambda: sql(statement), "Cannot delete or update rows")


@pytest.mark.parametrize("table", ["ticket", "event", "words", "seal"])
def test_nothing_of_the_record_is_truncated(world: World, table: str) -> None:
    refused(lambda: sql(f"TRUNCATE tickets_{table} CASCADE"), "never truncated")


@pytest.mark.parametrize(
    "change",
    [{"verb": "accept"}, {"by": "person:1"}, {"data": {}}, {"seq": 7}, {"hash": "0" * 64}],
    ids=str,
)
def test_an_event_is_never_changed(world: World, change: dict[str, Any]) -> None:
    ticket = world.reported()
    refused(lambda: ticket.events.update(**change), "Cannot update rows")


def test_an_event_is_announced(world: World) -> None:
    ticket = world.reported()
    assert ticket.events.update(announced_at=world.at) == 1


@pytest.mark.parametrize("again", [timedelta(hours=1), None], ids=str)
def test_an_event_is_announced_only_once(world: World, again: timedelta | None) -> None:
    ticket = world.reported()
    ticket.events.update(announced_at=world.at)
    later = world.at + again if again else None
    refused(lambda: ticket.events.update(announced_at=later), "announced once")


def test_words_may_be_erased(world: World) -> None:
    ticket = world.reported()
    assert ticket.words.filter(kind="REPORT").update(text="", salt="") == 1


@pytest.mark.parametrize(
    "change", [{"text": "别的话"}, {"text": ""}, {"salt": ""}, {"kind": "NOTE"}], ids=str
)
def test_words_are_never_changed(world: World, change: dict[str, Any]) -> None:
    ticket = world.reported()
    refused(lambda: ticket.words.update(**change), "only be erased")


def test_erased_words_do_not_move(world: World) -> None:
    said, other = world.reported().words.first(), world.reported().events.get()
    assert said is not None
    change = {"text": "", "salt": "", "event": other}
    refused(lambda: Words.objects.filter(pk=said.pk).update(**change), "only be erased")


CHECKS: dict[str, Act] = {
    "ticket_open_iff_due": lambda t: rows(t).update(due_at=None),
    "ticket_handling_has_handler": lambda t: rows(t).update(handler=None),
    "ticket_merged_into": lambda t: rows(t).update(merged_into=t),
    "approval_decided_iff_over": lambda t: t.approvals.update(state="GRANTED"),
    "clock_ended_iff_over": lambda t: t.clocks.filter(ended_at=None).update(state="MET"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_row_that_contradicts_itself_is_refused(world: World, name: str) -> None:
    ticket = world.handled()
    actions.extend(ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等材料")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CHECKS[name](ticket)


def test_an_ended_ticket_has_no_due_date(world: World) -> None:
    ticket = world.verified(origin="PATROL", by=world.grid_worker)
    refused(lambda: rows(ticket).update(due_at=world.at), "ticket_open_iff_due")


def test_a_dispatched_ticket_has_a_unit(world: World) -> None:
    ticket = world.dispatched()
    refused(lambda: rows(ticket).update(unit=None), "ticket_dispatched_has_unit")


def test_the_chain_of_seals_does_not_fork(world: World) -> None:
    world.reported()
    first = _link(world.at)
    assert first is not None
    fork = Seal(at=world.at, ticket_count=1, heads="", prev_hash=first.prev_hash, hash="1" * 64)
    refused(fork.save, "seal_chain_does_not_fork")


def test_two_events_cannot_bear_the_same_number(world: World) -> None:
    event = world.reported().events.get()
    twin = Event.objects.get(pk=event.pk)
    twin.pk = None
    refused(lambda: twin.save(force_insert=True), "event_seq")
