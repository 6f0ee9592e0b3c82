"""有果必复: reply, rate, follow up, reopen, uphold, close."""

from typing import Any

import pytest

from common.actors import SYSTEM
from common.errors import Gone
from grids.models import Post, PostKind
from tests.tickets.steps import (
    DAY,
    HOUR,
    again,
    contested,
    fresh,
    invalid,
    last,
    not_visible,
    not_yours,
    now_impossible,
    replied_with_key,
    said,
    states,
)
from tests.world import ANSWER, World
from tickets import actions, keys
from tickets.models import Rating, Reporter, Ticket
from tickets.states import State
from tickets.words import Promise, WordsKind

GOOD: dict[str, Any] = {"stars": 5, "is_solved": True}
HOLLOW = "感谢您的留言，已收悉，正在处理。"


def rate(world: World, ticket: Ticket, by: Any, **given: Any) -> Ticket:
    return actions.rate(ticket, by=by, at=world.at, **GOOD | given)


# --- reply 答复


def test_the_desk_answers_and_the_reporters_window_opens(world: World) -> None:
    ticket = world.replied()
    assert (ticket.state, ticket.turn, ticket.replied_by) == (
        State.REPLIED, "REPORTER", world.other_desk,
    )  # fmt: skip
    assert (said(ticket, WordsKind.ANSWER), ticket.due_at) == ([ANSWER], world.at + 7 * DAY)


def test_a_hollow_answer_is_refused(world: World) -> None:
    ticket = world.verified()
    with invalid("final_answer"):
        actions.reply(ticket, by=world.desk, at=world.at, final_answer=HOLLOW, override="急")
    actions.reply(ticket, by=world.desk, at=world.at, final_answer=ANSWER)
    assert "hollow_override" not in last(ticket).data


def test_the_shift_leader_overrides_with_a_reason_and_it_is_counted(world: World) -> None:
    ticket = world.verified()
    with invalid("final_answer"):
        actions.reply(ticket, by=world.shift_leader, at=world.at, final_answer=HOLLOW)
    actions.reply(
        ticket, by=world.shift_leader, at=world.at, final_answer=HOLLOW, override="来电已详谈"
    )
    assert last(ticket).data["hollow_override"] is True
    assert said(ticket, WordsKind.REASON) == ["来电已详谈"]


def test_nothing_is_answered_before_it_is_verified(world: World) -> None:
    with now_impossible("待核查"):
        actions.reply(world.resolved(), by=world.desk, at=world.at, final_answer=ANSWER)


# --- rate 评价


def test_a_content_reporter_closes_the_ticket(world: World) -> None:
    ticket, token = replied_with_key(world)
    rate(world, ticket, world.key_of(token), comment="谢谢", rate_reason="KIND", wants_call=True)
    rating = ticket.ratings.get()
    assert (ticket.state, rating.follower, rating.is_by_phone) == (State.CLOSED, None, False)
    assert (rating.reason_code, rating.wants_call) == ("KIND", True)
    assert said(ticket, WordsKind.COMMENT) == ["谢谢"]


