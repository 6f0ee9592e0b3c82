"""有接必处: dispatch, redirect, claim, assign, hand over, release, and what is done meanwhile."""

import math

import pytest

from common.actors import SYSTEM
from common.errors import Stale
from grids.models import Post
from tests.files import ready
from tests.tickets.steps import (
    DAY,
    HOUR,
    fresh,
    grant,
    handled_with_key,
    invalid,
    last,
    not_visible,
    not_yours,
    now_impossible,
    request,
    said,
    sent_back,
    states,
    suspended,
)
from tests.world import World
from tickets import actions, sweeps
from tickets.actions.handling import open_question
from tickets.models import Participation
from tickets.states import State
from tickets.words import Promise, WordsKind

# --- dispatch 派单, redirect 转派


def test_a_dispatch_by_hand_says_so(world: World) -> None:
    ticket = world.accepted()
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["office"], text="请办")
    assert (ticket.state, ticket.unit, ticket.leg) == (
        State.DISPATCHED, world.units["office"], 1,
    )  # fmt: skip
    assert last(ticket).data["because"] == {"by_hand": True}


def test_a_unit_out_of_use_is_not_dispatched_to(world: World) -> None:
    ticket, unit = world.accepted(), world.units["office"]
    unit.is_active = False
    with invalid("unit"):
        actions.dispatch(ticket, by=world.desk, at=world.at, unit=unit)
    unit.is_active = True
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=unit)


@pytest.mark.parametrize("step", ["accepted", "dispatched", "handled"])
def test_the_unit_concerned_never_gets_the_ticket(world: World, step: str) -> None:
    ticket = getattr(world, step)()
    office = world.units["office"]
    actions.amend(ticket, by=world.desk, at=world.at, about_unit=office)
    with invalid("unit"):
        match step:
            case "accepted":
                actions.dispatch(ticket, by=world.desk, at=world.at, unit=office)
            case "dispatched":
                actions.redirect(ticket, by=world.desk, at=world.at, unit=office, text="转")
            case _:
                actions.enlist(ticket, by=world.handler, at=world.at, unit=office, question="?")


def test_a_redirect_before_signing_needs_another_unit_and_a_reason(world: World) -> None:
    ticket, squad = world.dispatched(), world.units["squad"]
    with invalid("unit"):
        actions.redirect(ticket, by=world.desk, at=world.at, unit=squad, text="再看看")
    with invalid("text"):
        actions.redirect(ticket, by=world.desk, at=world.at, unit=world.units["office"], text=" ")
    actions.redirect(ticket, by=world.desk, at=world.at, unit=world.units["office"], text="属街道")
    assert (ticket.unit, ticket.redirects, ticket.leg) == (world.units["office"], 1, 2)


def test_a_signed_ticket_is_not_redirected(world: World) -> None:
    with now_impossible("处置中"):
        actions.redirect(
            world.handled(), by=world.desk, at=world.at, unit=world.units["office"], text="转"
        )


def test_a_redirect_supersedes_a_request_of_the_former_unit(world: World) -> None:
    ticket = world.dispatched()
    actions.send_back(ticket, by=world.clerk, at=world.at, reason="NOT_OURS", text="错派")
    actions.redirect(ticket, by=world.desk, at=world.at, unit=world.units["office"], text="属街道")
    assert (request(ticket).state, ticket.has_request) == ("SUPERSEDED", False)


def test_the_former_unit_no_longer_signs(world: World) -> None:
    ticket = world.dispatched()
    actions.redirect(ticket, by=world.desk, at=world.at, unit=world.units["office"], text="属街道")
    with not_yours("office"):
        actions.claim(ticket, by=world.handler, at=world.at)
    actions.claim(ticket, by=world.office_handler, at=world.at)


# --- claim 签收, assign 指派, hand_over 移交, release 释放


@pytest.mark.parametrize("name", ["clerk", "handler"])
def test_a_clerk_or_handler_of_the_unit_signs(world: World, name: str) -> None:
    ticket, person = world.dispatched(), world.people[name]
    actions.claim(ticket, by=person, at=world.at)
    assert (ticket.state, ticket.handler) == (State.HANDLING, person)


def test_who_comes_second_is_told_who_signed(world: World) -> None:
    ticket = world.handled()
    with now_impossible(str(world.handler)):
        actions.claim(ticket, by=world.clerk, at=world.at)


@pytest.mark.parametrize("name", ["head", "desk"])
def test_neither_head_nor_desk_signs(world: World, name: str) -> None:
    ticket = world.dispatched()
    with not_yours("承办单位人员"):
        actions.claim(ticket, by=world.people[name], at=world.at)


