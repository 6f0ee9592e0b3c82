"""Once more, by hand: a new dedupe key, and refused where it would make no sense."""

import pytest
from django.core.management import CommandError, call_command

from notices.models import Delivery
from tests.notices.posting import MINUTE, S, announced, deliver, group, outlet, states, system
from tests.servers.dingtalk import DingTalkServer
from tests.servers.plain import Reply
from tests.servers.webhook import WebhookServer
from tests.world import World

__all__ = ["group", "system"]


def test_what_is_dead_goes_out_once_more(world: World, system: WebhookServer) -> None:
    outlet(system)
    (row,) = announced(world)
    system.mood = Reply(410)
    deliver(world)
    assert states() == [S.DEAD]
    system.mood = None
    call_command("resend_delivery", row.pk)
    assert (deliver(world, MINUTE), states()) == (1, [S.SENT])


def test_the_other_side_takes_it_anew(world: World, system: WebhookServer) -> None:
    outlet(system)
    (row,) = announced(world)
    deliver(world)
    call_command("resend_delivery", row.pk)
    deliver(world, MINUTE)
    again = Delivery.objects.get()
    assert set(system.taken) == {row.dedupe_key, again.dedupe_key}
    assert (again.resent, again.tries) == (1, 1)


def test_what_still_waits_is_not_resent(world: World, system: WebhookServer) -> None:
    outlet(system)
    (row,) = announced(world)
    with pytest.raises(CommandError, match="还会自动发送"):
        call_command("resend_delivery", row.pk)


def test_what_is_in_a_digest_is_resent_with_it(world: World, group: DingTalkServer) -> None:
    outlet(group, rate_per_minute=1)
    announced(world, 3)
    deliver(world)
    lead = Delivery.objects.get(state=S.SENT)
    with pytest.raises(CommandError, match=f"摘要 {lead.pk}"):
        call_command("resend_delivery", lead.digested.first().pk)  # type: ignore[union-attr]


def test_what_is_not_there_is_told(db: None) -> None:
    with pytest.raises(CommandError, match="没有编号为 7 的投递"):
        call_command("resend_delivery", 7)
