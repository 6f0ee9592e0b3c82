"""What people write: length, control characters, and what counts as an answer (DESIGN §3.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
PLACEHOLDER = re.compile(r"\{(?:number|category|place|unit|due|result)\}")
"""Of a standard answer: to be filled in before anything is sent."""
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


@dataclass(frozen=True)
class Hollowness:
    """空话检查: what of an answer counts; `crossed` are spans of it that say nothing."""

    is_hollow: bool
    crossed: tuple[tuple[int, int], ...]
    characters: int
    words: int


def is_hollow(text: str, phrases: Sequence[str]) -> bool:
    """空话: nothing of substance is left without the phrases that say nothing."""
    return hollowness(text, phrases).is_hollow


def hollowness(text: str, phrases: Sequence[str]) -> Hollowness:
    """空话检查: how much is left, and what was taken out."""
    kept = list(range(len(text)))
    rest = _without(text, kept, [match.span() for match in FORWARDING.finditer(text)])
    for phrase in phrases:
        rest = _without(rest, kept, _places(rest, phrase))
    characters = set(re.findall(r"[\u3400-\u9fff]", rest))
    words = {word.lower() for word in re.findall(r"[A-Za-z]{2,}", rest) if VOWEL.search(word)}
    is_empty = len(characters) < MIN_CHARACTERS and len(words) < MIN_WORDS
    return Hollowness(is_empty, _gaps(kept, len(text)), len(characters), len(words))


def _places(text: str, phrase: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(re.escape(phrase), text)] if phrase else []


def _without(text: str, kept: list[int], spans: Sequence[tuple[int, int]]) -> str:
    """The rest; `kept` loses what stood there."""
    edges = [(0, 0), *spans, (len(text), len(text))]
    rest = [(one[1], other[0]) for one, other in pairwise(edges)]
    kept[:] = [place for start, end in rest for place in kept[start:end]]
    return "".join(text[start:end] for start, end in rest)


def _gaps(kept: Sequence[int], length: int) -> tuple[tuple[int, int], ...]:
    edges = [-1, *kept, length]
    return tuple((one + 1, other) for one, other in pairwise(edges) if other > one + 1)


def check_filled(text: str, *, field: str) -> str:
    """填好的: no gap of a standard answer is left open; else `Invalid`."""
    if gap := PLACEHOLDER.search(text):
        raise Invalid(_("“%(gap)s”还没有填上，请改成实际内容。") % {"gap": gap[0]}, field=field)
    return text


def check_answer(text: str, *, field: str = "answer") -> str:
    """答复文字: stripped; `Invalid` when empty or hollow."""
    plain = check_filled(check_text(text, field=field), field=field)
    if is_hollow(plain, law.hollow_phrases()):
        raise Invalid(str(HOLLOW), field=field)
    return plain
