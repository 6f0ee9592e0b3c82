"""Triggers stop accidents, privileges stop people: what the role of the application may do.

Tests run as the owner; here the same database is used as `hubin_app`, as web and workers do.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, LiteralString

import environ
import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, connection
from psycopg.errors import InsufficientPrivilege

from common.actors import SYSTEM
from grids import standins
from grids.loading import tables
from notices import retiring
from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tests.files import ready
from tests.notices.posting import announced, deliver, outlet, system
from tests.promises.proof import all_is_well
from tests.servers.webhook import WebhookServer
from tests.tickets.steps import replied_with_key
from tests.tickets.test_patrols import place, visited
from tests.world import World
from tickets import actions, seals, sweeps
from tickets.admin.law import ReasonCodeAdmin
from tickets.models import Event, RetentionRule, Reveal, Ticket, VisitCount
from tickets.states import State

__all__ = ["system"]
RECORD = (
    "tickets_ticket", "tickets_event", "tickets_words", "tickets_attachment", "tickets_seal",
)  # fmt: skip
KEPT = (
    "tickets_reveal", "tickets_approval", "tickets_rating", "tickets_participation",
    "tickets_clock", "tickets_pause", "tickets_follower", "tickets_followkey", "tickets_assist",
    "tickets_supervision", "tickets_ticketlink", "tickets_export", "tickets_checkin",
    "tickets_monthfigure", "tickets_visitcount",
)  # fmt: skip
CHANGES = [
    *(f"tickets_event SET {field.column} = {field.column}"
      for field in Event._meta.concrete_fields if field.name != "announced_at"),
    "tickets_words SET kind = kind",
    "tickets_words SET event_id = event_id",
    "tickets_attachment SET kind = kind",
    "tickets_attachment SET is_far = is_far",
    "tickets_attachment SET event_id = event_id",
    "tickets_seal SET heads = heads",
    "tickets_reveal SET reason = reason",
    "tickets_export SET rows = rows",
    "tickets_checkin SET metres = metres",
    "tickets_monthfigure SET figures = figures",
    "tickets_visitcount SET visits = visits",
    "tickets_rating SET stars = stars",
    "tickets_approval SET asks = asks",
    "tickets_assist SET asked_at = asked_at",
    "tickets_supervision SET due_at = due_at",
    "tickets_participation SET started_at = started_at",
    "tickets_follower SET merged_id = merged_id",
    "tickets_pause SET started_at = started_at",
    "tickets_clock SET started_at = started_at",
]  # fmt: skip


def role() -> dict[str, str]:
    """User and password of the application in this database."""
    url = os.environ.get("HUBIN_TEST_APP_URL")
    given = environ.Env.db_url_config(url) if url else {}
    owners = connection.settings_dict["PASSWORD"]
    return {"USER": given.get("USER") or "hubin_app", "PASSWORD": given.get("PASSWORD") or owners}


@pytest.fixture
def app(db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of that role beside the test's own."""
    known, asked = connection.settings_dict, role()
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"], dbname=known["NAME"], user=asked["USER"],
        password=asked["PASSWORD"], autocommit=True,
    ) as found:  # fmt: skip
        yield found


@pytest.fixture
def app_world(committed_world: World) -> Iterator[World]:
    """Everything the test does is done in that role."""
    owner = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(role())
    try:
        yield committed_world
    finally:
        connection.close()
        connection.settings_dict.update(owner)


def test_it_is_not_the_owner(app: psycopg.Connection[Any]) -> None:
    found = app.execute(
        "SELECT rolsuper OR rolcreaterole OR pg_get_userbyid(c.relowner) = current_user"
        " FROM pg_roles, pg_class c WHERE rolname = current_user AND relname = 'tickets_event'"
    )
    assert found.fetchone() == (False,)


@pytest.mark.parametrize("table", RECORD + KEPT)
@pytest.mark.parametrize("what", ["DELETE FROM", "TRUNCATE"])
def test_the_record_cannot_be_emptied(
    app: psycopg.Connection[Any], what: LiteralString, table: LiteralString
) -> None:
    with pytest.raises(InsufficientPrivilege):
        app.execute(what + " " + table)


@pytest.mark.parametrize("change", CHANGES)
def test_the_record_cannot_be_changed(app: psycopg.Connection[Any], change: LiteralString) -> None:
    with pytest.raises(InsufficientPrivilege):
        app.execute("UPDATE " + change)


@pytest.mark.parametrize(
    "change", ["UPDATE tickets_reveal SET reason = ''", "DELETE FROM tickets_reveal"]
)
def test_not_even_the_owner_changes_who_looked(world: World, change: str) -> None:
    ticket = world.reported()
    Reveal.objects.create(ticket=ticket, person=world.desk, reason="回访", at=world.at)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="Cannot delete"):
        cursor.execute(change)


@pytest.mark.parametrize("change", ["DISABLE TRIGGER USER", "DROP COLUMN hash"])
def test_the_guards_cannot_be_lifted(app: psycopg.Connection[Any], change: LiteralString) -> None:
    with pytest.raises(InsufficientPrivilege):
        app.execute("ALTER TABLE tickets_event " + change)


def test_replication_mode_cannot_be_set(app: psycopg.Connection[Any]) -> None:
    with pytest.raises(InsufficientPrivilege):
        app.execute("SET session_replication_role = replica")