@pytest.mark.parametrize(
    ("stars", "is_solved", "state"),
    [(3, True, "CLOSED"), (2, True, "CONTESTED"), (5, False, "CONTESTED"), (1, False, "CONTESTED")],
)
def test_not_solved_or_two_stars_contest(
    world: World, stars: int, is_solved: bool, state: str
) -> None:
    ticket, token = replied_with_key(world)
    rate(world, ticket, world.key_of(token), stars=stars, is_solved=is_solved)
    assert ticket.state == state


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stars": 0}, "stars"),
        ({"stars": 6}, "stars"),
        ({"rate_reason": "MOON"}, "rate_reason"),
        ({"comment": "x" * 20_001}, "comment"),
    ],
)
def test_a_rating_that_cannot_be_kept_is_refused(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    ticket, token = replied_with_key(world)
    with invalid(field):
        rate(world, ticket, world.key_of(token), **wrong)
    rate(world, ticket, world.key_of(token))


def test_one_rates_once_a_cycle(world: World) -> None:
    ticket, token = replied_with_key(world)
    actions.follow(ticket, by=world.desk, at=world.at)
    rate(world, ticket, world.key_of(token))
    with pytest.raises(Gone, match="已经评价过"):
        rate(world, ticket, world.key_of(token))
    assert ticket.state == State.REPLIED


def test_after_the_window_the_door_is_closed(world: World) -> None:
    ticket, token = replied_with_key(world)
    actions.close(ticket, by=SYSTEM, at=world.at + 7 * DAY)
    with pytest.raises(Gone, match="评价已结束"):
        rate(world, ticket, world.key_of(token))


def test_in_a_new_cycle_one_rates_again(world: World) -> None:
    ticket, token = replied_with_key(world)
    rate(world, ticket, world.key_of(token), is_solved=False)
    actions.reopen(ticket, by=world.desk, at=world.at, reason="NOT_SOLVED", text="再办")
    actions.answer(ticket, by=world.desk, at=world.at, answer=ANSWER)
    rate(world, ticket, world.key_of(token))
    assert list(ticket.ratings.order_by("id").values_list("cycle", flat=True)) == [1, 2]


def test_nobody_else_rates(world: World) -> None:
    ticket = world.replied()
    stranger = world.key_of(world.reported_with_key()[1])
    with not_visible():
        rate(world, ticket, stranger)
    with not_yours("诉求人"):
        rate(world, ticket, world.grid_worker)
    assert not Rating.objects.exists()


def test_the_account_of_the_reporter_rates(world: World) -> None:
    ticket = world.replied(reporter=Reporter.build(person=world.resident))
    rate(world, ticket, world.resident)
    assert ticket.state == State.CLOSED


@pytest.mark.parametrize("name", ["leader", "desk"])
def test_no_staff_member_rates_not_even_as_the_reporter(world: World, name: str) -> None:
    ticket = world.replied(reporter=Reporter.build(person=world.people[name]))
    token = keys.make_key(ticket, at=world.at)
    for by in (world.people[name], world.key_of(token), world.shift_leader):
        with not_yours("工作人员不参加评价"):
            rate(world, ticket, by)


def test_a_host_or_volunteer_is_a_resident(world: World) -> None:
    Post.objects.create(
        person=world.resident, kind=PostKind.VOLUNTEER, division=world.places["grid"]
    )
    ticket = world.replied(reporter=Reporter.build(person=world.again("resident")))
    rate(world, ticket, world.again("resident"))
    assert ticket.state == State.CLOSED


def test_the_desk_records_a_rating_on_the_telephone(world: World) -> None:
    ticket = world.replied()
    rate(world, ticket, world.desk)
    assert (ticket.state, ticket.ratings.get().is_by_phone) == (State.CLOSED, True)


def test_not_by_whoever_answered_and_not_without_a_reporter(world: World) -> None:
    with not_yours("换一位同事"):
        rate(world, world.replied(), world.other_desk)
    ticket = world.handled(origin="PATROL")
    actions.follow(ticket, by=world.desk, at=world.at)
    actions.resolve(ticket, by=world.handler, at=world.at, result="DONE", note="清",
                    proposed_answer=ANSWER)  # fmt: skip
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.reply(ticket, by=world.other_desk, at=world.at, final_answer=ANSWER)
    with now_impossible("没有诉求人"):
        rate(world, ticket, world.desk)


# --- followers


def test_a_ticket_stays_open_until_everybody_has_rated(world: World) -> None:
    ticket, token = replied_with_key(world)
    key = actions.follow(ticket, by=world.desk, at=world.at)[1]
    rate(world, ticket, world.key_of(token))
    assert ticket.state == State.REPLIED
    rate(world, ticket, world.key_of(key))
    assert ticket.state == State.CLOSED


def test_or_until_the_window_ends(world: World) -> None:
    ticket, token = replied_with_key(world)
    actions.follow(ticket, by=world.desk, at=world.at)
    rate(world, ticket, world.key_of(token))
    with now_impossible("评价期"):
        actions.close(ticket, by=SYSTEM, at=world.at + 7 * DAY - HOUR)
    actions.close(ticket, by=SYSTEM, at=world.at + 7 * DAY)
    assert (ticket.state, ticket.ratings.count()) == (State.CLOSED, 1)


def test_one_follower_who_is_not_content_contests_the_lead(world: World) -> None:
    ticket, token = replied_with_key(world)
    key = actions.follow(ticket, by=world.desk, at=world.at)[1]
    rate(world, ticket, world.key_of(token))
    rate(world, ticket, world.key_of(key), is_solved=False)
    assert (ticket.state, ticket.contests) == (State.CONTESTED, 1)


def test_who_left_again_is_not_waited_for(world: World) -> None:
    lead, token = replied_with_key(world)
    actions.reopen(contest(world, lead), by=world.desk, at=world.at, reason="NOT_SOLVED", text="x")
    merged = actions.merge(world.reported(), by=world.desk, at=world.at, target=lead)
    actions.answer(lead, by=world.desk, at=world.at, answer=ANSWER)
    actions.unmerge(merged, by=world.desk, at=world.at)
    lead = rate(world, fresh(lead), world.key_of(token))
    assert lead.state == State.CLOSED


def contest(world: World, ticket: Ticket) -> Ticket:
    return rate(world, ticket, world.shift_leader, is_solved=False)


# --- follow_up 回访


@pytest.mark.parametrize("is_contested", [False, True])
def test_a_colleague_calls_back(world: World, is_contested: bool) -> None:
    ticket = contested(world) if is_contested else world.replied()
    with not_yours("换一位同事"):
        actions.follow_up(ticket, by=world.other_desk, at=world.at, is_reached=True)
    actions.follow_up(ticket, by=world.desk, at=world.at, is_reached=True, note="愿意再等等")
    assert (last(ticket).data["reached"], said(ticket, WordsKind.NOTE)) == (True, ["愿意再等等"])


# --- reopen 重办, uphold 维持


def test_a_reopened_ticket_is_dispatched_by_hand_and_proposes_the_former_unit(world: World) -> None:
    ticket = contested(world)
    actions.reopen(ticket, by=world.desk, at=world.at, reason="NOT_SOLVED", text="没解决")
    assert (ticket.state, ticket.needs_hand, ticket.handler) == (State.ACCEPTED, True, None)
    assert ticket.unit == world.units["squad"]


def test_a_closed_ticket_is_reopened_within_thirty_days(world: World) -> None:
    ticket, token = replied_with_key(world)
    rate(world, ticket, world.key_of(token))
    with now_impossible("重办期限"):
        actions.reopen(ticket, by=world.desk, at=world.at + 30 * DAY + HOUR, reason="NOT_SOLVED",
                       text="又堆了")  # fmt: skip
    actions.reopen(
        ticket, by=world.desk, at=world.at + 30 * DAY, reason="NOT_SOLVED", text="又堆了"
    )
    assert ticket.cycle == 2


def test_what_was_declined_without_a_category_gets_one_when_reopened(world: World) -> None:
    ticket = world.reported(category=None)
    actions.decline(ticket, by=world.desk, at=world.at, reason="EMERGENCY", answer="已转 119")
    with invalid("category"):
        actions.reopen(ticket, by=world.desk, at=world.at, reason="NOT_SOLVED", text="还要办")
    actions.reopen(ticket, by=world.desk, at=world.at, reason="NOT_SOLVED", text="还要办",
                   category=world.categories["litter"])  # fmt: skip
    assert (ticket.state, ticket.category) == (State.ACCEPTED, world.categories["litter"])


def test_what_is_upheld_is_closed_with_an_answer(world: World) -> None:
    ticket = contested(world)
    with invalid("answer"):
        actions.uphold(ticket, by=world.desk, at=world.at, answer="已收悉")
    actions.uphold(ticket, by=world.desk, at=world.at, answer=f"经复核，{ANSWER}")
    assert (ticket.state, states(ticket, Promise.FOLLOW_UP)) == (State.CLOSED, ["MET"])


def test_the_second_contest_is_the_districts(world: World) -> None:
    ticket = second_contest(world)
    assert ticket.turn == "DISTRICT"
    with not_yours("区级受理员"):
        actions.reopen(ticket, by=world.desk, at=world.at, reason="NOT_SOLVED", text="再办")
    with not_yours("区级受理员"):
        actions.uphold(ticket, by=world.shift_leader, at=world.at, answer=ANSWER)
    actions.uphold(ticket, by=world.district_desk, at=world.at, answer=ANSWER)


def test_what_the_district_upheld_is_final(world: World) -> None:
    ticket = second_contest(world)
    actions.uphold(ticket, by=world.district_desk, at=world.at, answer=ANSWER)
    with now_impossible("最终决定"):
        actions.reopen(ticket, by=world.district_desk, at=world.at, reason="NOT_SOLVED", text="x")


def second_contest(world: World) -> Ticket:
    ticket = again(world, contested(world))
    actions.resolve(ticket, by=world.handler, at=world.at, result="DONE", note="清",
                    proposed_answer=ANSWER)  # fmt: skip
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.reply(ticket, by=world.other_desk, at=world.at, final_answer=ANSWER)
    return contest(world, ticket)


# --- close 结案


def test_unrated_stays_unrated(world: World) -> None:
    ticket = world.replied()
    actions.close(ticket, by=SYSTEM, at=world.at + 7 * DAY)
    assert (ticket.state, Rating.objects.count()) == (State.CLOSED, 0)


def test_nothing_is_closed_without_its_answer(world: World) -> None:
    with now_impossible("还没有答复"):
        actions.close(world.verified(), by=SYSTEM, at=world.at + 30 * DAY)
    with not_yours("系统"):
        actions.close(world.replied(), by=world.desk, at=world.at + 30 * DAY)
