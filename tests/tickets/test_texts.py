"""What people write, and what counts as an answer."""

import pytest

from common.errors import Invalid
from tests.tickets.steps import invalid
from tests.world import ANSWER, World
from tickets.texts import check_answer, check_optional, check_text, is_hollow

PHRASES = [
    "感谢您的留言", "已转交相关部门", "您反映的问题", "有关部门", "您的留言", "已转交", "已收悉",
    "正在处理", "您好",
]  # fmt: skip


def test_words_are_kept_without_the_space_around_them() -> None:
    assert check_text(" 一行\r\n二行 \n") == "一行\n二行"


@pytest.mark.parametrize("text", ["", " \n\t", "x" * 20_001, "a\x00b", "\ud800", "半个 \udfff"])
def test_words_that_cannot_be_kept_name_their_field(text: str) -> None:
    with invalid("note"):
        check_text(text, field="note")


@pytest.mark.parametrize("text", ["\u202e", "\u200b \u2060", "\u3164", "\x07\x1b"])
def test_words_nobody_can_see_are_none(text: str) -> None:
    assert check_optional(text) == ""
    with pytest.raises(Invalid, match="请写明内容"):
        check_text(text)


def test_words_do_not_turn_others_round() -> None:
    assert check_text("路灯\u202e坏了\u2069") == "路灯坏了"


def test_twenty_thousand_characters_are_kept() -> None:
    assert len(check_text("字" * 20_000)) == 20_000


def test_the_sentence_says_how_long_it_was() -> None:
    with pytest.raises(Invalid, match="20001"):
        check_text("字" * 20_001)


@pytest.mark.parametrize(("text", "kept"), [("", ""), ("  \n", ""), (" 好 ", "好")])
def test_what_may_be_left_out_may_be_empty(text: str, kept: str) -> None:
    assert check_optional(text) == kept


def test_what_may_be_left_out_must_still_be_storable() -> None:
    with invalid("comment"):
        check_optional("a\x00", field="comment")


@pytest.mark.parametrize(
    "text",
    [
        "已收悉",
        "感谢您的留言，已转交相关部门。",
        "已收悉，正在处理！！！！！！！！！！",
        "正在处理 正在处理 正在处理 正在处理",
        "已转交城管执法队",
        "。。。。。。。。。。。。",
        "好好好好好好好好好好",
        "1234567890123",
        "qwrtpsdf hjklzxcv bnm",
        "您的留言已收悉，已转交市住建局办理",
        "您的留言已收悉，已将您反映的问题转至湖滨街道综合执法队处理。",
        "您好！已移交有关部门核实，感谢您的留言。",
    ],
)
def test_an_answer_without_substance_is_hollow(text: str) -> None:
    assert is_hollow(text, PHRASES)


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        "已收悉。经查，路灯于今日十点修复并试亮。",
        "路灯已于今天修复",
        "已转交城管队处理，现场三车建筑垃圾当日清运完毕。",
        "The street lamp was repaired today.",
    ],
)
def test_an_answer_that_says_what_was_done_is_not(text: str) -> None:
    assert not is_hollow(text, PHRASES)


def test_what_counts_as_hollow_is_in_the_table(world: World) -> None:
    with invalid("answer"):
        check_answer("感谢您的留言，正在处理")
    assert check_answer(f" {ANSWER} ") == ANSWER
