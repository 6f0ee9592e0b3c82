"""Every verb through its form: done, refused, stale, incomplete."""

from typing import Any

import pytest
from django.urls import reverse

from tests.tickets.pages import do, entered, forms_in, text_of
from tests.tickets.stages import contested, stage
from tests.world import ANSWER, World
from tickets import actions
from tickets.keys import make_key
from tickets.models import Ticket
from tickets.states import TRANSITIONS, State

SHOWN_ONCE = {"follow"}
"""Verbs that answer with something that is never shown again."""
BUTTONS = [move.verb for move in TRANSITIONS if move.button]


def events(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("seq").values_list("verb", flat=True))


@pytest.mark.parametrize("verb", BUTTONS)
def test_a_verb_is_done_through_its_form(nine: World, verb: str) -> None:
    ticket, person, typed, recorded = stage(verb, nine)
    answer = do(entered(person), ticket.number, verb, **typed)
    assert answer.status_code == (200 if verb in SHOWN_ONCE else 302), text_of(answer)
    assert events(ticket)[-1] == recorded


SAID = [
    ("enlist", "已请 office 协办。"), ("answer_assist", "已反馈协办情况。"),
    ("waive_assist", "已免除 office 的协办。"), ("answer_supervision", "已反馈督办情况。"),
    ("object", "已提出异议。"), ("confirm", "已核实。"), ("note", "已备注。"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "said"), SAID)
def test_what_was_done_is_said_in_a_sentence(nine: World, verb: str, said: str) -> None:
    ticket, person, typed, _recorded = stage(verb, nine)
    client = entered(person)
    do(client, ticket.number, verb, **typed)
    ticket.refresh_from_db()
    page = text_of(client.get(reverse("ticket", args=[ticket.number])))
    assert f"{said}工单 {ticket.number} 现在是“{ticket.get_state_display()}”。" in page


def test_asking_the_grid_worker_is_not_called_confirming(nine: World) -> None:
    client, ticket = entered(nine.desk), nine.reported()
    do(client, ticket.number, "confirm", text="请看看")
    page = text_of(client.get(reverse("ticket", args=[ticket.number])))
    assert "已请网格员核实。" in page


def test_nothing_is_done_by_opening_an_address(nine: World) -> None:
    ticket = nine.reported()
    client = entered(nine.desk)
    answers = [client.get(reverse("verb", args=[ticket.number, verb])) for verb in BUTTONS]
    assert {answer.status_code for answer in answers} == {405}
    assert all("请从工单页面的按钮操作" in text_of(answer) for answer in answers)
    assert events(ticket) == ["report"]


NEEDY = [verb for verb in BUTTONS if verb not in {"acknowledge", "claim", "reply"}]
FREE = {"unmerge", "withdraw", "verify", "urge", "resume", "lift_supervision", "accept"}


@pytest.mark.parametrize("verb", sorted(set(NEEDY) - FREE))
def test_an_empty_form_is_refused_at_its_fields(nine: World, verb: str) -> None:
    ticket, person, typed, _recorded = stage(verb, nine)
    before = events(ticket)
    answer = do(entered(person), ticket.number, verb, **dict.fromkeys(typed, ""))
    assert answer.status_code == 422
    assert 'class="field-error"' in text_of(answer)
    assert events(ticket) == before


def test_the_proposed_answer_waits_in_the_reply(nine: World) -> None:
    ticket = nine.verified()
    client = entered(nine.desk)
    form = forms_in(client.get(reverse("ticket", args=[ticket.number])))["verb-reply"]
    assert form["final_answer"] == ANSWER


def test_what_was_typed_stays_when_something_is_missing(nine: World) -> None:
    ticket = nine.handled()
    answer = do(entered(nine.handler), ticket.number, "resolve", note="清运了两车")
    assert answer.status_code == 422
    form = forms_in(answer)["verb-resolve"]
    assert (form["note"], form["seen"]) == ("清运了两车", str(ticket.version))


def test_a_hollow_answer_is_refused_at_its_field(nine: World) -> None:
    ticket = nine.verified()
    answer = do(entered(nine.desk), ticket.number, "reply", final_answer="已收悉，正在处理")
    assert answer.status_code == 422
    assert 'id="reply-final_answer_error"' in text_of(answer)


def test_a_handler_is_not_told_of_what_only_the_desk_can_ask_for(nine: World) -> None:
    number, client = nine.handled().number, entered(nine.handler)
    typed = {"result": "DONE", "note": "已清运", "proposed_answer": "已收悉，正在处理"}
    page = text_of(do(client, number, "resolve", **typed))
    assert "这样的答复没有实际内容" in page
    assert "放行" not in page


