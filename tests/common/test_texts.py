"""What people type: nothing that turns other words round, nothing that only seems to be there."""

import pytest
from django.forms import CharField, PasswordInput, Textarea

from common.forms import PageForm
from common.texts import narrow, visible

TURN, SPACE = "\u202e", "\u200b"  # right-to-left override, zero-width space


class Asked(PageForm):
    """One form with a text and a password."""

    text = CharField(label="内容", widget=Textarea)
    password = CharField(label="密码", widget=PasswordInput)


@pytest.mark.parametrize(
    "sign", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
def test_controls_of_direction_are_taken_out(sign: str) -> None:
    assert visible(f"路灯{sign}坏了{sign}") == "路灯坏了"


@pytest.mark.parametrize(
    "text",
    ["", " \n\u3000", TURN, SPACE * 3, "\ufeff", "\x07", "\u3164 \u2800", "\u0301", "\ufe0f"],
)
def test_what_shows_nothing_is_nothing(text: str) -> None:
    assert visible(text) == ""


@pytest.mark.parametrize(
    "text",
    ["一行\n二行", "👨\u200d👩\u200d👧 走失", "\ue000", "𰻝𰻝面", "cafe\u0301", ".", "\x00", " a "],
)
def test_what_shows_something_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_a_form_is_given_only_what_can_be_seen() -> None:
    form = Asked({"text": f"路灯{TURN}坏了", "password": "秘密"})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "路灯坏了"
    assert TURN not in str(form["text"])


def test_a_form_of_nothing_visible_is_empty() -> None:
    form = Asked({"text": TURN + SPACE, "password": "秘密"})
    assert form.errors == {"text": ["请填写“内容”。"]}


def test_a_password_is_what_it_is() -> None:
    form = Asked({"text": "好", "password": TURN})
    assert form.is_valid()
    assert form.cleaned_data["password"] == TURN


@pytest.mark.parametrize(
    ("typed", "meant"), [("１３９", "139"), ("＋８６－１", "+86-1"), ("乙", "乙")]
)
def test_full_width_digits_and_signs_are_plain_ones(typed: str, meant: str) -> None:
    assert narrow(typed) == meant
