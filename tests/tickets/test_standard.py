"""标准答复, the preview of an answer, and what of it counts."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.html import escape

from tests.tickets.desk import PANE, at_desk, pane, press
from tests.tickets.follow import address
from tests.tickets.pages import entered, text_of
from tests.world import ANSWER, World
from tickets import actions, law, standard, texts
from tickets.keys import make_key
from tickets.models import StandardAnswer, Ticket
from tickets.views.desk.foretelling import pieces


def kept(code: str = "one", **given: Any) -> StandardAnswer:
    values = {"verb": "reply", "title": code, "text": "{unit}已到{place}清运垃圾完毕。"} | given
    row = StandardAnswer(code=code, **values)
    row.full_clean()
    row.save()
    return row


def titles(ticket: Ticket, verb: str = "reply") -> list[str]:
    return [one.title for one in standard.offers(ticket, verb)]


def test_the_most_specific_comes_first(nine: World) -> None:
    litter = nine.categories["litter"]
    ticket = nine.verified()
    kept("any")
    kept("minor", category=litter)
    kept("major", category=litter.parent)
    kept("other", category=nine.categories["manhole"])
    kept("old", is_active=False)
    kept("elsewhere", verb="decline")
    assert titles(ticket) == ["minor", "major", "any"]


def test_it_may_be_for_one_nature_only(nine: World) -> None:
    kept("praise", nature="PRAISE")
    kept("complaint", nature="COMPLAINT")
    assert titles(nine.verified()) == ["complaint"]


def test_facts_are_filled_in(nine: World) -> None:
    ticket = nine.verified()
    kept(text="{number} {category} {place} {unit} {result}")
    (found,) = standard.offers(ticket, "reply")
    facts = (ticket.number, "litter", "street", str(ticket.unit))
    assert all(fact in found.text for fact in facts)
    assert "{" not in found.text


def test_nothing_of_the_reporter_can_be_filled_in(nine: World) -> None:
    with pytest.raises(ValidationError, match="reporter"):
        kept(text="{reporter}您好，{unit}已清运。")


def test_what_is_not_known_stays_to_be_seen(nine: World) -> None:
    assert standard.filled("{result}和{unit}", {"unit": "squad", "result": ""}) == "{result}和squad"


def test_what_is_not_filled_in_is_not_sent(nine: World) -> None:
    ticket = nine.verified()
    refused = press(at_desk(nine), ticket, "reply", final_answer=ANSWER + "结果：{result}。")
    assert refused.status_code == 422
    assert "还没有填上" in text_of(refused)


def test_the_pane_offers_them(nine: World) -> None:
    kept("cleared", title="垃圾已清运")
    page = text_of(pane(at_desk(nine), nine.verified()))
    assert 'data-standard="reply-final_answer"' in page
    assert "垃圾已清运" in page
    assert "squad" in page


def looked(world: World, ticket: Ticket, text: str) -> Any:
    sent = {"final_answer": text}
    return at_desk(world).post(f"/desk/t/{ticket.number}/preview/", sent, headers=PANE)


def test_the_preview_is_what_the_reporter_reads(nine: World) -> None:
    ticket = nine.verified()
    token = make_key(ticket, at=nine.at)
    text = "经查<属实>，\n垃圾已于今日上午全部清运完毕。"
    shown = text_of(looked(nine, ticket, text))
    actions.reply(ticket, by=nine.desk, at=nine.at, final_answer=text)
    read = text_of(entered(nine.resident).get(address(token)))
    said = f'<p class="said">{escape(text)}</p>'
    assert said in shown
    assert said in read


def test_what_does_not_count_is_crossed_out(nine: World) -> None:
    page = text_of(looked(nine, nine.verified(), "您的诉求已收悉，已转交城管局办理。"))
    assert "还差具体内容" in page
    assert "<del>" in page
    assert "可以发出" in text_of(looked(nine, nine.verified(), ANSWER))


def test_a_text_that_cannot_be_sent_is_no_preview(nine: World) -> None:
    answer = looked(nine, nine.verified(), "已收悉" * 7_000)
    assert answer.status_code == 422
    assert "最多 20000 字" in text_of(answer)


@pytest.mark.parametrize(
    "text", ["", "已收悉", "已转交市住建局办理", ANSWER, "收悉已收悉x", "Fixed it now"]
)
def test_the_preview_and_the_gate_are_one(nine: World, text: str) -> None:
    phrases = law.hollow_phrases()
    gate = texts.hollowness(text, phrases)
    assert gate.is_hollow == texts.is_hollow(text, phrases)
    assert "".join(piece for _crossed, piece in pieces(text, gate.crossed)) == text


def test_spans_tell_what_was_taken_out() -> None:
    gate = texts.hollowness("我们已收悉。明天去修灯杆", ["已收悉"])
    assert gate.crossed == ((2, 5),)
    joined = texts.hollowness("已已收悉收悉", ["已收悉"])
    assert joined.crossed == ((1, 4),)
    assert gate.characters == 8


def test_the_preview_is_for_desks_only(nine: World) -> None:
    ticket = nine.verified()
    where = f"/desk/t/{ticket.number}/preview/"
    assert entered(nine.again("handler")).post(where, {"answer": "x"}).status_code == 403
