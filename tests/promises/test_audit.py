"""Every promise broken once, and the ticket named; the whole house is the clean twin."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.actors import SYSTEM
from grids.models import Post, PostKind
from tests.promises.forging import forge, forge_clocks, forge_ticket, unguarded
from tests.promises.proof import unkept
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Follower, Participation, Ticket, Timer
from tickets.proof.promises import RULES

Break = Callable[[World], Ticket]


def gone(world: World, *kinds: str, **where: Any) -> None:
    """Nobody holds these posts any more."""
    assert Post.objects.filter(kind__in=kinds, **where).update(is_active=False)


def with_ticket(made: Callable[[World], Ticket], **forged: Any) -> Break:
    def broken(world: World) -> Ticket:
        ticket = made(world)
        forge_ticket(ticket, **forged)
        return ticket

    return broken


def contested(world: World, times: int = 1) -> Ticket:
    ticket, token = world.reported_with_key()
    forge_ticket(ticket, contests=times - 1)
    actions.answer(ticket, by=world.other_desk, at=world.at, answer=ANSWER)
    key = world.key_of(token)
    return actions.rate(ticket, by=key, at=world.at, stars=1, is_solved=False)


def closed(world: World) -> Ticket:
    ticket = contested(world)
    return actions.uphold(ticket, by=world.desk, at=world.at, answer=ANSWER)


def suspended(world: World) -> Ticket:
    ticket = world.handled()
    until = (world.at + timedelta(days=20)).date()
    actions.suspend(
        ticket, by=world.handler, at=world.at, resume_on=until, reason="BUDGET", text="等经费"
    )
    approval = ticket.approvals.get()
    actions.countersign(approval, by=world.head, at=world.at)
    actions.grant(approval, by=world.leader, at=world.at)
    ticket.refresh_from_db()
    return ticket


def helped(world: World) -> Ticket:
    ticket = world.handled()
    unit = world.units["fire"]
    return actions.enlist(ticket, by=world.handler, at=world.at, unit=unit, question="请看看")


def merged(world: World) -> Ticket:
    target = world.handled()
    return actions.merge(world.reported(), by=world.desk, at=world.at, target=target)


def unwatched_desk(world: World) -> Ticket:
    ticket = world.reported()
    gone(world, PostKind.DESK, PostKind.SHIFT_LEADER)
    return ticket


def unwatched_district(world: World) -> Ticket:
    ticket = contested(world, times=2)
    gone(world, PostKind.DESK, PostKind.SHIFT_LEADER, division=world.places["district"])
    return ticket


def unmanned_unit(world: World) -> Ticket:
    ticket = world.dispatched()
    gone(world, PostKind.UNIT_CLERK, PostKind.HANDLER, unit=world.units["squad"])
    gone(world, PostKind.DESK, PostKind.SHIFT_LEADER)
    return ticket


def absent_handler(world: World) -> Ticket:
    ticket = world.handled()
    gone(world, PostKind.HANDLER, person=world.handler)
    return ticket


def nobody_to_look(world: World) -> Ticket:
    ticket = world.resolved()
    gone(world, PostKind.GRID_WORKER, PostKind.COMMUNITY_LEAD)
    gone(world, PostKind.DESK, PostKind.SHIFT_LEADER)
    return ticket


def without_clock(world: World) -> Ticket:
    ticket = world.dispatched()
    forge_clocks(ticket.clocks.filter(promise="CLAIM"), state="MET", ended_at=world.at)
    ticket.refresh_from_db()
    due_at = ticket.clocks.filter(state="RUNNING").earliest("due_at").due_at
    forge_ticket(ticket, due_at=due_at)
    return ticket


def clock_after_the_end(world: World) -> Ticket:
    ticket = closed(world)
    forge_clocks(ticket.clocks.all(), state="RUNNING", ended_at=None)
    return ticket


def clock_of_another_cycle(world: World) -> Ticket:
    ticket = world.handled()
    accepting = ticket.clocks.filter(promise="ACCEPT")
    forge_clocks(accepting, state="RUNNING", ended_at=None, cycle=7)
    return ticket


def unarmed(world: World) -> Ticket:
    ticket = world.handled()
    with unguarded():
        Timer.objects.filter(ticket=ticket).update(state="IDLE")
    return ticket


def armed_at_the_end(world: World) -> Ticket:
    ticket = closed(world)
    with unguarded():
        Timer.objects.filter(clock__promise="RATE").update(state="ARMED")
    return ticket


def answered_in_words_only(state: Callable[[World], Ticket]) -> Break:
    def broken(world: World) -> Ticket:
        ticket = state(world)
        forge("DELETE FROM tickets_words WHERE ticket_id = %s AND kind = 'ANSWER'", ticket.pk)
        return ticket

    return broken


def declined(world: World) -> Ticket:
    return actions.decline(
        world.reported(), by=world.desk, at=world.at, reason="EMERGENCY", answer="请立即拨打 119。"
    )


def unclocked_helper(world: World) -> Ticket:
    ticket = helped(world)
    forge_clocks(ticket.clocks.filter(scope="ASSIST"), state="MET", ended_at=world.at)
    return ticket


def lost(rows: Callable[[Ticket], Any], made: Callable[[World], Ticket]) -> Break:
    """The rows beside the ticket are gone."""

    def broken(world: World) -> Ticket:
        ticket = made(world)
        assert rows(ticket).delete()[0]
        return ticket

    return broken


def chained(world: World) -> Ticket:
    ticket, middle = merged(world), merged(world)
    assert ticket.merged_into is not None
    forge_ticket(ticket.merged_into, followers_count=0)
    forge_ticket(middle, followers_count=1)
    forge_ticket(ticket, merged_into=middle)
    Follower.objects.filter(merged=ticket).update(ticket=middle)
    return ticket


def unheard(world: World) -> Ticket:
    ticket = merged(world)
    Follower.objects.filter(merged=ticket).update(merged=None)
    return ticket


def parts(role: str) -> Callable[[Ticket], Any]:
    return lambda ticket: Participation.objects.filter(ticket=ticket, role=role)


def another_part(role: str) -> Break:
    def broken(world: World) -> Ticket:
        ticket = helped(world)
        Participation.objects.create(
            ticket=ticket, role=role, unit=world.units["office"], started_at=world.at,
            person=world.office_handler if role == "HANDLER" else None,
        )  # fmt: skip
        return ticket

    return broken


BREAKS: list[tuple[str, Break]] = [
    ("turn", with_ticket(World.reported, turn="UNIT")),
    ("turn", with_ticket(contested, contests=2)),
    ("turn", with_ticket(World.resolved, verify_by="DESK")),
    ("turn", with_ticket(closed, turn="DESK")),
    ("rising", with_ticket(World.resolved, turn_rises_at=None)),
    ("desk", unwatched_desk),
    ("district", unwatched_district),
    ("unit", unmanned_unit),
    ("handler", absent_handler),
    ("handler", lambda world: with_ticket(World.handled, about_person=world.handler)(world)),
    ("handler", lambda world: with_ticket(World.handled, about_unit=world.units["squad"])(world)),
    ("verifier", nobody_to_look),
    ("clock", without_clock),
    ("due", lambda world: with_ticket(World.reported, due_at=world.at, soon_at=world.at)(world)),
    ("ended_clock", clock_after_the_end),
    ("stray_clock", clock_of_another_cycle),
    ("timer", unarmed),
    ("timer", armed_at_the_end),
    ("resume", with_ticket(suspended, resume_at=None)),
    ("verified", with_ticket(World.verified, origin="PATROL")),
    ("replied", answered_in_words_only(World.replied)),
    ("closed", answered_in_words_only(closed)),
    ("declined", answered_in_words_only(declined)),
    ("request", with_ticket(World.handled, has_request=True)),
    ("request", with_ticket(suspended, has_request=True)),
    ("assists", with_ticket(helped, open_assists=0)),
    ("assist_clock", unclocked_helper),
    ("followers", with_ticket(World.reported, followers_count=1)),
    ("merged", chained),
    ("merged_reporter", unheard),
    ("lead_part", lost(parts("LEAD"), World.handled)),
    ("lead_part", another_part("LEAD")),
    ("handler_part", lost(parts("HANDLER"), World.handled)),
    ("handler_part", another_part("HANDLER")),
    ("assist_part", lost(parts("ASSIST"), helped)),
    ("assist_part", another_part("ASSIST")),
]  # fmt: skip


def test_every_rule_is_broken_here() -> None:
    assert {name for name, _broken in BREAKS} == {rule.name for rule in RULES}


@pytest.mark.parametrize(("name", "broken"), BREAKS, ids=[name for name, _broken in BREAKS])
def test_a_broken_promise_names_its_ticket(world: World, name: str, broken: Break) -> None:
    ticket = broken(world)
    ticket.refresh_from_db()
    lines = [
        line for line in unkept(world.at) if line.startswith(f"{ticket.number} ({ticket.state}): ")
    ]
    assert [line.split(": ")[1] for line in lines] == [name]


@pytest.mark.parametrize(
    "made",
    [
        World.reported, World.accepted, World.dispatched, World.handled, World.resolved,
        World.verified, World.replied, contested, closed, suspended, helped, merged, declined,
    ],
)  # fmt: skip
def test_a_ticket_that_is_cared_for_breaks_nothing(
    world: World, made: Callable[[World], Ticket]
) -> None:
    made(world)
    assert unkept(world.at) == []


def test_an_erased_answer_was_an_answer(world: World) -> None:
    actions.erase(closed(world), by=SYSTEM, at=world.at, rule="two-years")
    assert unkept(world.at) == []


def test_an_answer_of_an_earlier_cycle_does_not_count(world: World) -> None:
    ticket = world.replied()
    forge("UPDATE tickets_event SET verb = 'reopen' WHERE ticket_id = %s AND seq = %s",
          ticket.pk, ticket.seq)  # fmt: skip
    assert any("replied: " in line for line in unkept(world.at))


def test_an_unmanned_unit_rises_to_the_shift_leader(world: World) -> None:
    world.dispatched()
    gone(world, PostKind.UNIT_CLERK, PostKind.HANDLER, unit=world.units["squad"])
    gone(world, PostKind.DESK)
    gone(world, PostKind.SHIFT_LEADER, division=world.places["district"])
    assert unkept(world.at) == []


def test_who_left_yesterday_holds_nothing(world: World) -> None:
    world.handled()
    world.handler.posts.update(valid_to=world.at.date())
    assert len(unkept(world.at)) == 1


def test_more_tickets_do_not_take_more_statements(world: World) -> None:
    helped(world)
    with CaptureQueriesContext(connection) as few:
        unkept(world.at)
    merged(world)
    with CaptureQueriesContext(connection) as more:
        unkept(world.at)
    assert len(few) == len(more) == len(RULES)


def test_the_command_names_the_ticket_and_fails(world: World) -> None:
    ticket = with_ticket(World.reported, turn="UNIT")(world)
    said = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("audit_promises", stdout=said)
    assert error.value.returncode == 1
    assert said.getvalue().startswith(f"{ticket.number} (REPORTED): turn: ")


def test_the_command_says_what_it_looked_at(world: World) -> None:
    closed(world)
    said = StringIO()
    call_command("audit_promises", stdout=said)
    assert "未结束的工单 0，已结束的工单 1" in said.getvalue()
