"""工单页: who sees which part of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from grids.models import Unit
from tests.tickets.pages import do, entered, forms_in, move_clock, statements, text_of
from tests.tickets.stages import (
    asked,
    contested,
    declined,
    helped,
    own,
    supervised,
    suspended,
    urgent_dispatched,
)
from tests.world import ANSWER, CAST, World
from tickets import actions, permits, timeline
from tickets.models import RoutingRule, Ticket


def look(world: World, who: str, ticket: Ticket) -> Any:
    return entered(world.again(who)).get(reverse("ticket", args=[ticket.number]))


STAGES: dict[str, Callable[[World], Ticket]] = {
    "reported": World.reported, "accepted": World.accepted, "dispatched": World.dispatched,
    "handled": World.handled, "resolved": World.resolved, "verified": World.verified,
    "replied": World.replied, "contested": contested, "helped": helped,
    "suspended": suspended, "supervised": supervised, "urgent": urgent_dispatched,
    "own": own,
}  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_everybody_finds_exactly_the_buttons_they_may_press(nine: World, stage: str) -> None:
    ticket = STAGES[stage](nine)
    for who in [*(name for name, _post, _where in CAST), "resident"]:
        person = nine.again(who)
        visible = Ticket.objects.visible_to(person, nine.at).filter(pk=ticket.pk).exists()
        answer = look(nine, who, ticket)
        shown = {name[5:] for name in forms_in(answer) if name.startswith("verb-")}
        assert answer.status_code == (200 if visible else 404), who
        allowed = permits.allowed(person, ticket, at=nine.at) if visible else []
        assert shown == {move.verb for move in allowed}, who


WAITED_FOR = [
    ("desk", urgent_dispatched, "acknowledge"), ("office_handler", helped, "answer_assist"),
    ("grid_worker", asked, "confirm"), ("desk", World.verified, "reply"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "stage", "verb"), WAITED_FOR)
def test_what_is_waited_for_stands_open(
    nine: World, who: str, stage: Callable[[World], Ticket], verb: str
) -> None:
    page = text_of(look(nine, who, stage(nine)))
    assert f'id="verb-{verb}"' in page
    assert f'id="do-{verb}"' not in page


def test_what_is_waited_for_is_not_said_twice(nine: World) -> None:
    ticket = nine.handled()
    client = entered(nine.handler)
    form = forms_in(client.get(f"/t/{ticket.number}/"))["verb-resolve"]
    actions.enlist(
        ticket, by=nine.head, at=nine.at, unit=nine.units["office"], question="协助"
    )  # fmt: skip
    answer = client.post(f"/t/{ticket.number}/resolve/", form | {"note": "已清运"})
    assert answer.status_code == 409
    assert text_of(answer).count("协办反馈后才能办结") == 1


def test_the_handler_is_offered_to_waive_only_what_is_overdue(
    nine: World, settings: Settings, tmp_path: Path
) -> None:
    ticket = helped(nine)
    client, address = entered(nine.handler), f"/t/{ticket.number}/"
    assert "verb-waive_assist" not in forms_in(client.get(address))
    move_clock(settings, tmp_path, ticket.assists.get().due_at)
    assert "verb-waive_assist" in forms_in(client.get(address))


def closed(world: World) -> Ticket:
    ticket, token = world.reported_with_key()
    actions.accept(ticket, by=world.desk, at=world.at)
    actions.answer(ticket, by=world.other_desk, at=world.at, answer=ANSWER)
    return actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)


def test_both_ways_out_of_a_contest_stand_open(nine: World) -> None:
    page = text_of(look(nine, "desk", contested(nine)))
    assert {verb for verb in ("reopen", "uphold") if f'id="do-{verb}"' in page} == set()
    assert 'id="do-follow_up"' in page


@pytest.mark.parametrize("way", [closed, declined])
def test_what_has_ended_is_not_led_by_its_reopening(
    nine: World, way: Callable[[World], Ticket]
) -> None:
    page = text_of(look(nine, "desk", way(nine)))
    assert 'id="do-reopen"' in page
    assert "is-leading" not in page


def twice_returned(world: World) -> Ticket:
    ticket = world.accepted()
    ticket.returns, ticket.needs_hand = 2, True
    ticket.save()
    return ticket


def twice_contested(world: World) -> Ticket:
    ticket = contested(world)
    Ticket.objects.filter(pk=ticket.pk).update(contests=2)
    return ticket


HELD_BACK = [
    ("handler", helped, "等 office 协办反馈后才能办结"),
    ("desk", twice_returned, "第二次退单后由区级受理员派单"),
    ("desk", World.resolved, "这张工单由网格员核查"),
    ("desk", twice_contested, "第二次不满由区级受理员复核"),
]


@pytest.mark.parametrize(("who", "stage", "told"), HELD_BACK)
def test_a_next_step_that_has_to_wait_says_for_what(
    nine: World, who: str, stage: Callable[[World], Ticket], told: str
) -> None:
    page = text_of(look(nine, who, stage(nine)))
    assert told in page.split('id="held-back"')[1].split("</p>")[0]


@pytest.mark.parametrize(("who", "stage"), [("desk", helped), ("handler", World.handled)])
def test_nobody_is_told_to_wait_for_what_they_need_not(
    nine: World, who: str, stage: Callable[[World], Ticket]
) -> None:
    assert "held-back" not in text_of(look(nine, who, stage(nine)))


@pytest.mark.parametrize(
    "number", ["x", "330102-20261123-99999", "%00", "3" * 300, "１-２-３", "330102-20261123-00001x"]
)
def test_an_unknown_number_is_404_in_a_sentence(nine: World, number: str) -> None:
    answer = entered(nine.desk).get(f"/t/{number}/")
    assert answer.status_code == 404
    assert "没有这张工单，请核对编号。" in text_of(answer)


def test_opening_a_ticket_changes_nothing(nine: World) -> None:
    ticket = nine.handled()
    before = (ticket.seq, ticket.version, ticket.head)
    look(nine, "handler", ticket)
    ticket.refresh_from_db()
    assert (ticket.seq, ticket.version, ticket.head) == before


def test_the_record_is_told_with_names_and_words(nine: World) -> None:
    page = text_of(look(nine, "desk", nine.replied()))
    for fact in (
        "上报", "受理 → 待派单", "派单 → 待签收", "签收 → 处置中", "办结 → 待核查", "核查通过",
        f"承办单位：{nine.units['squad']}", "按规则派单", str(nine.handler), "已清运",
        "已于今日上午清运完毕",
    ):  # fmt: skip
        assert fact in page, fact


def special(world: World, unit: str = "squad") -> RoutingRule:
    """A rule that beats the general one for what comes by telephone."""
    return RoutingRule.objects.create(
        category=world.categories["litter"], source="PHONE", target="UNIT", unit=world.units[unit]
    )


def test_the_record_says_which_rule_what_matched_and_what_came_second(nine: World) -> None:
    rule = special(nine)
    page = text_of(look(nine, "desk", nine.dispatched()))
    general = RoutingRule.objects.get(category=nine.categories["street_order"])
    told = f"按规则派单“{rule}”；依据类别、来源；其次是“{general}”"
    assert told in page


def test_the_record_says_why_the_street_took_it(nine: World) -> None:
    Unit.objects.filter(code__startswith="CG").update(is_active=False)
    page = text_of(look(nine, "desk", nine.dispatched()))
    assert "这条规则在当地没有可用的单位；由属地兜底" in page
    RoutingRule.objects.all().delete()
    assert "没有适用的规则；由属地兜底" in text_of(look(nine, "desk", nine.dispatched()))


def test_a_rule_deleted_since_is_still_told_by_its_number(nine: World) -> None:
    ticket = nine.dispatched()
    rule = RoutingRule.objects.get(category=nine.categories["street_order"])
    gone = rule.pk
    Ticket.objects.filter(pk=ticket.pk).update(rule=None)
    rule.delete()
    assert f"已删除的规则 {gone}" in text_of(look(nine, "desk", ticket))


def test_a_reporter_is_not_told_of_rules(nine: World) -> None:
    ticket = own(nine)
    actions.route(actions.accept(ticket, by=nine.desk, at=nine.at), at=nine.at)
    assert "按规则派单" not in text_of(look(nine, "resident", ticket))


def test_a_rule_that_names_the_unit_concerned_is_for_the_desk_alone(nine: World) -> None:
    RoutingRule.objects.create(
        category=nine.categories["conduct"], target="UNIT", unit=nine.units["fire"]
    )
    ticket = nine.dispatched(category=nine.categories["conduct"])
    assert "已经避开；由属地兜底" in text_of(look(nine, "desk", ticket))
    page = text_of(look(nine, "auditor", ticket))
    assert "由属地兜底" in page
    assert "→ fire" not in page


def test_markup_in_words_stays_words(nine: World) -> None:
    ticket = nine.reported(text="<script>alert(1)</script> & <b>垃圾</b>")
    actions.note(ticket, by=nine.desk, at=nine.at, text="<i>a & b</i>")
    page = text_of(look(nine, "desk", ticket))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in page
    assert "&lt;i&gt;a &amp; b&lt;/i&gt;" in page


def test_the_desk_reads_a_sensitive_ticket_without_a_map(nine: World) -> None:
    page = text_of(look(nine, "desk", nine.accepted(category=nine.categories["alone"])))
    assert "楼下垃圾堆了三天" in page
    assert "湖滨路 1 号" in page
    assert "data-shapes-url" not in page


def test_others_see_a_sensitive_ticket_without_its_content(nine: World) -> None:
    ticket = nine.accepted(category=nine.categories["alone"])
    actions.note(ticket, by=nine.desk, at=nine.at, text="独居老人")
    page = text_of(look(nine, "community_lead", ticket))
    assert "内容只有受理员、当前承办单位和督查员可以看" in page
    for secret in ("楼下垃圾", "湖滨路 1 号", "data-shapes-url", "独居老人", "赵"):
        assert secret not in page, secret


def test_a_plain_ticket_lies_on_a_map_of_our_own(nine: World) -> None:
    page = text_of(look(nine, "desk", nine.reported()))
    assert 'data-shapes-url="/shapes.json"' in page
    assert 'data-lat="30.245"' in page


def test_a_reporter_reads_what_is_public_and_no_more(nine: World) -> None:
    ticket = own(nine)
    actions.note(ticket, by=nine.desk, at=nine.at, text="内部意见")
    actions.inquire(ticket, by=nine.desk, at=nine.at, question="几号楼")
    actions.accept(ticket, by=nine.desk, at=nine.at)
    page = text_of(look(nine, "resident", ticket))
    assert "几号楼" in page
    for internal in ("内部意见", "备注", str(nine.desk)):
        assert internal not in page, internal


def test_a_reporter_does_not_read_a_request_about_their_ticket(nine: World) -> None:
    ticket = own(nine)
    actions.decline(ticket, by=nine.desk, at=nine.at, reason="BEYOND", answer="尚未决定的答复")
    page = text_of(look(nine, "resident", ticket))
    assert "尚未决定的答复" not in page
    assert "会签" not in page
    assert "尚未决定的答复" in text_of(look(nine, "desk", ticket))


def test_who_merely_sees_the_ticket_does_not_learn_whom_it_is_about(nine: World) -> None:
    ticket = nine.reported(category=nine.categories["conduct"])
    actions.accept(ticket, by=nine.desk, at=nine.at, about_unit=nine.units["fire"])
    told = f"被反映单位：{nine.units['fire']}"
    assert told in text_of(look(nine, "desk", ticket))
    assert told not in text_of(look(nine, "auditor", ticket))


def test_a_reporters_account_is_no_name_to_others(nine: World) -> None:
    nine.resident.name = "赵见诚"
    nine.resident.save()
    ticket = own(nine)
    actions.inform(ticket, by=nine.again("resident"), at=nine.at, text="补充")
    assert "赵见诚" not in text_of(look(nine, "auditor", ticket))
    assert "赵见诚" not in text_of(look(nine, "leader", ticket))


def test_a_merged_ticket_leads_to_its_target(nine: World) -> None:
    target = nine.reported()
    ticket = actions.merge(nine.reported(), by=nine.desk, at=nine.at, target=target)
    assert f'<a href="/t/{target.number}/">{target.number}</a>' in text_of(
        look(nine, "desk", ticket)
    )
    assert f"/t/{ticket.number}/" in text_of(look(nine, "desk", target))


def test_a_split_ticket_is_linked_both_ways(nine: World) -> None:
    ticket = nine.reported()
    part = actions.split(ticket, by=nine.desk, at=nine.at, text="另一件")
    assert f"/t/{part.number}/" in text_of(look(nine, "desk", ticket))
    assert f"/t/{ticket.number}/" in text_of(look(nine, "desk", part))


def test_clocks_stand_with_their_lights(nine: World) -> None:
    page = text_of(look(nine, "desk", nine.handled()))
    clocks = page.split('id="clocks"')[1].split("</section>")[0]
    assert re.search(r'办结.*title="2026-\d\d-\d\d \d\d:\d\d">.*按时 剩', clocks, re.S)
    assert re.search(r"签收.*已完成", clocks, re.S)


def returned(world: World) -> Ticket:
    """Sent back by the squad after it had claimed it, not yet dispatched again."""
    ticket = world.handled()
    actions.send_back(ticket, by=world.handler, at=world.at, reason="NOT_OURS", text="不归我们")
    request = ticket.approvals.get()
    actions.countersign(request, by=world.head, at=world.at)
    actions.grant(request, by=world.shift_leader, at=world.at)
    ticket.refresh_from_db()
    return ticket


def test_a_reason_and_what_explains_it_are_called_by_two_names(nine: World) -> None:
    ticket = returned(nine)
    lines = timeline.lines(ticket, nine.desk, at=nine.at)
    asked = next(line for line in lines if line.verb == "ask")
    assert "理由：NOT_OURS" in asked.details
    assert asked.words == [("说明", "不归我们")]


def test_words_without_a_reason_from_the_list_are_the_reason(nine: World) -> None:
    ticket = nine.handled()
    actions.release(ticket, by=nine.handler, at=nine.at, text="今天请假")
    assert timeline.lines(ticket, nine.desk, at=nine.at)[-1].words == [("理由", "今天请假")]


def test_the_dispatch_after_a_return_names_who_returned_it(nine: World) -> None:
    page = text_of(look(nine, "desk", returned(nine)))
    form = page.split('id="verb-dispatch"')[1].split("</form>")[0]
    assert "squad退回过这张工单，再派给它以前请先看退单理由。" in form
    assert "退回过这张工单" not in text_of(look(nine, "desk", nine.accepted()))


def test_who_returned_it_may_be_asked_again(nine: World) -> None:
    ticket = returned(nine)
    do(entered(nine.desk), ticket.number, "dispatch", unit="CG-003", text="所在路段确归中队")
    ticket.refresh_from_db()
    assert ticket.unit == nine.units["squad"]


def test_clocks_of_one_kind_name_their_leg_and_unit(nine: World) -> None:
    ticket = actions.dispatch(returned(nine), by=nine.desk, at=nine.at, unit=nine.units["office"])
    actions.claim(ticket, by=nine.office_handler, at=nine.at)
    clocks = text_of(look(nine, "desk", ticket)).split('id="clocks"')[1].split("</section>")[0]
    told = re.findall(r'clock-name">([^<]+?) <span[^>]*>([^<]*)<', clocks)
    assert set(told) == {
        ("派单", "第 1 段"), ("派单", "第 2 段"),
        ("签收", "第 1 段 · squad"), ("签收", "第 2 段 · office"),
    }  # fmt: skip


def test_the_duty_phone_can_be_called(nine: World) -> None:
    ticket = nine.dispatched()
    assert f'href="tel:{nine.units["squad"].duty_phone}"' in text_of(look(nine, "desk", ticket))


@pytest.mark.parametrize("who", ["desk", "handler", "auditor"])
def test_a_long_record_costs_as_many_statements_as_a_short_one(
    nine: World, settings: Settings, who: str
) -> None:
    settings.HUBIN_LAW_CACHE = True  # as in life
    ticket = helped(nine)
    actions.note(ticket, by=nine.desk, at=nine.at, text="一")
    client, address = entered(nine.again(who)), reverse("ticket", args=[ticket.number])
    short = statements(client, address)
    for turn in range(20):
        actions.note(ticket, by=nine.handler, at=nine.at, text=f"第 {turn} 次")
    assert statements(client, address) == short <= 13