def test_standing_in_and_demands_work_in_that_role(app_world: World) -> None:
    world, day = app_world, timedelta(days=1)
    row = standins.arrange(
        world.handler, by=world.handler, stand_in=world.far_handler, at=world.at,
        since=world.at.date(), until=world.at.date(),
    )  # fmt: skip
    ticket = actions.supervise(
        world.handled(), by=world.leader, at=world.at, demand="速办",
        due_on=(world.at + day).date(),
    )  # fmt: skip
    actions.note(ticket, by=world.again("far_handler"), at=world.at, text="已到场")
    assert sweeps.run("supervisions", at=world.at + 2 * day) == 1
    standins.end(row.pk, by=world.handler, at=world.at)
    assert not world.again("far_handler").represents(world.at.date())


@pytest.mark.parametrize("change", [{"origin": "PATROL"}, {"reported_by": None}], ids=str)
def test_how_a_ticket_was_born_cannot_be_changed(app_world: World, change: dict[str, Any]) -> None:
    ticket = app_world.reported()
    with pytest.raises(DatabaseError, match="was born is never changed"):
        Ticket.objects.filter(pk=ticket.pk).update(**change)


def test_a_breach_cannot_be_taken_back(app_world: World) -> None:
    ticket = app_world.reported()
    late = app_world.at + timedelta(days=9)
    actions.accept(ticket, by=app_world.desk, at=late)
    assert ticket.clocks.filter(breached_at__isnull=False).exists()
    with pytest.raises(DatabaseError, match="a breach is written once"):
        ticket.clocks.update(breached_at=None)


def test_an_event_can_be_announced(app_world: World) -> None:
    ticket = app_world.reported()
    assert ticket.events.filter(announced_at=None).update(announced_at=app_world.at) == 1


def test_words_can_be_erased(app_world: World) -> None:
    ticket = app_world.verified(origin="PATROL", by=app_world.grid_worker, files=[ready()])
    actions.erase(ticket, by=SYSTEM, at=app_world.at, rule="two-years")
    assert ticket.attachments.get().name == ""
    assert set(ticket.words.values_list("text", flat=True)) == {""}


def test_contacts_are_erased_in_this_role(app_world: World) -> None:
    ticket, token = app_world.reported_with_key()
    actions.withdraw(ticket, by=app_world.key_of(token), at=app_world.at)
    actions.erase(ticket, by=SYSTEM, at=app_world.at, rule="two-years")
    assert ticket.reporter is not None
    ticket.reporter.refresh_from_db()
    assert (ticket.reporter.phone_hash, ticket.keys.filter(revoked_at=None).count()) == ("", 0)


def test_visits_are_forgotten_in_this_role(app_world: World) -> None:
    RetentionRule.objects.create(code="check_in", what="CHECK_IN", days=180)
    visited(app_world, place(app_world))
    assert sweeps.run("erase", at=app_world.at + timedelta(days=180)) == 1
    assert VisitCount.objects.get().visits == 1


def test_what_needed_nobody_is_forgotten_in_this_role(app_world: World) -> None:
    raise_incident("sweep:route", "1", at=app_world.at, nth=5)
    end_incident("sweep:route", "1", at=app_world.at)
    assert not Incident.objects.exists()


def test_deliveries_are_made_sent_and_forgotten_in_this_role(
    app_world: World, system: WebhookServer
) -> None:
    outlet(system)
    (row,) = announced(app_world)
    assert (deliver(app_world), list(system.taken)) == (1, [row.dedupe_key])
    assert retiring.sweep(at=app_world.at + timedelta(days=91)) == 1


def test_the_whole_chain_runs_in_this_role(app_world: World) -> None:
    ticket, token = replied_with_key(app_world)
    key = app_world.key_of(token)
    actions.rate(ticket, by=key, at=app_world.at, stars=5, is_solved=True)
    assert ticket.state == State.CLOSED


def test_requests_helpers_and_merging_run_in_this_role(app_world: World) -> None:
    world = app_world
    ticket = world.handled()
    actions.enlist(ticket, by=world.handler, at=world.at, unit=world.units["fire"], question="看看")
    actions.extend(ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等料")
    approval = ticket.approvals.get()
    actions.countersign(approval, by=world.head, at=world.at)
    actions.grant(approval, by=world.shift_leader, at=world.at)
    actions.merge(world.reported(), by=world.desk, at=world.at, target=ticket)
    actions.split(ticket, by=world.desk, at=world.at, text="另一件事")
    ticket.refresh_from_db()
    assert (ticket.extensions, ticket.followers_count) == (1, 1)


def test_a_table_of_the_law_is_taken_in_in_this_role(app_world: World) -> None:
    table = ReasonCodeAdmin.table
    text = tables.written(table) + "decline,NEW,理由,,0,9\r\n".replace(",9", ",9,1")
    outcome, seen = tables.looked_at(table, text, ("chain",))
    assert (len(outcome.changes), outcome.problems) == (1, [])
    assert tables.taken_in(table, text, ("chain",), seen=seen).changes == outcome.changes


def test_sealing_and_both_audits_run_in_this_role(
    app_world: World, settings: Any, tmp_path: Path
) -> None:
    settings.HUBIN_SEAL_FILE = str(tmp_path / "seals.jsonl")
    app_world.replied()
    assert seals.seal(at=app_world.at) == 1
    all_is_well(app_world.at)


def test_the_index_of_the_search_is_its_owners(app_world: World) -> None:
    with pytest.raises(CommandError, match="hubin_app 不是索引的所有者"):
        call_command("reindex_search", offline=True)
