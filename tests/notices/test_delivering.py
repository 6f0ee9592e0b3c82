"""What waits leaves the house once; trouble is tried again, and nobody else waits for it."""

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now  # noqa: TID251  leases last by it

from notices import lag, leasing
from notices.announce import announce
from notices.leasing import back_off
from notices.models import Delivery, Endpoint
from tests.notices.posting import (
    HOUR,
    MINUTE,
    SECOND,
    S,
    announced,
    deliver,
    group,
    open_incidents,
    outlet,
    states,
    system,
)
from tests.promises.broker import in_this_database, until_alone
from tests.races import race
from tests.servers.dingtalk import DingTalkServer
from tests.servers.plain import Reply
from tests.servers.webhook import WebhookServer
from tests.world import World
from tickets import outlets, sweeps
from tickets.audience import Audience
from tickets.models import Event

__all__ = ["group", "system"]
# sends, says so, and waits to be shot before it can write that it did
HALF_DONE = """
import sys, django
django.setup()
from datetime import datetime
from notices import deliver
from tickets import rendering
def wait(outcome, at):
    print(type(outcome.came).__name__, flush=True)
    sys.stdin.read()
deliver._write = wait
deliver.run(at=datetime.fromisoformat(sys.argv[1]), render=rendering.render)
"""


def test_what_waits_is_sent_once(world: World, system: WebhookServer) -> None:
    outlet(system)
    (row,) = announced(world)
    assert (deliver(world), deliver(world, HOUR)) == (1, 0)
    (taken,) = system.taken.items()
    assert (taken[0], taken[1]["data"]["verb"]) == (row.dedupe_key, "dispatch")


def test_what_was_sent_says_when(world: World, system: WebhookServer) -> None:
    outlet(system)
    (row,) = announced(world)
    deliver(world, MINUTE)
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.tries, row.leased_until) == (
        S.SENT, world.at + MINUTE, 1, None,
    )  # fmt: skip


def test_announced_twice_is_delivered_once(world: World, system: WebhookServer) -> None:
    outlet(system)
    world.dispatched()
    events = list(Event.objects.filter(announced_at=None))
    audience = Audience(events, at=world.at)
    for _time in range(2):
        announce(outlets.of(audience, events), at=world.at)
    assert (deliver(world), states()) == (1, [S.SENT])


def test_two_senders_at_once_send_everything_once(
    committed_world: World, system: WebhookServer
) -> None:
    world = committed_world
    outlet(system, rate_per_minute=600)
    announced(world, 20)
    done = race(*[lambda: sweeps.run("deliver", at=world.at)] * 2)
    assert (sum(done), len(system.asked), len(system.taken)) == (20, 20, 20)
    assert set(states()) == {S.SENT}


def shot(world: World) -> str:
    """What the one who was shot had sent before it could write it down."""
    sender = subprocess.Popen(
        [sys.executable, "-c", HALF_DONE, world.at.isoformat()],
        env=in_this_database(HUBIN_EGRESS_ALLOW="127.0.0.1"), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert sender.stdout is not None
    said = sender.stdout.readline().strip()
    sender.kill()
    sender.communicate()
    until_alone()
    return said


def run_out() -> None:
    """As if the time of the lease were over, by the database's clock."""
    rows = Delivery.objects.filter(state=S.LEASED)
    assert rows.update(leased_until=Now() - SECOND)


def test_who_is_shot_after_sending_causes_one_twin_and_loses_nothing(
    committed_world: World, system: WebhookServer
) -> None:
    world = committed_world
    outlet(system)
    announced(world, 3)
    assert shot(world) == "Sent"
    assert (deliver(world, 10 * SECOND), len(system.taken)) == (0, 1)
    run_out()
    assert deliver(world, 61 * SECOND) == 3
    assert (len(system.asked), len(system.taken), set(states())) == (4, 3, {S.SENT})


def test_who_comes_back_late_changes_nothing(world: World, system: WebhookServer) -> None:
    outlet(system)
    announced(world)
    (where,) = leasing.destinations(world.at)
    (slow,) = leasing.lease(where, 5, at=world.at)
    run_out()
    later = world.at + 61 * SECOND
    (other,) = leasing.lease(where, 5, at=later)
    assert other.fence == slow.fence + 1
    assert not leasing.done(slow, provider_id="", at=later)
    assert states() == [S.LEASED]
    assert leasing.done(other, provider_id="7", at=later)
    assert Delivery.objects.get().provider_id == "7"


def test_a_lease_that_runs_is_nobody_elses(world: World, system: WebhookServer) -> None:
    outlet(system)
    announced(world)
    (where,) = leasing.destinations(world.at)
    leasing.lease(where, 5, at=world.at)
    assert leasing.destinations(world.at + 59 * SECOND) == []


def test_a_clock_that_is_ahead_takes_nothing_out_of_anothers_hands(
    world: World, system: WebhookServer
) -> None:
    outlet(system)
    announced(world)
    (where,) = leasing.destinations(world.at)
    leasing.lease(where, 5, at=world.at)
    ahead = world.at + timedelta(days=7)
    assert (leasing.destinations(ahead), leasing.lease(where, 5, at=ahead)) == ([], [])
    run_out()
    assert len(leasing.lease(where, 5, at=ahead)) == 1


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 60), (2, 120), (6, 1920), (7, 3600), (12, 3600)]
)
def test_it_waits_twice_as_long_each_time(tries: int, seconds: int) -> None:
    waits = [back_off(tries, str(key)).total_seconds() / seconds for key in range(200)]
    assert 0.8 <= min(waits) < 0.85
    assert 1.15 < max(waits) <= 1.2
    assert back_off(tries, "7") == back_off(tries, "7")