@pytest.mark.parametrize("step", ["dispatched", "handled"])
def test_the_head_names_a_handler_of_the_unit(world: World, step: str) -> None:
    ticket = getattr(world, step)()
    with invalid("handler"):
        actions.assign(ticket, by=world.head, at=world.at, handler=world.far_handler)
    actions.assign(ticket, by=world.head, at=world.at, handler=world.other_handler)
    assert (ticket.state, ticket.handler) == (State.HANDLING, world.other_handler)
    assert states(ticket, Promise.CLAIM) == ["MET"]


def test_the_one_concerned_is_not_named(world: World) -> None:
    ticket = world.handled()
    actions.amend(ticket, by=world.desk, at=world.at, about_person=world.other_handler)
    with invalid("handler"):
        actions.assign(ticket, by=world.head, at=world.at, handler=world.other_handler)


def test_only_the_handler_hands_over(world: World) -> None:
    ticket = world.handled()
    with not_yours("处置人员"):
        actions.hand_over(ticket, by=world.clerk, at=world.at, handler=world.other_handler)
    actions.hand_over(ticket, by=world.handler, at=world.at, handler=world.other_handler)
    parts = Participation.objects.filter(ticket=ticket, role="HANDLER", ended_at=None)
    assert parts.get().person == world.other_handler


def test_a_released_ticket_is_signed_anew(world: World) -> None:
    ticket = world.handled()
    with invalid("text"):
        actions.release(ticket, by=world.handler, at=world.at)
    actions.release(ticket, by=world.handler, at=world.at, text="调休")
    assert (ticket.state, ticket.handler) == (State.DISPATCHED, None)
    actions.claim(ticket, by=world.clerk, at=world.at)


def test_the_system_releases_when_the_handler_holds_no_post_there(world: World) -> None:
    ticket = world.handled()
    with now_impossible("仍在岗"):
        actions.release(ticket, by=SYSTEM, at=world.at)
    Post.objects.filter(person=world.handler).update(valid_to=world.at.date())
    assert sweeps.run("route", at=world.at) == 1
    assert fresh(ticket).state == State.DISPATCHED
    assert last(ticket).by == SYSTEM.actor_ref


def test_only_the_system_releases_without_a_reason(world: World) -> None:
    ticket = world.handled()
    for person in (world.head, world.desk):
        with invalid("text"):
            actions.release(ticket, by=person, at=world.at)


# --- contact 联系, arrive 到场, phone 电话通报, note 备注


def test_the_handler_contacts_the_reporter(world: World) -> None:
    ticket = world.handled()
    actions.contact(ticket, by=world.handler, at=world.at, is_reached=False, note="无人接听")
    assert (last(ticket).data["reached"], ticket.state) == (False, State.HANDLING)


def test_an_anonymous_reporter_is_contacted_by_the_desk_only(world: World) -> None:
    ticket = world.handled(is_anonymous=True)
    with now_impossible("没有可以联系的诉求人"):
        actions.contact(ticket, by=world.handler, at=world.at, is_reached=True)
    actions.contact(ticket, by=world.desk, at=world.at, is_reached=True)


@pytest.mark.parametrize("position", [None, (math.nan, 120.1), (91.0, 120.1)])
def test_an_arrival_has_a_position(world: World, position: tuple[float, float] | None) -> None:
    ticket = world.handled(category=world.categories["manhole"])
    with invalid("point" if position else "position"):
        actions.arrive(ticket, by=world.handler, at=world.at, position=position)
    actions.arrive(
        ticket, by=world.handler, at=world.at, position=(30.245, 120.155), files=[ready("BEFORE")]
    )
    assert states(ticket, Promise.ARRIVE) == ["MET"]


def test_an_urgent_ticket_is_phoned_through(world: World) -> None:
    ticket = world.dispatched(category=world.categories["manhole"])
    actions.phone(ticket, by=world.desk, at=world.at, spoken_to="值班员")
    assert said(ticket, WordsKind.NOTE) == ["值班员"]
    with now_impossible("紧急"):
        actions.phone(world.dispatched(), by=world.desk, at=world.at, spoken_to="值班员")


@pytest.mark.parametrize(
    ("name", "may"), [("handler", True), ("desk", True), ("leader", False), ("auditor", False)]
)
def test_who_may_act_may_note(world: World, name: str, may: bool) -> None:
    ticket, person = world.handled(), world.people[name]
    if not may:
        with not_yours("备注"):
            actions.note(ticket, by=person, at=world.at, text="看过")
        return
    actions.note(ticket, by=person, at=world.at, text="看过")
    assert (ticket.state, said(ticket, WordsKind.NOTE)) == (State.HANDLING, ["看过"])


# --- inquire 询问, inform 补充


