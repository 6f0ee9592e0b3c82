"""What was rated stays as it was rated: the database refuses, and a forgery is found."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.promises.forging import forge, forge_event, recompute, unguarded
from tests.promises.proof import breaches
from tests.tickets.steps import replied_with_key
from tests.world import World
from tickets import actions
from tickets.models import Rating, Ticket

OTHERWISE: dict[str, Any] = {
    "stars": 1, "is_solved": False, "reason_code": "OTHER", "wants_call": True,
    "is_by_phone": True, "cycle": 2,
}  # fmt: skip


@pytest.fixture
def rated(world: World) -> Ticket:
    """满意: five stars, solved."""
    ticket, token = replied_with_key(world)
    return actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)


def forge_rating(ticket: Ticket, **values: Any) -> None:
    with unguarded():
        assert ticket.ratings.update(**values)


def as_an_older_version_wrote_it(ticket: Ticket) -> int:
    """The event does not name its row, who rated and how; returns its number."""
    event = ticket.events.get(verb="rate")
    for name in ("rating", "rater", "by_phone"):
        del event.data[name]
    forge_event(ticket, event.seq, data=event.data)
    recompute(ticket)
    return event.seq


def test_a_true_rating_is_no_breach(rated: Ticket) -> None:
    assert breaches() == []


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_forged_rating_is_found_and_named(rated: Ticket, name: str) -> None:
    seq, pk = rated.events.get(verb="rate").seq, rated.ratings.get().pk
    forge_rating(rated, **{name: OTHERWISE[name]})
    (found,) = breaches()
    assert found.startswith(f"{rated.number} #{seq}: 评价 {pk} 的 {name} 是 {OTHERWISE[name]}，")


def test_a_rating_of_somebody_else_is_found(rated: Ticket, world: World) -> None:
    follower = actions.follow(world.reported(), by=world.desk, at=world.at)[0]
    forge_rating(rated, follower=follower)
    assert any(f"follower_id 是 {follower.pk}，记录的是 -" in line for line in breaches())


def test_a_deleted_rating_is_found(rated: Ticket) -> None:
    pk = rated.ratings.get().pk
    forge("DELETE FROM tickets_rating WHERE id = %s", pk)
    assert any(line.endswith(f"评价 {pk} 不见了，记录里有") for line in breaches())


def test_an_invented_rating_is_found(world: World) -> None:
    ticket = world.replied()
    row = Rating.objects.create(
        ticket=ticket, cycle=1, stars=5, is_solved=True, at=world.at
    )  # nobody said so
    assert breaches() == [f"{ticket.number}: 评价 {row.pk} 没有记录"]


def test_an_older_rating_still_verifies(rated: Ticket) -> None:
    as_an_older_version_wrote_it(rated)
    assert breaches() == []


def test_the_stars_of_an_older_rating_are_checked_too(rated: Ticket) -> None:
    seq = as_an_older_version_wrote_it(rated)
    forge_rating(rated, stars=2)
    (found,) = breaches()
    assert found.startswith(f"{rated.number} #{seq}: 评价 ")


@pytest.mark.parametrize("deed", ["change", "delete"])
def test_not_even_the_owner_changes_a_rating(rated: Ticket, deed: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot delete or update"), transaction.atomic():
        rated.ratings.update(stars=1) if deed == "change" else rated.ratings.all().delete()
