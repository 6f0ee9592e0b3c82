"""What people write, and what counts as an answer."""

import pytest

from common.errors import Invalid
from tests.world import ANSWER, World
from tickets.texts import TEXT_LIMIT, check_answer, check_text, is_hollow

PHRASES = ["感谢您的留言", "已收悉", "已转交"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t "])
def test_nothing_is_no_text(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_text(text, field="note")
    assert refused.value.field == "note"


def test_a_text_is_stripped_and_keeps_its_lines() -> None:
    assert check_text(" 一\r\n二 ") == "一\n二"


def test_the_longest_text_is_taken() -> None:
    assert len(check_text("字" * TEXT_LIMIT)) == TEXT_LIMIT


def test_one_character_more_is_refused_with_its_length() -> None:
    with pytest.raises(Invalid, match="20001"):
        check_text("字" * (TEXT_LIMIT + 1))


def test_a_nul_byte_is_refused() -> None:
    with pytest.raises(Invalid):
        check_text("一\x00二")


@pytest.mark.parametrize(
    "text", ["已收悉。", "感谢您的留言，已收悉，已转交！", "已转交……", "好的，已收悉"]
)
def test_courtesies_are_hollow(text: str) -> None:
    assert is_hollow(text, PHRASES)


@pytest.mark.parametrize("text", [ANSWER, "已收悉。经查，路灯线路被挖断，今晚八点前修复。"])
def test_an_answer_that_says_what_was_done_is_not_hollow(text: str) -> None:
    assert not is_hollow(text, PHRASES)


def test_a_hollow_answer_is_refused_naming_its_field(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        check_answer("感谢您的留言，已收悉。", field="final_answer")
    assert refused.value.field == "final_answer"


def test_a_real_answer_is_taken(world: World) -> None:
    assert check_answer(ANSWER) == ANSWER
