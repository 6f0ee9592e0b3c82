"""What a reporter reads with their key: plain words, public steps, honest dates."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from common import clock
from tests.tickets.follow import BAD, GOOD, do, look, text_of
from tests.world import ANSWER, World
from tickets import actions
from tickets.keys import make_key
from tickets.models import Clock, Ticket
from tickets.words import Promise

Way = Callable[[World], Ticket]


def declined(world: World) -> Ticket:
    return actions.decline(
        world.reported(), by=world.desk, at=world.at, reason="EMERGENCY", answer="请拨打 119。"
    )


def closed(world: World) -> Ticket:
    ticket = world.replied()
    token = make_key(ticket, at=world.at)
    do(token, "rate", **GOOD)
    return ticket


STATES: tuple[tuple[Way, str], ...] = (
    (lambda world: world.reported(), "已收到，等待受理"),
    (lambda world: world.accepted(), "已受理，正在安排承办单位"),
    (lambda world: world.dispatched(), "已派给承办单位，等待签收"),
    (lambda world: world.handled(), "正在办理"),
    (lambda world: world.resolved(), "处置完成，正在核查"),
    (lambda world: world.verified(), "已核查，正在准备答复"),
    (lambda world: world.replied(), "已答复，请您评价"),
    (declined, "不予受理"),
    (closed, "已结案"),
)


@pytest.mark.parametrize(("way", "words"), STATES)
def test_the_state_is_said_in_plain_words(world: World, way: Way, words: str) -> None:
    token = make_key(way(world), at=world.at)
    assert f'<h1 id="headline">{words}</h1>' in text_of(look(token))


def upheld(world: World) -> tuple[Ticket, str]:
    ticket = world.replied()
    token = make_key(ticket, at=world.at)
    do(token, "rate", **BAD)
    ticket.refresh_from_db()
    actions.uphold(ticket, by=world.desk, at=clock.now(), answer=f"经复核，{ANSWER}")
    return ticket, token


def test_an_unsatisfied_reporter_is_not_thanked_when_the_result_is_upheld(world: World) -> None:
    ticket, token = upheld(world)
    page = text_of(look(token))
    assert '<h1 id="headline">经复核，维持原办理结果</h1>' in page
    assert f"请拨打 12345，报编号 {ticket.number}" in page
    assert "谢谢您的评价" not in page
    assert "headline-good" not in page


def test_nobody_boasts_of_an_answer_in_time_that_did_not_content(world: World) -> None:
    token = upheld(world)[1]
    page = text_of(look(token))
    assert ("pledge-kept" in page, "按承诺答复" in page) == (False, False)
    assert "pledge-answered" in page
    assert "答复时间：" in page


def told_of(ticket: Ticket) -> list[str]:
    """Which notes stand beside the promised date."""
    page = text_of(look(make_key(ticket, at=clock.now())))
    known = {"pause": "日期已经顺延", "more": "延长了 2 个工作日", "year": "放假安排还没有公布"}
    return [name for name, words in known.items() if words in page]


def test_a_date_that_moved_or_may_move_says_why(world: World) -> None:
    ticket = world.handled()
    assert told_of(ticket) == []
    Clock.objects.filter(ticket=ticket, promise=Promise.TOTAL).update(
        has_paused=True, extension_days=2, is_provisional=True
    )
    assert told_of(ticket) == ["pause", "more", "year"]


def test_an_answer_in_time_is_said_to_be_so(world: World) -> None:
    token = make_key(world.replied(), at=world.at)
    assert "pledge-kept" in text_of(look(token))


def test_whoever_was_content_is_thanked_though_another_was_not(world: World) -> None:
    ticket = world.replied()
    content = actions.follow(ticket, by=world.desk, at=world.at, reporter=None)[1]
    do(content, "rate", **GOOD)
    do(make_key(ticket, at=world.at), "rate", **BAD)
    ticket.refresh_from_db()
    actions.uphold(ticket, by=world.desk, at=clock.now(), answer=f"经复核，{ANSWER}")
    assert "谢谢您的评价" in text_of(look(content))


def test_the_promise_is_the_date_of_the_total_clock(world: World) -> None:
    ticket, token = world.reported_with_key()
    due = Clock.objects.get(ticket=ticket, promise=Promise.TOTAL).due_at
    page = text_of(look(token))
    assert "承诺答复时间" in page
    assert clock.local(due).isoformat(timespec="seconds") in page


def test_a_broken_promise_is_admitted(world: World) -> None:
    _ticket, token = world.reported_with_key(at=world.at - timedelta(days=60))
    assert "已经超过，很抱歉" in text_of(look(token))


def test_place_number_and_report_are_shown(world: World) -> None:
    ticket, token = world.reported_with_key(text="三楼平台漏水")
    page = text_of(look(token))
    assert all(word in page for word in (ticket.number, "湖滨路 1 号", "三楼平台漏水"))


def test_the_answer_is_shown(world: World) -> None:
    token = make_key(world.replied(), at=world.at)
    assert ANSWER in text_of(look(token))


def test_a_proposed_answer_is_not_shown_before_it_is_given(world: World) -> None:
    token = make_key(world.verified(), at=world.at)
    assert ANSWER not in text_of(look(token))


def test_no_name_of_staff_stands_on_the_page(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.accept(ticket, by=world.desk, at=world.at)
    actions.route(ticket, at=world.at)
    actions.claim(ticket, by=world.handler, at=world.at)
    page = text_of(look(token))
    assert all(f"{person.name}<" not in page for person in world.people.values())


def test_internal_words_stay_inside(world: World) -> None:
    ticket = world.handled()
    actions.note(ticket, by=world.handler, at=world.at, text="内部备注一")
    actions.enlist(
        ticket, by=world.handler, at=world.at, unit=world.units["fire"], question="内部协办二"
    )
    actions.urge(ticket, by=world.desk, at=world.at, text="内部催办三")
    page = text_of(look(make_key(ticket, at=world.at)))
    assert "内部" not in page


def test_an_answer_that_is_only_asked_for_stays_inside(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.decline(ticket, by=world.desk, at=world.at, reason="BEYOND", answer="尚未批准的答复")
    assert "尚未批准的答复" not in text_of(look(token))


def test_an_open_question_asks_for_an_answer(world: World) -> None:
    ticket = world.handled()
    actions.inquire(ticket, by=world.handler, at=world.at, question="是哪一侧的井盖？")
    page = text_of(look(make_key(ticket, at=world.at)))
    assert 'id="question"' in page
    assert "是哪一侧的井盖？" in page


def test_an_answered_question_asks_no_more(world: World) -> None:
    ticket = world.handled()
    actions.inquire(ticket, by=world.handler, at=world.at, question="是哪一侧的井盖？")
    token = make_key(ticket, at=world.at)
    do(token, "inform", text="靠公交站的一侧")
    assert 'id="question"' not in text_of(look(token))


def test_a_long_history_takes_no_more_statements(
    world: World, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    _ticket, token = world.reported_with_key()
    for number in range(30):
        do(token, "inform", text=f"补充 {number}")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        look(token)