def test_trouble_is_tried_again_later(world: World, system: WebhookServer) -> None:
    outlet(system)
    announced(world)
    system.mood = Reply(502)
    deliver(world)
    row = Delivery.objects.get()
    assert (row.state, row.fault, row.tries) == (S.FAILED, "status 502", 1)
    assert 48 * SECOND <= row.not_before - world.at <= 72 * SECOND
    system.mood = None
    assert (deliver(world, 47 * SECOND), deliver(world, 73 * SECOND)) == (0, 1)


def test_it_waits_as_long_as_the_other_side_asks(world: World, system: WebhookServer) -> None:
    outlet(system)
    announced(world)
    system.mood = Reply(429, headers={"Retry-After": "900"})
    deliver(world)
    announced(world)
    system.mood = None
    assert (deliver(world, 14 * MINUTE), deliver(world, 15 * MINUTE)) == (0, 2)


def test_after_the_last_try_it_is_dead_and_somebody_is_told(
    world: World, system: WebhookServer, settings: Any
) -> None:
    settings.HUBIN_DELIVERY_TRIES = 3
    where = outlet(system)
    announced(world)
    system.mood = Reply(500)
    for hour in range(4):
        deliver(world, hour * HOUR)
    assert (states(), len(system.asked)) == ([S.DEAD], 3)
    assert open_incidents("undelivered") == [f"WEBHOOK:{where.pk}"]


def test_what_can_never_be_is_not_tried_again(world: World, system: WebhookServer) -> None:
    outlet(system, secret="whsec-of-somebody-else")
    announced(world)
    deliver(world)
    assert (states(), Delivery.objects.get().fault) == ([S.DEAD], "status 401")


def test_a_destination_in_trouble_is_told_of_until_it_works(
    world: World, system: WebhookServer
) -> None:
    where = outlet(system)
    announced(world)
    system.mood = Reply(500)
    for hour in range(3):
        assert open_incidents("delivery") == []
        deliver(world, hour * HOUR)
    assert open_incidents("delivery") == [f"WEBHOOK:{where.pk}"]
    system.mood = None
    deliver(world, 4 * HOUR)
    assert open_incidents("delivery") == []


def test_a_dead_one_holds_up_nobody(
    world: World, system: WebhookServer, group: DingTalkServer, settings: Any
) -> None:
    settings.HUBIN_EGRESS_SECONDS = 0.3
    outlet(system, rate_per_minute=100)
    outlet(group, rate_per_minute=100)
    announced(world, 18)
    system.mood = Reply(silent=True)
    assert deliver(world) == 19
    assert (len(group.taken), len(system.asked)) == (18, 1)
    assert sorted(states()).count(S.WAITING) == 17


def test_what_was_not_tried_counts_as_no_try(
    world: World, system: WebhookServer, settings: Any
) -> None:
    outlet(system)
    announced(world, 5)
    system.mood = Reply(500)
    deliver(world)
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 0, 0, 1]


def test_what_was_switched_off_is_told_nothing_more(world: World, system: WebhookServer) -> None:
    outlet(system)
    announced(world)
    Endpoint.objects.update(is_active=False)
    deliver(world)
    assert (states(), system.asked) == ([S.SKIPPED], [])


def test_after_trouble_one_goes_ahead(world: World, system: WebhookServer) -> None:
    """A provider that comes back is not overrun while nobody knows whether it works."""
    outlet(system, rate_per_minute=100)
    announced(world, 4)
    system.mood = Reply(500)
    deliver(world)
    system.mood = None
    assert deliver(world, timedelta(minutes=5)) == 4


def test_a_destination_that_is_left_alone_is_no_lag(world: World, system: WebhookServer) -> None:
    outlet(system)
    announced(world, 3)
    assert lag.oldest(at=world.at) == world.at
    system.mood = Reply(500)
    deliver(world)
    assert lag.oldest(at=world.at + SECOND) is None
    assert lag.oldest(at=world.at + MINUTE) == world.at