@pytest.mark.parametrize("who", ["desk", "shift_leader"])
def test_who_answers_is_told_how_a_hollow_answer_may_pass(nine: World, who: str) -> None:
    client, ticket = entered(nine.again(who)), nine.verified()
    page = text_of(do(client, ticket.number, "reply", final_answer="已收悉，正在处理"))
    assert "值班长说明理由后可以放行" in page


def test_the_shift_leader_may_let_a_hollow_answer_pass(nine: World) -> None:
    ticket = nine.verified()
    do(
        entered(nine.shift_leader), ticket.number, "reply", final_answer="已收悉",
        override="诉求人只要一个回执",
    )  # fmt: skip
    ticket.refresh_from_db()
    assert ticket.state == State.REPLIED


def test_only_the_shift_leader_is_offered_to_let_it_pass(nine: World) -> None:
    ticket = nine.verified()
    answer = entered(nine.desk).get(reverse("ticket", args=[ticket.number]))
    assert "override" not in forms_in(answer)["verb-reply"]


def post(world: World, who: str, ticket: Ticket, verb: str, **typed: Any) -> Any:
    address = reverse("verb", args=[ticket.number, verb])
    return entered(world.again(who)).post(address, {"seen": ticket.version} | typed)


def test_a_verb_of_somebody_else_is_403_with_what_was_typed(nine: World) -> None:
    ticket = nine.reported()
    answer = post(nine, "grid_worker", ticket, "decline", answer="这段话不能丢")
    assert answer.status_code == 403
    assert "这段话不能丢" in text_of(answer)
    assert events(ticket) == ["report"]


def test_a_verb_too_late_is_409_naming_the_holder(nine: World) -> None:
    ticket = nine.handled()
    answer = post(nine, "other_handler", ticket, "claim")
    assert answer.status_code == 409
    assert f"已由{nine.handler}签收" in text_of(answer)


def test_an_impossible_verb_keeps_what_was_typed(nine: World) -> None:
    ticket = nine.verified()
    answer = post(nine, "handler", ticket, "resolve", note="补充一句", proposed_answer=ANSWER)
    assert answer.status_code in (403, 409)
    assert "补充一句" in text_of(answer)
    assert "verb-resolve" not in forms_in(answer)


def test_a_form_without_version_is_428(nine: World) -> None:
    ticket = nine.reported()
    answer = post(nine, "desk", ticket, "note", seen="", text="请看")
    assert answer.status_code == 428
    assert events(ticket) == ["report"]


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 5000, "1\x00", "１"])
def test_a_version_that_is_none_is_428(nine: World, seen: str) -> None:
    ticket = nine.reported()
    assert post(nine, "desk", ticket, "note", seen=seen, text="请看").status_code == 428


def stale(world: World) -> tuple[Ticket, Any, Any]:
    """A form opened, then somebody else's claim, then the form sent."""
    ticket = world.dispatched()
    client = entered(world.desk)
    form = forms_in(client.get(reverse("ticket", args=[ticket.number])))["verb-note"]
    actions.claim(ticket, by=world.handler, at=world.at)
    address = reverse("verb", args=[ticket.number, "note"])
    return ticket, client, client.post(address, form | {"text": "给单位的话"})


def test_a_stale_form_is_412_and_tells_what_changed(nine: World) -> None:
    ticket, _client, answer = stale(nine)
    page = text_of(answer)
    assert answer.status_code == 412
    assert f"{nine.handler} 签收 → 处置中" in page
    assert events(ticket)[-1] == "claim"


def test_a_stale_form_can_be_sent_after_all(nine: World) -> None:
    ticket, client, answer = stale(nine)
    assert "仍要备注" in text_of(answer)
    form = forms_in(answer)["verb-note"]
    assert form["text"] == "给单位的话"
    client.post(reverse("verb", args=[ticket.number, "note"]), form)
    assert events(ticket)[-1] == "note"


def overtaken(world: World, ticket: Ticket, verb: str, **typed: Any) -> Any:
    """A form opened with category 0101, amended to 0102 by a colleague, then sent."""
    client = entered(world.desk)
    form = forms_in(client.get(reverse("ticket", args=[ticket.number])))[f"verb-{verb}"]
    advice = world.categories["advice"]
    actions.amend(ticket, by=world.other_desk, at=world.at, category=advice, text="来电更正")
    return client.post(reverse("verb", args=[ticket.number, verb]), form | typed)


OVERTAKEN = [
    ("accept", World.reported, {}), ("reopen", contested, {"reason": "NOT_SOLVED", "text": "再办"})
]  # fmt: skip


@pytest.mark.parametrize(("verb", "way", "typed"), OVERTAKEN)
def test_a_stale_form_does_not_undo_what_a_colleague_corrected(
    nine: World, verb: str, way: Any, typed: dict[str, str]
) -> None:
    ticket = way(nine)
    answer = overtaken(nine, ticket, verb, **typed)
    form = forms_in(answer)[f"verb-{verb}"]
    assert (answer.status_code, form["category"]) == (412, "0102")
    assert "已由他人改为“advice”" in text_of(answer)
    entered(nine.desk).post(reverse("verb", args=[ticket.number, verb]), form)
    ticket.refresh_from_db()
    assert (events(ticket)[-1], ticket.category) == (verb, nine.categories["advice"])


