"""Follow keys: 128 random bits, only their hash kept, valid while open and ninety days more."""

from datetime import timedelta

import pytest

from common.actors import SYSTEM
from common.errors import Gone, NotVisible
from tests.tickets.steps import DAY, replied_with_key
from tests.world import World
from tickets import actions, keys
from tickets.models import FollowKey


def test_only_the_hash_of_a_key_is_kept(world: World) -> None:
    _ticket, token = world.reported_with_key()
    row = FollowKey.objects.get()
    assert len(token) >= 22  # 128 bits
    assert token not in (row.key_hash, str(row))
    assert len(row.key_hash) == 64


def test_a_key_opens_its_ticket(world: World) -> None:
    ticket, token = world.reported_with_key()
    key, found = keys.open_key(token, at=world.at)
    assert (found, key.ticket_id, key.follower_id, key.lead_id) == (ticket, ticket.pk, None, None)
    assert key.actor_ref == f"key:{key.id}"


def test_an_unknown_key_opens_nothing(world: World) -> None:
    world.reported_with_key()
    with pytest.raises(NotVisible, match="查询链接"):
        keys.open_key("0" * 22, at=world.at)


def test_a_revoked_key_is_gone(world: World) -> None:
    _ticket, token = world.reported_with_key()
    FollowKey.objects.update(revoked_at=world.at)
    with pytest.raises(Gone, match="失效"):
        keys.open_key(token, at=world.at)


def test_a_key_is_valid_for_ninety_days_after_the_end(world: World) -> None:
    ticket, token = replied_with_key(world)
    actions.close(ticket, by=SYSTEM, at=world.at + 7 * DAY)
    end = world.at + 97 * DAY
    assert keys.open_key(token, at=end)
    with pytest.raises(Gone, match="90 天"):
        keys.open_key(token, at=end + timedelta(seconds=1))


def test_an_open_ticket_has_no_such_limit(world: World) -> None:
    _ticket, token = world.reported_with_key()
    assert keys.open_key(token, at=world.at + 1000 * DAY)


def test_a_merged_tickets_key_lives_as_long_as_the_lead(world: World) -> None:
    lead, (ticket, token) = world.reported(), world.reported_with_key()
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    key, found = keys.open_key(token, at=world.at + 200 * DAY)
    assert (found, key.lead_id, set(key.lead_ids)) == (ticket, lead.pk, {lead.pk})


def test_the_key_knows_where_a_split_off_matter_was_merged(world: World) -> None:
    ticket, token = world.reported_with_key()
    lead = world.reported()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另一件")
    actions.merge(new, by=world.desk, at=world.at, target=lead)
    key = world.key_of(token)
    assert (set(key.own_ids), set(key.lead_ids)) == ({ticket.pk, new.pk}, {lead.pk})


def test_a_key_lives_as_long_as_what_was_split_off(world: World) -> None:
    ticket, token = world.reported_with_key()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另一件")
    actions.withdraw(ticket, by=world.key_of(token), at=world.at)
    lead, other = world.reported_with_key()
    late = world.at + 500 * DAY
    assert keys.open_key(token, at=late)
    actions.merge(new, by=world.desk, at=world.at, target=lead)
    assert keys.open_key(token, at=late)
    actions.withdraw(lead, by=world.key_of(other), at=late)  # lets go of what it took in
    new.refresh_from_db()
    actions.withdraw(new, by=world.key_of(token), at=late)
    assert keys.open_key(token, at=late + 90 * DAY)
    with pytest.raises(Gone):
        keys.open_key(token, at=late + 91 * DAY)
