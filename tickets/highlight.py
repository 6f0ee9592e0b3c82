"""What of a text is shown for a question: a piece of it, with what was asked for marked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tickets.tokens import Asked, plain

AROUND = 80
BEFORE = 20


@dataclass(frozen=True)
class Part:
    """片段: plain text, to be escaped by whoever shows it."""

    text: str
    is_hit: bool = False


def snippets(texts: Sequence[str], words: Asked) -> list[Part]:
    """摘录: of each text one after the other."""
    parts = snippet(texts[0], words)
    for text in texts[1:]:
        parts += [Part(" ｜ "), *snippet(text, words)]
    return parts


def snippet(text: str, words: Asked) -> list[Part]:
    """摘录: about eighty characters around the first place where something asked for stands."""
    flat = " ".join(text.split())
    spans = _spans(flat, words)
    start = max(0, spans[0][0] - BEFORE) if spans else 0
    if len(flat) - start < AROUND:
        start = max(0, len(flat) - AROUND)
    end = min(len(flat), start + AROUND)
    parts = [Part("…")] if start else []
    parts += _cut(flat, spans, start, end)
    return [*parts, Part("…")] if end < len(flat) else parts


def marked(text: str, words: Asked) -> list[Part]:
    """标出: the whole of it."""
    return _cut(text, _spans(text, words), 0, len(text))


def _cut(text: str, spans: list[tuple[int, int]], start: int, end: int) -> list[Part]:
    parts, at = [], start
    for first, last in spans:
        first, last = max(first, at), min(last, end)
        if first >= last:
            continue
        parts += [Part(text[at:first])] if first > at else []
        parts.append(Part(text[first:last], is_hit=True))
        at = last
    return [*parts, Part(text[at:end])] if at < end else parts


def _spans(text: str, words: Asked) -> list[tuple[int, int]]:
    """Where the pieces stand as they were typed; else where their tokens do."""
    said, places = _folded(text)
    wanted = [piece for piece in words.pieces if piece in said] or list(words.tokens)
    found = set()
    for piece in wanted:
        at = said.find(piece)
        while at >= 0:
            found.add((places[at], places[at + len(piece) - 1] + 1))
            at = said.find(piece, at + len(piece))
    return sorted(found)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters where it comes from."""
    said: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = plain(char)
        said.append(folded)
        places += [place] * len(folded)
    return "".join(said), places
