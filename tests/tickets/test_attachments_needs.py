"""Which photos a verb needs, how many a ticket takes, and what is left in the record."""

from typing import Any

import pytest

from common.errors import Invalid
from grids.datum import from_wgs84
from tests.files import OWNER, photo, ready, upload
from tests.tickets.steps import fresh, invalid, last, not_yours
from tests.tickets.steps import rework as done_badly
from tests.world import ANSWER, World
from tickets import actions
from tickets.attachments import prepare
from tickets.models import Attachment, Event, Ticket
from tickets.proof.chain import verify
from tickets.proof.facts import Tally
from tickets.states import State

HERE = (30.245, 120.155)


def asking(world: World) -> Ticket:
    """In the handler's hands, of a category that asks for an after-photo."""
    world.categories["litter"].needs_after_photo = True
    world.categories["litter"].save()
    return world.handled()


def resolve(world: World, ticket: Ticket, *files: Any) -> Ticket:
    return actions.resolve(
        ticket, by=world.handler, at=world.at, result="DONE", note="已清运",
        proposed_answer=ANSWER, files=files,
    )  # fmt: skip


@pytest.mark.parametrize("kinds", [(), ("BEFORE",), ("NEAR", "FAR")])
def test_an_outcome_needs_its_after_photo(world: World, kinds: tuple[str, ...]) -> None:
    ticket = asking(world)
    with invalid("after_photos"):
        resolve(world, ticket, *(ready(kind) for kind in kinds))
    assert fresh(ticket).state == State.HANDLING
    assert not Attachment.objects.exists()


def test_with_an_after_photo_it_is_resolved(world: World) -> None:
    ticket = resolve(world, asking(world), ready("AFTER"))
    assert (ticket.state, Attachment.objects.get().event.verb) == (State.RESOLVED, "resolve")


def test_an_after_photo_may_come_before_the_outcome(world: World) -> None:
    ticket = asking(world)
    actions.attach(ticket, by=world.handler, at=world.at, files=[ready("AFTER")])
    assert resolve(world, ticket).state == State.RESOLVED


def test_after_a_rework_the_old_photo_is_not_enough(world: World) -> None:
    ticket = resolve(world, asking(world), ready("AFTER"))
    done_badly(world, ticket)
    with invalid("after_photos"):
        resolve(world, ticket)


def test_where_no_category_asks_none_is_needed(world: World) -> None:
    assert resolve(world, world.handled()).state == State.RESOLVED


def test_an_arrival_needs_a_photo(world: World) -> None:
    ticket = world.handled()
    with invalid("before_photos"):
        actions.arrive(ticket, by=world.handler, at=world.at, position=HERE)


@pytest.mark.parametrize(
    ("kind", "field"), [("AFTER", "before_photos"), ("BEFORE", "after_photos")]
)
def test_settling_needs_before_and_after(world: World, kind: str, field: str) -> None:
    with invalid(field):
        actions.settle(
            by=world.grid_worker, at=world.at, text="纸箱", place=world.spot, result="已清走",
            category=world.categories["litter"], files=[ready(kind)],
        )  # fmt: skip
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("who", ["desk", "grid_worker", "clerk", "handler", "head"])
def test_who_may_act_may_attach(world: World, who: str) -> None:
    ticket = world.handled()
    actions.attach(ticket, by=world.people[who], at=world.at, files=[ready()])
    assert Attachment.objects.get().by == world.people[who].actor_ref


@pytest.mark.parametrize("who", ["leader", "inspector", "auditor"])
def test_who_only_looks_attaches_nothing(world: World, who: str) -> None:
    with not_yours("附件"):
        actions.attach(world.handled(), by=world.people[who], at=world.at, files=[ready()])
    assert not Attachment.objects.exists()


def test_the_record_holds_kind_and_digests_only(world: World) -> None:
    ticket = world.handled()
    shot = prepare(upload(photo(spot=HERE)), "REFERENCE")
    actions.attach(ticket, by=world.handler, at=world.at, files=[shot])
    data = last(ticket, "attach").data
    assert data["attachments"][0][:2] == ["REFERENCE", shot.sha256]
    assert [len(part) for part in data["attachments"][0]] == [9, 64, 64]
    assert set(data) == {"attachments"}


def test_attaching_changes_nothing_else(world: World) -> None:
    ticket = world.handled()
    before = fresh(ticket)
    actions.attach(ticket, by=world.handler, at=world.at, files=[ready()])
    after = fresh(ticket)
    assert (after.version, after.state, after.due_at) == (
        before.version, before.state, before.due_at,
    )  # fmt: skip
    assert after.seq == before.seq + 1


@pytest.mark.parametrize(
    ("spot", "is_far"),
    [((30.245, 120.155), False), ((30.2458, 120.155), False), ((30.2460, 120.155), True),
     ((30.245, 120.1562), True), ((22.5, 114.1), True), (None, False)],
)  # fmt: skip
def test_a_photo_from_elsewhere_is_marked(world: World, spot: Any, is_far: bool) -> None:
    ticket = world.handled()  # at 30.245, 120.155; 0.0009 degrees north are 100 m
    shot = prepare(upload(photo(spot=spot)), "NEAR")
    actions.attach(ticket, by=world.handler, at=world.at, files=[shot])
    assert Attachment.objects.get().is_far is is_far


@pytest.mark.parametrize(
    ("datum", "spot", "found"),
    [
        ("WGS84", HERE, ("WGS84", False)), ("GCJ02", HERE, ("GCJ02", False)),
        ("GCJ02", (30.2458, 120.155), ("GCJ02", False)), ("GCJ02", (30.2462, 120.155), ("", True)),
        ("BD09", HERE, ("", True)),
    ],
)  # fmt: skip
def test_a_photo_may_say_where_it_was_in_the_way_of_maps(
    world: World, datum: str, spot: Any, found: tuple[str, bool]
) -> None:
    lat, lng = spot
    said = from_wgs84(lat, lng, datum)
    shot = prepare(upload(photo(spot=said)), "NEAR")
    actions.attach(world.handled(), by=world.handler, at=world.at, files=[shot])
    row = Attachment.objects.get()
    assert (row.datum, row.is_far) == found
    kept = spot if row.datum else said
    assert (row.lat, row.lng) == pytest.approx(kept, abs=2e-6)
    assert not list(verify(tally=Tally()))


def test_a_ticket_takes_only_so_many(world: World, settings: Any) -> None:
    settings.HUBIN_FILES_OF_TICKET = 1
    ticket = world.reported(files=[ready()])
    with pytest.raises(Invalid, match="一张工单最多 1 个附件"):
        actions.attach(ticket, by=world.desk, at=world.at, files=[ready()])


def test_nothing_to_attach_is_refused(world: World) -> None:
    with invalid("files"):
        actions.attach(world.handled(), by=world.handler, at=world.at, files=[])


def test_the_same_report_with_its_photos_is_made_once(world: World) -> None:
    made = [world.reported(files=[ready()], idempotency_key="same-key-1") for _turn in "12"]
    assert made[0] == made[1]
    assert Attachment.objects.count() == 1


def test_nobodys_name_stands_in_the_tables(world: World) -> None:
    shot = prepare(upload(photo(spot=HERE)), "NEAR")
    world.reported(files=[shot])
    row = Attachment.objects.values().get()
    assert OWNER not in str(row) + str(list(Event.objects.values()))
