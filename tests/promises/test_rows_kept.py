"""Requests, helpers, supervision, parts and followers are what the record says of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.promises.forging import unguarded
from tests.promises.proof import breaches
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Approval, Assist, Follower, Participation, Supervision, Ticket, Timer

LATER = timedelta(hours=1)


def asked(world: World) -> Ticket:
    ticket = world.handled()
    actions.extend(ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等料")
    return ticket


def decided(verb: str) -> Callable[[World], Ticket]:
    def made(world: World) -> Ticket:
        ticket = asked(world)
        approval = ticket.approvals.get()
        actions.countersign(approval, by=world.head, at=world.at)
        decide = actions.grant if verb == "grant" else actions.refuse
        decide(approval, by=world.shift_leader, at=world.at + LATER, text="看过现场")
        return ticket

    return made


def superseded(world: World) -> Ticket:
    ticket = asked(world)
    return actions.resolve(
        ticket, by=world.handler, at=world.at + LATER, result="DONE", note="已清运",
        proposed_answer=ANSWER,
    )  # fmt: skip


def helped(world: World) -> Ticket:
    ticket, unit = world.handled(), world.units["fire"]
    return actions.enlist(ticket, by=world.handler, at=world.at, unit=unit, question="请看看")


def waived(world: World) -> Ticket:
    ticket = helped(world)
    return actions.waive_assist(
        ticket, by=world.desk, at=world.at + LATER, assist=ticket.assists.get()
    )


def voided(world: World) -> Ticket:
    ticket = helped(world)
    actions.void(ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="重复")
    approval = ticket.approvals.get()
    actions.countersign(approval, by=world.head, at=world.at)
    actions.grant(approval, by=world.leader, at=world.at + LATER)
    return ticket


def supervised(world: World) -> Ticket:
    return actions.supervise(
        world.handled(), by=world.leader, at=world.at, demand="请尽快办理",
        due_on=(world.at + timedelta(days=2)).date(),
    )  # fmt: skip


def lifted(world: World) -> Ticket:
    ticket = supervised(world)
    actions.answer_supervision(ticket, by=world.handler, at=world.at + LATER, text="已经安排")
    return actions.lift_supervision(ticket, by=world.leader, at=world.at + 2 * LATER)


def followed(world: World) -> Ticket:
    ticket = world.handled()
    actions.follow(ticket, by=world.desk, at=world.at)
    return ticket


def joined(world: World) -> Ticket:
    ticket, other = world.handled(), world.reported()
    actions.follow(other, by=world.desk, at=world.at)
    actions.merge(other, by=world.desk, at=world.at, target=ticket)
    ticket.refresh_from_db()
    return ticket


MADE = [
    asked, decided("grant"), decided("refuse"), superseded, helped, waived, voided, supervised,
    lifted, followed, joined,
]  # fmt: skip
FORGED: list[tuple[Callable[[World], Ticket], Any, dict[str, Any]]] = [
    (asked, Approval, {"asks": {"days": 9, "reason": "MATERIAL"}}),
    (decided("grant"), Approval, {"state": "REFUSED"}),
    (decided("grant"), Approval, {"decided_at": "2026-11-23T01:30:00Z"}),
    (decided("refuse"), Approval, {"state": "GRANTED"}),
    (decided("refuse"), Approval, {"countersigned_at": None}),
    (superseded, Approval, {"state": "GRANTED"}),
    (helped, Assist, {"asked_at": "2026-11-22T01:00:00Z"}),
    (waived, Assist, {"state": "DONE"}),
    (voided, Assist, {"ended_at": "2026-11-23T01:00:00Z"}),
    (supervised, Supervision, {"due_at": "2026-12-24T10:00:00Z"}),
    (lifted, Supervision, {"answered_at": None}),
    (followed, Follower, {"started_at": "2026-11-22T01:00:00Z"}),
    (joined, Follower, {"started_at": "2026-11-22T01:00:00Z"}),
    (voided, Participation, {"ended_at": None}),
    (World.handled, Participation, {"started_at": "2026-11-22T01:00:00Z"}),
]


@pytest.mark.parametrize("made", MADE)
def test_true_rows_are_no_breach(world: World, made: Callable[[World], Ticket]) -> None:
    made(world)
    assert breaches() == []


def told(forgery: Any) -> str:
    """An id that is the same in every process: no address of a function."""
    if isinstance(forgery, dict):
        return "-".join(forgery)
    return str(getattr(forgery, "__qualname__", forgery)).replace(".<locals>", "")


@pytest.mark.parametrize(("made", "model", "forged"), FORGED, ids=told)
def test_a_forged_row_is_found_and_named(
    world: World, made: Callable[[World], Ticket], model: Any, forged: dict[str, Any]
) -> None:
    ticket = made(world)
    row = model.objects.filter(ticket=ticket).exclude(**forged).first()
    assert model.objects.filter(pk=row.pk).update(**forged) == 1
    found = breaches()
    assert any(
        line.startswith(ticket.number) and str(model._meta.verbose_name) in line for line in found
    )


@pytest.mark.parametrize(
    ("made", "model"),
    [(asked, Approval), (waived, Assist), (supervised, Supervision), (followed, Follower),
     (World.handled, Participation)],
)  # fmt: skip
def test_a_row_that_is_gone_is_found(
    world: World, made: Callable[[World], Ticket], model: Any
) -> None:
    ticket = made(world)
    rows = model.objects.filter(ticket=ticket)
    with unguarded():
        Timer.objects.filter(clock__scope="ASSIST").delete()
        ticket.clocks.filter(scope="ASSIST").delete()
    ticket.keys.exclude(follower=None).delete()
    rows._raw_delete(rows.db)
    what = model._meta.verbose_name
    assert any(f"{what} " in line and "不见了" in line for line in breaches())


def test_an_invented_follower_is_found(world: World) -> None:
    ticket, other = joined(world), world.reported()
    row = Follower.objects.create(ticket=ticket, merged=other, started_at=world.at + LATER)
    assert f"{ticket.number}: 关注人 {row.pk} 没有记录" in breaches()


def test_an_invented_part_is_found(world: World) -> None:
    ticket = world.handled()
    Participation.objects.create(
        ticket=ticket, role="LEAD", unit=world.units["office"], started_at=world.at,
        ended_at=world.at,
    )  # fmt: skip
    (found,) = breaches()
    assert found.startswith(f"{ticket.number}: 参与 LEAD/{world.units['office'].pk}/-/")