def test_the_reporter_answers_the_question_that_stands(world: World) -> None:
    ticket, token = handled_with_key(world)
    actions.inquire(ticket, by=world.handler, at=world.at, question="哪个单元?")
    asked = last(ticket)
    actions.inform(ticket, by=world.key_of(token), at=world.at + 2 * DAY, text="二单元")
    assert (last(ticket).data["question"], ticket.state) == (asked.seq, State.HANDLING)
    assert open_question(ticket, at=world.at + 2 * DAY) is None


def test_a_question_expires_and_the_chain_goes_on(world: World) -> None:
    ticket, token = handled_with_key(world)
    actions.inquire(ticket, by=world.desk, at=world.at, question="哪个单元?")
    assert open_question(ticket, at=world.at + 3 * DAY - HOUR) is not None
    actions.inform(ticket, by=world.key_of(token), at=world.at + 3 * DAY, text="二单元")
    assert "question" not in last(ticket).data


def test_without_a_reporter_nobody_is_asked(world: World) -> None:
    with now_impossible("没有可以询问的诉求人"):
        actions.inquire(
            world.handled(origin="PATROL"), by=world.handler, at=world.at, question="哪里?"
        )


# --- resume 恢复


def test_the_system_resumes_on_the_day_only(world: World) -> None:
    ticket = suspended(world)
    with now_impossible("还没有到恢复的日期"):
        actions.resume(ticket, by=SYSTEM, at=world.at + DAY)
    actions.resume(ticket, by=SYSTEM, at=world.at + 7 * DAY)
    assert (ticket.state, ticket.resume_at) == (State.HANDLING, None)


def test_the_handler_resumes_at_any_time(world: World) -> None:
    ticket = suspended(world)
    actions.resume(ticket, by=world.handler, at=world.at + HOUR, text="材料到了")
    assert ticket.state == State.HANDLING


# --- the order of answers (DESIGN §3.5)


def test_first_it_is_not_found_then_impossible_then_stale_then_incomplete(world: World) -> None:
    ticket = world.handled()
    stale = ticket.version - 1
    with not_visible():  # in no state to be redirected, either
        actions.redirect(ticket, by=world.far_desk, at=world.at, seen=stale,
                         unit=world.units["squad"], text="")  # fmt: skip
    with now_impossible("处置中"):
        actions.redirect(ticket, by=world.desk, at=world.at, seen=stale,
                         unit=world.units["squad"], text="")  # fmt: skip
    with pytest.raises(Stale, match=ticket.number):
        actions.note(ticket, by=world.desk, at=world.at, seen=stale, text="")
    with invalid("text"):
        actions.note(ticket, by=world.desk, at=world.at, seen=ticket.version, text="")


def test_in_the_wrong_state_it_is_impossible_for_anybody_who_sees_it(world: World) -> None:
    with now_impossible("待受理"):
        actions.resolve(world.reported(), by=world.leader, at=world.at, result="", note="")


def test_a_visible_ticket_of_somebody_else_names_the_holder(world: World) -> None:
    ticket = world.handled()
    with not_yours(str(world.handler)):
        actions.resolve(ticket, by=world.clerk, at=world.at, result="", note="")


def test_the_public_is_told_of_no_member_of_staff(world: World) -> None:
    ticket, token = handled_with_key(world)
    with pytest.raises(Exception, match="处置中") as refused:
        actions.claim(ticket, by=world.key_of(token), at=world.at)  # type: ignore[arg-type]
    assert str(world.handler) not in str(refused.value)


def test_stale_is_answered_before_the_needs_of_a_request(world: World) -> None:
    ticket = world.handled()
    with pytest.raises(Stale):
        actions.extend(ticket, by=world.handler, at=world.at, seen=ticket.version - 1, days=0,
                       reason="", text="")  # fmt: skip


# --- a second return is the district's


def test_the_dispatch_after_a_second_return_is_the_districts_and_final(world: World) -> None:
    ticket = sent_back(world, world.handled())
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["squad"])
    ticket = sent_back(world, actions.claim(ticket, by=world.handler, at=world.at))
    with not_yours("区级受理员"):
        actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["office"])
    actions.dispatch(ticket, by=world.district_desk, at=world.at, unit=world.units["office"])
    assert ticket.is_final
    with now_impossible("最终派单"):
        actions.send_back(
            ticket, by=world.office_handler, at=world.at, reason="NOT_OURS", text="也不是我们"
        )
    with not_yours("最终派单"):
        actions.redirect(ticket, by=world.desk, at=world.at, unit=world.units["squad"], text="转")


def test_granted_only_once(world: World) -> None:
    ticket = world.handled()
    actions.send_back(ticket, by=world.handler, at=world.at, reason="NOT_OURS", text="错派")
    grant(world, ticket)
    with now_impossible("已同意"):
        actions.grant(request(ticket), by=world.shift_leader, at=world.at)
