"""How a ticket was born is on its record, and neither a statement nor a forger changes it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.promises.conftest import Story
from tests.promises.forging import forge_event, forge_ticket, recompute
from tests.promises.proof import breaches
from tests.world import MONDAY_NINE, World
from tickets import actions
from tickets.models import Client, Reporter, Ticket
from tickets.models.guard import FIXED

CLIENT = 77
OTHERWISE: dict[str, Any] = {
    "client": CLIENT,
    "origin": "PATROL", "source": "QR", "source_profile": "spots", "source_id": "A1",
    "reporter": None, "reporter_person": None, "reported_by": None,
    "reported_at": MONDAY_NINE + timedelta(hours=1), "is_on_behalf": False, "is_anonymous": True,
    "is_historic": True, "is_settled": True, "is_sampled": True,
}  # fmt: skip
COLUMNS = {field.name: field.attname for field in Ticket._meta.concrete_fields}


def born_by_an_account(world: World) -> Ticket:
    """A ticket of which every fact of its birth differs from `OTHERWISE`."""
    Client.objects.create(pk=CLIENT, name="12345 热线", source="HOTLINE", made_at=world.at)
    return world.reported(reporter=Reporter.build(person=world.resident), is_on_behalf=True)


def test_every_fixed_column_has_its_case() -> None:
    assert {*OTHERWISE, "number"} == set(FIXED)


@pytest.mark.parametrize("name", FIXED)
def test_the_database_refuses_another_birth(world: World, name: str) -> None:
    ticket = born_by_an_account(world)
    change = {name: OTHERWISE.get(name, "330102-20261123-00099")}
    with pytest.raises(DatabaseError, match="was born is never changed"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**change)


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_forged_birth_is_found_and_named(world: World, name: str) -> None:
    ticket = born_by_an_account(world)
    assert breaches() == []
    forge_ticket(ticket, **{name: OTHERWISE[name]})
    found = breaches()
    assert len(found) == 1
    assert found[0].startswith(f"{ticket.number}: {COLUMNS[name]} 是 ")


def test_the_breach_says_what_was_recorded(world: World) -> None:
    ticket = world.reported()
    forge_ticket(ticket, is_historic=True)
    assert breaches() == [f"{ticket.number}: is_historic 是 True，立单时记录的是 False"]


def test_who_verifies_is_replayed(world: World) -> None:
    ticket = world.reported()
    forge_ticket(ticket, verify_by="NONE")
    assert breaches() == [f"{ticket.number}: verify_by 是 NONE，记录的结果是 SITE"]


def test_another_way_to_verify_is_on_the_record(world: World) -> None:
    ticket = world.reported()
    actions.amend(ticket, by=world.desk, at=world.at, category=world.categories["leak"])
    event = ticket.events.get(verb="amend")
    assert (event.data["was"]["verify_by"], event.data["set"]["verify_by"]) == ("SITE", "DESK")
    assert breaches() == []


def test_a_split_has_a_birth_of_its_own(world: World) -> None:
    ticket = world.accepted()
    later = world.at + timedelta(minutes=5)
    new = actions.split(ticket, by=world.desk, at=later, text="另一件事")
    born = new.events.get().data["born"]
    assert (born["reported_at"], born["reporter_id"]) == (later.isoformat(), ticket.reporter_id)


def as_an_older_version_wrote_it(ticket: Ticket) -> None:
    """The first event knows neither the birth nor who verifies."""
    data = ticket.events.get(seq=1).data
    del data["born"], data["set"]["verify_by"]
    forge_event(ticket, 1, data=data)
    recompute(ticket)


def test_an_older_record_still_verifies(world: World) -> None:
    ticket = world.resolved()
    as_an_older_version_wrote_it(ticket)
    ticket.refresh_from_db()
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    assert breaches() == []


def test_what_an_older_record_did_not_say_is_not_checked(world: World) -> None:
    ticket = world.reported()
    as_an_older_version_wrote_it(ticket)
    forge_ticket(ticket, source="QR", verify_by="DESK")
    assert breaches() == []


def test_from_its_first_change_on_who_verifies_is_checked_there_too(world: World) -> None:
    ticket = world.reported()
    as_an_older_version_wrote_it(ticket)
    ticket.refresh_from_db()
    actions.amend(ticket, by=world.desk, at=world.at, category=world.categories["leak"])
    forge_ticket(ticket, verify_by="NONE")
    assert breaches() == [f"{ticket.number}: verify_by 是 NONE，记录的结果是 DESK"]


def test_the_record_of_a_birth_holds_no_contact(story: Story) -> None:
    born = story.replied.events.get(seq=1).data["born"]
    assert born["reporter_id"] == story.replied.reporter_id
    assert not any("赵见诚" in str(value) or "1234" in str(value) for value in born.values())
