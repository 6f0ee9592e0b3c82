"""查找: over report, supplements, answers, address and number, within what a person may read.

A ticket is found by its words only where they may be read (`readable`), so that neither a hit nor
its absence tells anything of what may not; whatever is visible is found by its number. The newest
matches are taken, box by box of neighbouring ids, until there are enough: a word that stands in
every fifth ticket costs no more than a rare one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from common.errors import Invalid
from grids.models import Level, Person
from tickets import indexing, readable
from tickets.models import Participation
from tickets.models.queries import SEES_DIVISION, SEES_UNIT, TicketQuerySet
from tickets.tokens import Asked, asked
from tickets.words import WordsKind

CAP = 1000
LONGEST = 200
MOST_SCORED = 6
NUMBER = re.compile(r"(?:([0-9]{6})-)?([0-9]{8})(?:-([0-9]{0,8}))?")
OWN_KINDS = (WordsKind.REPORT, WordsKind.PLACE)
"""Of their own tickets elsewhere people find what they wrote, not what others added since."""

BOXES = """
WITH top AS MATERIALIZED (SELECT coalesce(max(id), 0) AS id FROM tickets_ticket),
box AS (
  SELECT '12.' || n AS name FROM top,
    generate_series(top.id >> 12, greatest((top.id >> 16) - 1, 0) << 4, -1) n
  UNION ALL
  SELECT '16.' || n FROM top,
    generate_series((top.id >> 16) - 2, greatest((top.id >> 20) - 1, 0) << 4, -1) n
  UNION ALL
  SELECT '20.' || n FROM top, generate_series((top.id >> 20) - 2, 0, -1) n
)
"""
"""Small boxes for the newest tickets, wider ones behind them (`tokens.LEVELS`)."""
WALK = """
SELECT seen.id, seen.words FROM box
CROSS JOIN LATERAL (
  SELECT array_agg(w.ticket_id) AS tickets, array_agg(w.id) AS words,
    array_agg(w.kind IN ('REPORT', 'PLACE')) AS first FROM tickets_words w
  WHERE w.tokens @@ (%s || ' & ''~' || box.name || '''')::tsquery
) hit
CROSS JOIN LATERAL (
  SELECT h.ticket AS id, array_agg(h.words) AS words
  FROM unnest(hit.tickets, hit.words, hit.first) h(ticket, words, first)
  CROSS JOIN LATERAL ({may_read}) may
  GROUP BY h.ticket ORDER BY h.ticket DESC
) seen
LIMIT %s
"""
OF_UNITS = """
SELECT h.ticket, array_agg(h.words) FROM (
  SELECT w.ticket_id AS ticket, w.id AS words, w.kind IN ('REPORT', 'PLACE') AS first
  FROM tickets_words w
  WHERE w.tokens @@ %s::tsquery AND w.ticket_id IN ({taken_part})
) h
CROSS JOIN LATERAL ({may_read}) may
GROUP BY h.ticket ORDER BY h.ticket DESC LIMIT %s
"""


@dataclass(frozen=True)
class Hit:
    """命中: a ticket, by its number or by one of its texts (0: by the number)."""

    ticket_id: int
    words_id: int = 0


@dataclass(frozen=True)
class Found:
    """结果: best first; `is_capped` when there are more than the newest 1,000."""

    hits: list[Hit]
    asked: Asked
    is_capped: bool = False

    @property
    def ids(self) -> list[int]:
        """工单: as `hits`."""
        return [hit.ticket_id for hit in self.hits]


def search(rows: TicketQuerySet, person: Person, question: str, *, at: datetime) -> Found:
    """查找: of `rows` (already those visible to the person), what the question asks for.

    At most three statements. Raises `Invalid` for a question nothing can be found by.
    """
    words = check(question)
    by_number = _numbered(rows, question)
    matches: dict[int, list[int]] = {}
    if words.tokens:
        for ticket_id, found in _matches(rows, person, words, at):
            matches.setdefault(ticket_id, []).extend(found)
    newest = sorted(matches, reverse=True)[:CAP]
    hits = [Hit(pk) for pk in by_number[:CAP]]
    known = set(by_number)
    texts = [(pk, words_id) for pk in newest for words_id in matches[pk]]
    hits += [hit for hit in _ranked(texts, words) if hit.ticket_id not in known]
    is_capped = len(matches) > CAP or len(by_number) > CAP
    return Found(hits[:CAP], words, is_capped)


def check(question: str) -> Asked:
    """检查: the question taken apart; `Invalid` says what is wrong with it."""
    if len(question) > LONGEST:
        raise Invalid(
            _("要找的内容最多 %(most)s 字，现在有 %(count)s 字，请删减。")
            % {"most": LONGEST, "count": len(question)},
            field="q",
        )
    words = asked(question)
    if words.tokens:
        return words
    if words.alone:
        raise Invalid(_("请至少输入两个相连的字，或一个完整的单词、编号。"), field="q")
    raise Invalid(_("请输入要找的文字；标点和符号不能查找。"), field="q")


def _matches(
    rows: TicketQuerySet, person: Person, words: Asked, at: datetime
) -> list[tuple[int, list[int]]]:
    query = " & ".join(f"'{token}'" for token in words.tokens)
    may_read, params = _may_read(rows, person, at)
    if not may_read:
        return []
    found: list[tuple[int, list[int]]] = []
    marks, units = _area(person, at), _units(person, at)
    with connection.cursor() as cursor:
        marked = f"({query}) & ({marks})" if marks else query
        sql = BOXES + WALK.format(may_read=may_read)
        cursor.execute(sql, [marked, *params, CAP + 1])
        found += cursor.fetchall()
        if units and marks:
            taken, more = _sql(Participation.objects.filter(unit__in=units).values("ticket_id"))
            sql = OF_UNITS.format(may_read=may_read, taken_part=taken)
            cursor.execute(sql, [query, *more, *params, CAP + 1])
            found += cursor.fetchall()
    return found


def _area(person: Person, at: datetime) -> str:
    """What narrows the walk to the person's places and own reports; empty for the district's."""
    marks = [indexing.person_mark(person.pk)]
    for post in person.posts_at(at):
        if post.kind in SEES_DIVISION and post.division is not None:
            if post.division.level == Level.DISTRICT:
                return ""
            marks += indexing.place_marks([post.division.pk])
    return " | ".join(f"'{mark}'" for mark in marks)


def _units(person: Person, at: datetime) -> set[int]:
    posts = person.posts_at(at)
    return {post.unit_id for post in posts if post.unit_id and post.kind in SEES_UNIT}


def _may_read(rows: TicketQuerySet, person: Person, at: datetime) -> tuple[str, Sequence[Any]]:
    """One row for a ticket `h` whose text may be read, else none."""
    own = readable.own(person, at=at) & Q(pk__in=RawSQL("CASE WHEN h.first THEN h.ticket END", ()))
    mine = rows.filter(readable.inside(person, at=at) | own)
    try:
        return _sql(mine.filter(pk=RawSQL("h.ticket", ())).order_by().values("pk"))
    except EmptyResultSet:
        return "", ()


def _numbered(rows: TicketQuerySet, question: str) -> list[int]:
    """By the number or its beginning, from the day on; the district's code may be left out."""
    match = NUMBER.fullmatch(question.strip())
    if match is None:
        return []
    district, day, rest = match.groups()
    start = f"{district or settings.HUBIN_DISTRICT[:6]}-{day}"
    start += "" if rest is None else f"-{rest}"
    # ":" follows the digits and the hyphen
    found = rows.filter(number__gte=start, number__lt=f"{start}:").order_by("-number")
    return list(found.values_list("pk", flat=True)[: CAP + 1])


def _ranked(texts: list[tuple[int, int]], words: Asked) -> list[Hit]:
    """Texts that hold every piece as it was typed come first, then dense ones, then new ones."""
    if not texts:
        return []
    pieces = words.pieces[:MOST_SCORED]
    counts = ", ".join(
        "(length(t.text) - length(replace(t.text, %s, ''))) / length(%s)" for _piece in pieces
    )
    sql = (
        f"SELECT t.id, t.size, ARRAY[{counts}] FROM (SELECT id, lower(text) AS text,"
        " length(text) AS size FROM tickets_words WHERE id = ANY(%s)) t"
    )
    params = [piece for piece in pieces for _twice in range(2)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, [words_id for _pk, words_id in texts]])
        scores = {pk: _score(size, found) for pk, size, found in cursor.fetchall()}
    best: dict[int, tuple[float, int]] = {}
    for place, (ticket_id, words_id) in enumerate(texts):
        score = scores.get(words_id, 0.0) - place / len(texts)
        best[ticket_id] = max(best.get(ticket_id, (-9.0, 0)), (score, words_id))
    order = sorted(best, key=lambda pk: (-best[pk][0], -pk))
    return [Hit(pk, best[pk][1]) for pk in order]


def _score(size: int, found: list[int]) -> float:
    typed = sum(count > 0 for count in found) / len(found)
    return 3 * typed + min(1.0, 20 * sum(found) / (size + 40))


def _sql(rows: Any) -> tuple[str, Sequence[Any]]:
    return rows.query.sql_with_params()  # type: ignore[no-any-return]
