"""协办: another unit is asked for its part; answered, waived or cancelled."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.tickets.steps import (
    DAY,
    HOUR,
    clock,
    fresh,
    grant,
    invalid,
    last,
    not_visible,
    not_yours,
    now_impossible,
    resolve,
    running,
    sent_back,
    states,
    suspended,
)
from tests.world import World
from tickets import actions, standing
from tickets.models import Assist, Participation, Ticket
from tickets.states import State, Who
from tickets.words import Promise


def enlisted(world: World, unit: str = "office") -> Ticket:
    return enlist(world, world.handled(), unit)


def enlist(world: World, ticket: Ticket, unit: str = "office") -> Ticket:
    return actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units[unit], question="请清运"
    )


def answered(world: World, ticket: Ticket, result: str = "DONE") -> Ticket:
    return actions.answer_assist(
        ticket, by=world.office_handler, at=world.at, assist_result=result, text="已配合"
    )


def test_a_helper_takes_part_until_it_answers(world: World) -> None:
    ticket = enlisted(world)
    part = Participation.objects.get(ticket=ticket, role="ASSIST")
    assert (part.unit, part.ended_at) == (world.units["office"], None)
    answered(world, ticket)
    part.refresh_from_db()
    assert part.ended_at == world.at


def test_it_is_due_at_half_of_what_is_left_in_working_time(world: World) -> None:
    ticket = world.handled()
    left = clock(ticket, Promise.RESOLVE)
    assert left.due_at == world.at + 5 * DAY  # seven days a week, fifteen hours a day
    enlist(world, ticket)
    halfway = world.at + 2 * DAY + timedelta(hours=7.5)
    assert Assist.objects.get().due_at == clock(ticket, Promise.ASSIST).due_at == halfway


def test_with_nothing_left_a_helper_still_gets_its_norm(world: World) -> None:
    ticket = world.handled()
    late = clock(ticket, Promise.RESOLVE).due_at
    actions.enlist(ticket, by=world.handler, at=late, unit=world.units["office"], question="请清运")
    assert Assist.objects.get().due_at == late + 2 * DAY


@pytest.mark.parametrize("unit", ["squad", "closed"])
def test_one_asks_another_unit_that_is_in_use(world: World, unit: str) -> None:
    ticket = world.handled()
    world.units["closed"] = world.units["fire"]
    world.units["closed"].is_active = False
    with invalid("unit"):
        enlist(world, ticket, unit)
    enlist(world, ticket)


def test_the_same_unit_is_asked_again_only_after_its_answer(world: World) -> None:
    ticket = enlisted(world)
    with invalid("unit"):
        enlist(world, ticket)
    answered(world, ticket)
    enlist(world, ticket)
    assert ticket.open_assists == 1


@pytest.mark.parametrize(("name", "may"), [("head", True), ("clerk", False), ("desk", False)])
def test_handler_or_head_ask(world: World, name: str, may: bool) -> None:
    ticket, person = world.handled(), world.people[name]
    asked = {"at": world.at, "unit": world.units["office"], "question": "请清运"}
    if may:
        actions.enlist(ticket, by=person, **asked)  # type: ignore[arg-type]
        assert ticket.open_assists == 1
        return
    with not_yours("协办"):
        actions.enlist(ticket, by=person, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(("result", "state"), [("DONE", "DONE"), ("NOT_OURS", "NOT_OURS")])
def test_a_helper_answers_done_or_not_ours(world: World, result: str, state: str) -> None:
    ticket = enlisted(world)
    with invalid("assist_result"):
        answered(world, ticket, "LATER")
    answered(world, ticket, result)
    assist = Assist.objects.get()
    assert (assist.state, assist.answered_by) == (state, world.office_handler)
    assert (ticket.open_assists, states(ticket, Promise.ASSIST)) == (0, ["MET"])


def test_only_the_asked_unit_answers(world: World) -> None:
    ticket = enlisted(world)
    with not_visible():
        actions.answer_assist(
            ticket, by=world.fire_handler, at=world.at, assist_result="DONE", text="我来"
        )
    with not_yours("协办"):
        actions.answer_assist(
            ticket, by=world.handler, at=world.at, assist_result="DONE", text="我来"
        )


def test_a_helper_answers_while_the_ticket_is_suspended(world: World) -> None:
    ticket = enlisted(world)
    actions.suspend(ticket, by=world.handler, at=world.at, reason="BUDGET", text="等",
                    resume_on=(world.at + 7 * DAY).date())  # fmt: skip
    ticket = grant(world, ticket, by=world.leader)
    answered(world, ticket)
    assert ticket.state == State.SUSPENDED
    assert Promise.ASSIST not in running(ticket)


def test_no_outcome_without_the_answers_of_the_helpers(world: World) -> None:
    ticket = enlisted(world)
    with now_impossible("等 office 协办反馈"):
        resolve(world, ticket)
    resolve(world, answered(world, ticket))
    assert ticket.state == State.RESOLVED


def test_the_handler_waives_only_after_the_due_time(world: World) -> None:
    ticket = enlisted(world)
    assist = Assist.objects.get()
    with not_yours("受理员"):
        actions.waive_assist(
            ticket, by=world.handler, at=assist.due_at - HOUR, assist=assist, text="不等了"
        )
    actions.waive_assist(ticket, by=world.handler, at=assist.due_at, assist=assist)
    assert (fresh(ticket).open_assists, last(ticket).data["result"]) == (0, "WAIVED")


def test_the_desk_waives_at_any_time_once(world: World) -> None:
    ticket = enlist(world, enlisted(world), "fire")
    assist = Assist.objects.get(unit=world.units["office"])
    actions.waive_assist(ticket, by=world.desk, at=world.at, assist=assist)
    assert states(ticket, Promise.ASSIST) == ["CANCELLED", "RUNNING"]
    with now_impossible("已经结束"):
        actions.waive_assist(ticket, by=world.desk, at=world.at, assist=assist)


def test_an_assist_of_another_ticket_is_not_waived_here(world: World) -> None:
    ticket, other = enlisted(world), enlisted(world)
    with now_impossible("已经结束"):
        actions.waive_assist(ticket, by=world.desk, at=world.at, assist=other.assists.get())


def _send_back(world: World, ticket: Ticket) -> None:
    sent_back(world, ticket)


def _merge(world: World, ticket: Ticket) -> None:
    actions.merge(ticket, by=world.desk, at=world.at, target=world.reported())


def _void(world: World, ticket: Ticket) -> None:
    actions.void(ticket, by=world.desk, at=world.at, reason="DUPLICATE", text="重复")
    grant(world, ticket, by=world.leader)


def _redirect(world: World, ticket: Ticket) -> None:
    actions.release(ticket, by=world.handler, at=world.at, text="换单位")
    actions.redirect(ticket, by=world.desk, at=world.at, unit=world.units["fire"], text="属消防")


@pytest.mark.parametrize("end", [_send_back, _merge, _void, _redirect])
def test_helpers_are_let_go_when_the_unit_is(
    world: World, end: Callable[[World, Ticket], None]
) -> None:
    ticket = enlisted(world)
    end(world, ticket)
    assert (Assist.objects.get().state, fresh(ticket).open_assists) == ("CANCELLED", 0)
    assert states(ticket, Promise.ASSIST) == ["CANCELLED"]
    assert not Participation.objects.filter(role="ASSIST", ended_at=None).exists()


def test_a_second_helper_is_a_helper_at_once(world: World) -> None:
    ticket = enlist(world, enlisted(world), "fire")
    assert Who.HELPER in standing.of(world.fire_handler, ticket, at=world.at)


def test_a_suspended_ticket_asks_nobody_more(world: World) -> None:
    with now_impossible("挂账"):
        enlist(world, suspended(world))