@pytest.mark.parametrize(("verb", "way", "typed"), OVERTAKEN)
def test_a_stale_form_keeps_what_its_user_chose(
    nine: World, verb: str, way: Any, typed: dict[str, str]
) -> None:
    answer = overtaken(nine, way(nine), verb, category="0103", **typed)
    assert forms_in(answer)[f"verb-{verb}"]["category"] == "0103"
    assert "已由他人改为“advice”。这里保留您填的内容。" in text_of(answer)


def test_an_error_elsewhere_is_no_change_by_somebody_else(nine: World) -> None:
    answer = do(entered(nine.desk), contested(nine).number, "reopen", category="0102", text="")
    assert forms_in(answer)["verb-reopen"]["initial-category"] == "0101"
    assert "已由他人改为" not in text_of(answer)


def handled_again(world: World, ticket: Ticket, proposed: str) -> None:
    """Answered, contested, reopened and verified once more, with another proposed answer."""
    by, at = world.other_desk, world.at
    actions.reply(ticket, by=by, at=at, final_answer=ANSWER)
    actions.rate(ticket, by=world.key_of(make_key(ticket, at=at)), at=at, stars=1, is_solved=False)
    actions.reopen(ticket, by=by, at=at, reason="NOT_SOLVED", text="再办")
    actions.dispatch(ticket, by=by, at=at, unit=world.units["squad"])
    actions.claim(ticket, by=world.handler, at=at)
    actions.resolve(
        ticket, by=world.handler, at=at, result="DONE", note="再清", proposed_answer=proposed
    )
    actions.verify(ticket, by=world.grid_worker, at=at)


def test_a_stale_reply_takes_the_answer_proposed_since(nine: World) -> None:
    ticket = nine.verified()
    client = entered(nine.desk)
    form = forms_in(client.get(reverse("ticket", args=[ticket.number])))["verb-reply"]
    handled_again(nine, ticket, "第二次清运后已无堆积，物业已书面承诺。")
    answer = client.post(reverse("verb", args=[ticket.number, "reply"]), form)
    assert "第二次清运后" in forms_in(answer)["verb-reply"]["final_answer"]
    assert "这一项已由他人修改" in text_of(answer)


def test_a_stale_form_of_a_verb_no_longer_allowed_is_409(nine: World) -> None:
    ticket = nine.dispatched()
    client = entered(nine.desk)
    form = forms_in(client.get(reverse("ticket", args=[ticket.number])))["verb-redirect"]
    actions.claim(ticket, by=nine.handler, at=nine.at)
    typed = {"unit": "JD-003", "text": "属街道职责"}
    answer = client.post(reverse("verb", args=[ticket.number, "redirect"]), form | typed)
    assert answer.status_code == 409
    assert "属街道职责" in text_of(answer)


def test_the_same_form_twice_acts_once(nine: World) -> None:
    ticket = nine.dispatched()
    client = entered(nine.handler)
    form = forms_in(client.get(reverse("ticket", args=[ticket.number])))["verb-claim"]
    answers = [client.post(reverse("verb", args=[ticket.number, "claim"]), form) for _ in "12"]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert events(ticket).count("claim") == 1


@pytest.mark.parametrize("verb", ["close", "erase", "import", "report", "nonsense"])
def test_a_verb_without_button_does_not_exist(nine: World, verb: str) -> None:
    assert post(nine, "desk", nine.replied(), verb).status_code == 404


def test_a_stranger_learns_nothing(nine: World) -> None:
    ticket = nine.reported()
    assert post(nine, "far_desk", ticket, "note", text="x").status_code == 404
    assert post(nine, "resident", ticket, "note", text="x").status_code == 404


@pytest.mark.parametrize("text", ["\x00", "字" * 20_001, " "])
def test_bad_words_are_refused(nine: World, text: str) -> None:
    ticket = nine.reported()
    assert post(nine, "desk", ticket, "note", text=text).status_code == 422
    assert events(ticket) == ["report"]


def test_who_moves_a_ticket_out_of_reach_is_led_to_the_queue(nine: World) -> None:
    ticket = nine.reported(by=nine.other_desk)
    answer = do(entered(nine.desk), ticket.number, "amend", amend_position="30.245, 120.205")
    assert answer["Location"] == reverse("queue")


def test_the_answer_to_a_contest_starts_as_it_should(nine: World) -> None:
    ticket = contested(nine)
    answer = entered(nine.desk).get(reverse("ticket", args=[ticket.number]))
    assert forms_in(answer)["verb-uphold"]["answer"] == "经复核，"
