"""Over the limit of a destination several become one that names their number."""

import pytest

from notices import buckets
from notices.models import Bucket, Delivery
from tests.notices.posting import (
    HOUR,
    MINUTE,
    SECOND,
    S,
    announced,
    deliver,
    group,
    outlet,
    states,
    system,
)
from tests.servers.dingtalk import DingTalkServer
from tests.servers.plain import Reply
from tests.servers.webhook import WebhookServer
from tests.world import MONDAY_NINE as AT
from tests.world import World

__all__ = ["group", "system"]


def test_over_the_limit_the_rest_is_one_message_with_their_number(
    world: World, group: DingTalkServer
) -> None:
    outlet(group, rate_per_minute=4)
    announced(world, 12)
    assert deliver(world) == 4
    assert [text.text.splitlines()[0] for text in group.taken[:3]] == ["湖滨 派单 → 待签收"] * 3
    assert group.taken[3].text.splitlines()[0] == "湖滨 9 条新消息"


def test_what_is_in_a_digest_says_in_which(world: World, group: DingTalkServer) -> None:
    outlet(group, rate_per_minute=4)
    announced(world, 12)
    deliver(world)
    assert sorted(states()) == [S.DIGESTED] * 8 + [S.SENT] * 4
    lead = Delivery.objects.filter(state=S.SENT).order_by("pk")[3]
    assert lead.digested.count() == 8


def test_within_the_limit_nothing_is_put_together(world: World, group: DingTalkServer) -> None:
    outlet(group, rate_per_minute=20)
    announced(world, 15)
    assert (deliver(world), len(group.taken)) == (15, 15)


def test_a_digest_that_did_not_get_there_keeps_its_number(
    world: World, group: DingTalkServer
) -> None:
    outlet(group, rate_per_minute=1)
    announced(world, 5)
    group.mood = Reply(500)
    deliver(world)
    group.mood = None
    deliver(world, HOUR)
    assert [text.text.splitlines()[0] for text in group.taken] == ["湖滨 5 条新消息"]


def test_a_digest_in_a_digest_counts_all_that_is_in_it(world: World, group: DingTalkServer) -> None:
    outlet(group, rate_per_minute=1)
    announced(world, 5)
    group.mood = Reply(500)
    deliver(world)
    group.mood = None
    announced(world, 3)
    Delivery.objects.filter(state=S.FAILED).update(not_before=world.at + HOUR + MINUTE)
    assert deliver(world, HOUR) == 1
    announced(world, 2)
    assert deliver(world, 2 * HOUR) == 1
    assert [text.text.splitlines()[0] for text in group.taken] == [
        "湖滨 派单 → 待签收", "湖滨 9 条新消息",
    ]  # fmt: skip


def test_another_system_gets_each_one_only_later(world: World, system: WebhookServer) -> None:
    """A program does not read digests."""
    outlet(system, rate_per_minute=3)
    announced(world, 7)
    sent = [deliver(world, after * MINUTE) for after in range(4)]
    assert (sent, len(system.taken)) == ([3, 3, 1, 0], 7)


@pytest.mark.parametrize(
    ("after", "granted"), [(0, 0), (14, 0), (15, 1), (30, 2), (60, 4), (3600, 4)]
)
def test_a_bucket_fills_by_its_rate_and_no_further(db: None, after: int, granted: int) -> None:
    buckets.take("SMS", 4, 9, rate=4, at=AT)
    assert buckets.take("SMS", 9, 9, rate=4, at=AT + after * SECOND).count == granted


def test_a_clock_that_goes_back_gives_nothing(db: None) -> None:
    buckets.take("SMS", 4, 9, rate=4, at=AT)
    assert buckets.take("SMS", 1, 9, rate=4, at=AT - HOUR).count == 0
    assert Bucket.objects.get().filled_at == AT


def test_a_destination_in_trouble_is_left_alone_longer_each_time(db: None) -> None:
    buckets.take("SMS", 1, 1, rate=60, at=AT)
    waits = []
    for _time in range(8):
        buckets.failed("SMS", at=AT, wait=None)
        until = Bucket.objects.get().closed_until
        assert until is not None
        waits.append(int((until - AT).total_seconds()))
    assert waits == [15, 30, 60, 120, 240, 480, 600, 600]


def test_what_works_again_is_as_before(db: None) -> None:
    buckets.take("SMS", 1, 1, rate=60, at=AT)
    buckets.failed("SMS", at=AT, wait=HOUR)
    assert buckets.resting(["SMS"], AT + 59 * MINUTE) == {"SMS"}
    assert (buckets.worked("SMS"), buckets.worked("SMS")) == (True, False)
    assert buckets.resting(["SMS"], AT) == set()
