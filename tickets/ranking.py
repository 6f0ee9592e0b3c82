"""排序: of the tickets that were found, which come first, and by which of their texts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from tickets.indexing import SEARCHED
from tickets.tokens import Asked, tokens
from tickets.words import WordsKind

TEXTS = """
SELECT ticket_id, kind, text FROM tickets_words
WHERE ticket_id = ANY(%s) AND kind = ANY(%s) AND salt <> '' ORDER BY id
"""
SHOWN = 3
"""So many texts of a ticket are shown, where one alone does not hold all that was asked for."""


@dataclass(frozen=True)
class Match:
    """匹配: a ticket that may be read, all of it or (`is_own`) only what its reporter wrote first.

    `place` is its number and address.
    """

    ticket_id: int
    place: str
    is_own: bool


@dataclass(frozen=True)
class Hit:
    """命中: a ticket, by its number or by its texts: the best ones first, none for the number."""

    ticket_id: int
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Said:
    kind: str
    text: str


def ranked(matches: Sequence[Match], words: Asked) -> list[Hit]:
    """排序: those that hold every piece as it was typed come first, then dense ones, then new ones.

    One statement, for the texts of all of them; none without matches.
    """
    if not matches:
        return []
    texts = _texts(matches)
    found: list[tuple[float, int, Hit]] = []
    for place, match in enumerate(matches):
        said = texts[match.ticket_id]
        if match.is_own and not _is_in_first(match, said, words):
            continue
        shown = [one.text for one in said if one.kind != WordsKind.PLACE]
        score, kept = _weighed(shown[:1] if match.is_own else shown, match.place, words.pieces)
        hit = Hit(match.ticket_id, kept)
        found.append((score - place / len(matches), match.ticket_id, hit))
    found.sort(key=lambda one: (-one[0], -one[1]))
    return [hit for _score, _pk, hit in found]


def _texts(matches: Sequence[Match]) -> dict[int, list[_Said]]:
    kinds = set(SEARCHED)
    if any(match.is_own for match in matches):
        kinds.add(WordsKind.PLACE)
    texts: dict[int, list[_Said]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, [[match.ticket_id for match in matches], list(kinds)])
        for ticket_id, kind, text in cursor.fetchall():
            texts[ticket_id].append(_Said(kind, text))
    return texts


def _is_in_first(match: Match, said: Iterable[_Said], words: Asked) -> bool:
    """Of their own tickets elsewhere people find what they wrote, not what was added since."""
    found = tokens(match.place)
    for one in said:
        if one.kind == WordsKind.REPORT:
            found |= tokens(one.text)
        elif one.kind == WordsKind.PLACE:
            found |= tokens(one.text.partition("|")[2])
    return found >= set(words.tokens)


def _weighed(
    texts: Sequence[str], place: str, pieces: Sequence[str]
) -> tuple[float, tuple[str, ...]]:
    """Pieces as they were typed: in one text best, then in several, number and address included.

    With the texts that show them: the best one, and those that say what it does not.
    """
    folded = [text.casefold() for text in texts]
    said = [{piece for piece in pieces if piece in text} for text in folded]
    dense = [_density(text, pieces) for text in folded]
    order = sorted(range(len(texts)), key=lambda nth: (-len(said[nth]), -dense[nth]))
    in_all: set[str] = set()
    kept: list[str] = []
    for nth in order:
        if len(kept) < SHOWN and (not kept or said[nth] - in_all):
            kept.append(texts[nth])
        in_all |= said[nth]
    held = place.casefold()
    typed = len(in_all | {piece for piece in pieces if piece in held})
    if not kept:
        return 3 * typed / len(pieces), ()
    best = order[0]
    return (3 * typed + len(said[best])) / len(pieces) + dense[best], tuple(kept)


def _density(text: str, pieces: Sequence[str]) -> float:
    return min(1.0, 20 * sum(text.count(piece) for piece in pieces) / (len(text) + 40))
