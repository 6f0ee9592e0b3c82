"""From a timer to the telephone: reminders, warnings and reports upward leave the house."""

from datetime import datetime, timedelta

import pytest

from notices.models import Delivery
from tests.notices.mailing import mail, wishes
from tests.notices.posting import deliver, group, outlet, states, written
from tests.servers.dingtalk import DingTalkServer
from tests.servers.smtp import MailServer
from tests.world import World
from tickets import sweeps
from tickets.models import Ticket

__all__ = ["group", "mail"]
SPAN = timedelta(days=40)


@pytest.fixture
def late(world: World, group: DingTalkServer) -> Ticket:
    """Handled, and nobody moved it until well past its due date."""
    outlet(group, verbs=["remind", "warn", "escalate"])
    return world.handled()


def kept(world: World, at: datetime) -> None:
    sweeps.run("timers", at=at)
    sweeps.run("announce", at=at)


def first_lines(group: DingTalkServer) -> list[str]:
    return [text.text.splitlines()[0] for text in group.taken]


def steps(world: World, late: Ticket, group: DingTalkServer) -> list[str]:
    """What the group reads as the days go by, looked after every half day at noon and at ten."""
    for half in range(1, 2 * SPAN.days):
        at = world.at + timedelta(hours=12 * half)
        kept(world, at)
        deliver(world, at - world.at)
        if "湖滨 逾期，已报告上级" in first_lines(group):
            break
    return list(dict.fromkeys(first_lines(group)))


def test_a_group_hears_what_the_timers_say(
    world: World, late: Ticket, group: DingTalkServer
) -> None:
    assert steps(world, late, group) == [
        "湖滨 提醒", "湖滨 时限将到，请尽快办理", "湖滨 已超期，请尽快办理",
        "湖滨 逾期，已报告上级",
    ]  # fmt: skip


def test_after_an_outage_a_group_gets_the_gravest_only(
    world: World, late: Ticket, group: DingTalkServer
) -> None:
    kept(world, world.at + SPAN)
    deliver(world, SPAN)
    assert first_lines(group) == ["湖滨 逾期，已报告上级"]
    assert set(states()) == {"SENT"}


def test_a_letter_names_the_deadline_that_has_passed(world: World, mail: MailServer) -> None:
    ticket = world.handled()
    wishes(world.head, "EMAIL", address="head@unit.example")
    kept(world, world.at + SPAN)
    rows = list(Delivery.objects.filter(person=world.head))
    (letter,) = written(rows, world)
    assert ticket.due_at is not None
    assert "时限种类: 办结" in letter.text
    assert "逾期上报" in letter.title
