"""What people write: length, control characters, and what counts as an answer (DESIGN §3.1)."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Invalid
from common.texts import visible
from tickets import law

TEXT_LIMIT = 20_000
MIN_CHARACTERS = 6  # different ones, left once courtesies are gone
MIN_WORDS = 4  # the same for an answer in a language of letters
HOLLOW = gettext_lazy("这样的答复没有实际内容。请写明查到了什么、做了什么、结果如何。")
VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)  # without one it is no word
# passed on, and nothing else said: "已转交市住建局办理"
FORWARDING = re.compile(
    r"[已将现并]*(?:转交|转至|转给|转送|移交|转)[^，。；！？、,.;!?\s]{0,20}"
    r"(?:办理|处理|处置|核实|核查|调查|跟进|研究|答复)"
)


def check_text(text: str, *, field: str = "text") -> str:
    """文字: stripped, 1 to 20,000 characters, one of them visible, no NUL; else `Invalid`."""
    plain = visible(text).replace("\r\n", "\n").strip()
    if not plain:
        raise Invalid(_("请写明内容。"), field=field)
    if len(plain) > TEXT_LIMIT:
        raise Invalid(
            _("内容有 %(count)s 字，最多 20000 字，请分成几次或作为附件。") % {"count": len(plain)},
            field=field,
        )
    check_storable(plain, field=field)
    return plain


def check_optional(text: str, *, field: str = "text") -> str:
    """可不填的文字: empty, or like `check_text`."""
    return check_text(text, field=field) if visible(text) else ""


def check_storable(text: str, *, field: str) -> None:
    """可保存: no NUL and no half of a character; else `Invalid`."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Invalid(_("内容里有不能保存的控制字符，请删除后再提交。"), field=field)


def is_hollow(text: str, phrases: Sequence[str]) -> bool:
    """空话: nothing of substance is left without the phrases that say nothing."""
    rest = FORWARDING.sub("", text)
    for phrase in phrases:
        rest = rest.replace(phrase, "")
    characters = set(re.findall(r"[\u3400-\u9fff]", rest))
    words = {word.lower() for word in re.findall(r"[A-Za-z]{2,}", rest) if VOWEL.search(word)}
    return len(characters) < MIN_CHARACTERS and len(words) < MIN_WORDS


def check_answer(text: str, *, field: str = "answer") -> str:
    """答复文字: stripped; `Invalid` when empty or hollow."""
    plain = check_text(text, field=field)
    if is_hollow(plain, law.hollow_phrases()):
        raise Invalid(str(HOLLOW), field=field)
    return plain
