"""Quiet hours: what can wait does, emergencies do not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notices import quiet
from notices.models import Delivery
from tests.notices.posting import deliver, group, outlet, states, system
from tests.servers.dingtalk import DingTalkServer
from tests.servers.webhook import WebhookServer
from tests.world import World
from tickets import outlets, sweeps
from tickets.audience import Audience

__all__ = ["group", "system"]
NIGHT = (22 * 60, 7 * 60)
NOON = (12 * 60, 13 * 60 + 30)


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("at", "hours", "until"),
    [
        ("2026-11-23 21:59", NIGHT, "2026-11-23 21:59"),
        ("2026-11-23 22:00", NIGHT, "2026-11-24 07:00"),
        ("2026-12-31 23:59", NIGHT, "2027-01-01 07:00"),
        ("2026-11-23 00:00", NIGHT, "2026-11-23 07:00"),
        ("2026-11-23 06:59", NIGHT, "2026-11-23 07:00"),
        ("2026-11-23 07:00", NIGHT, "2026-11-23 07:00"),
        ("2026-11-23 12:00", NOON, "2026-11-23 13:30"),
        ("2026-11-23 13:30", NOON, "2026-11-23 13:30"),
        ("2026-11-23 03:00", (0, 0), "2026-11-23 03:00"),
    ],
)
def test_when_it_may_be_sent(at: str, hours: quiet.Hours, until: str) -> None:
    assert quiet.until(here(at), hours) == here(until)


@pytest.mark.parametrize("text", ["22-7", "24:00-07:00", "22:00", "22:00–07:00", "7:00-8:00"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HUBIN_QUIET_HOURS"):
        quiet.read(text)


def at_night(world: World, **given: object) -> datetime:
    """Told of at eleven in the evening; when it is to go."""
    ticket = world.dispatched(**given)
    sweeps.run("announce", at=world.at + timedelta(hours=14))
    return Delivery.objects.get(ticket_id=ticket.pk).not_before


def test_a_group_is_not_woken_for_what_can_wait(world: World, group: DingTalkServer) -> None:
    outlet(group)
    assert at_night(world) == world.at + timedelta(hours=22)
    assert deliver(world, timedelta(hours=14)) == 0
    assert (deliver(world, timedelta(hours=22)), states()) == (1, ["SENT"])


def test_an_emergency_wakes_everybody(world: World, group: DingTalkServer) -> None:
    outlet(group)
    assert at_night(world, urgency="URGENT") == world.at + timedelta(hours=14)


def test_another_system_never_sleeps(world: World, system: WebhookServer) -> None:
    outlet(system)
    assert at_night(world) == world.at + timedelta(hours=14)


def test_a_step_may_say_that_it_cannot_wait(world: World) -> None:
    event = world.dispatched().events.get(verb="dispatch")
    case = Audience([event], at=world.at).case(event)
    assert not outlets.wakes(event, case)
    event.data["ignores_quiet"] = True
    assert outlets.wakes(event, case)
