"""What a text is found by: pairs of neighbouring characters and whole words. Pure.

Chinese is written without spaces, and splitting it by a dictionary splits our terms wrongly; every
two neighbouring characters are kept instead, so that any piece of two or more is found. A run of
letters or digits is one word, and is paired with the character it touches: 12号楼 gives 12, 2号
and 号楼.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

LONGEST_WORD = 64
WIDE = "\u2e80"
"""From here on writing has no spaces between words (Han, kana, hangul)."""
LATIN = "[^\\W_\u2e80-\U0010ffff]"
GAP = re.compile(rf"(?<={LATIN}) +(?=[\u2e80-\U0010ffff])|(?<=[\u2e80-\U0010ffff]) +(?={LATIN})")
"""Some write 12 号楼, some 12号楼."""
LEVELS = (12, 16, 20)
"""Tickets are searched in boxes of 2^n neighbouring ids, the newest box first."""


@dataclass(frozen=True)
class Asked:
    """要找的: what each piece of a question is found by; `alone` are single characters."""

    pieces: tuple[str, ...]
    tokens: tuple[str, ...]
    alone: tuple[str, ...]


def plain(text: str) -> str:
    """归一: full-width and half-width forms, ligatures and case become the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def tokens(text: str) -> set[str]:
    """词元: everything this text is found by."""
    found: set[str] = set()
    for piece in _pieces(GAP.sub("", plain(text))):
        runs = list(_runs(piece))
        found.update(run[:LONGEST_WORD] for run in runs if run[0] < WIDE)
        for run in runs:
            if run[0] >= WIDE:
                found.update(left + right for left, right in pairwise(run))
        found.update(left[-1] + right[0] for left, right in pairwise(runs))
    return found


def asked(question: str) -> Asked:
    """提问: the tokens all of which a text must have."""
    pieces = list(dict.fromkeys(_pieces(plain(question))))
    needed: list[str] = []
    alone: list[str] = []
    for piece in pieces:
        found = list(_needed(piece))
        needed += found
        alone += [] if found else [piece]
    kept = tuple(piece for piece in pieces if piece not in alone)
    return Asked(kept, tuple(dict.fromkeys(needed)), tuple(alone))


def boxes(ticket_id: int) -> list[str]:
    """格: the boxes a ticket lies in, one of each size; no text can hold such a token."""
    return [f"~{level}.{ticket_id >> level}" for level in LEVELS]


def _needed(piece: str) -> Iterator[str]:
    runs = list(_runs(piece))
    for run in runs:
        if run[0] >= WIDE:
            yield from (left + right for left, right in pairwise(run))
        elif len(run) > 1:
            yield run[:LONGEST_WORD]
    # a single letter or digit beside a character may be the end of a longer word
    yield from (left[-1] + right[0] for left, right in pairwise(runs))


def _pieces(text: str) -> Iterator[str]:
    for is_word, group in groupby(text, _is_written):
        if is_word:
            yield "".join(group)


def _runs(piece: str) -> Iterator[str]:
    for _wide, group in groupby(piece, lambda char: char >= WIDE):
        yield "".join(group)


ASCII = re.compile(r"[0-9a-z]")


def _is_written(char: str) -> bool:
    if char < "\x80":
        return ASCII.match(char) is not None
    return char.isalnum() or unicodedata.category(char)[0] == "M"
