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
from tickets.models.queries import SEES_DIVISION, SEES_UNIT, TicketQuerySet
from tickets.tokens import Asked, asked

CAP = 1000
LONGEST = 200
NUMBER = re.compile(r"(?:([0-9]{6})-)?([0-9]{8})(?:-([0-9]{0,8}))?")

BOXES = """
WITH top AS MATERIALIZED (SELECT coalesce(max(id), 0) AS id FROM tickets_ticket),
box AS (
  (SELECT '12.' || n AS name FROM top,
    generate_series(top.id >> 12, greatest((top.id >> 16) - 1, 0) << 4, -1) n LIMIT 32)
  UNION ALL
  (SELECT '16.' || n FROM top,
    generate_series((top.id >> 16) - 2, greatest((top.id >> 20) - 1, 0) << 4, -1) n LIMIT 32)
  UNION ALL
  (SELECT '20.' || n FROM top, generate_series((top.id >> 20) - 2, 0, -1) n LIMIT 64)
)
"""
"""Small boxes for the newest tickets, wider ones behind them (`tokens.LEVELS`).

There are never more than the limits; they tell the planner that this is a small job.
"""
WALK = """
SELECT seen.id, seen.words FROM box
CROSS JOIN LATERAL (
  SELECT {columns} FROM tickets_words w
  WHERE {has_all} AND w.tokens @@ quote_literal('~' || box.name)::tsquery
) hit
CROSS JOIN LATERAL (
  SELECT h.ticket AS id, array_agg(h.words) AS words
  FROM unnest(hit.tickets, hit.words, hit.first) h(ticket, words, first)
  CROSS JOIN LATERAL ({may_read}) may
  GROUP BY h.ticket ORDER BY h.ticket DESC
) seen
LIMIT %s
"""
NEAR = """
SELECT h.ticket, array_agg(h.words) FROM (
  SELECT {columns} FROM tickets_words w WHERE {has_all} AND w.ticket_id IN ({near})
) hit
CROSS JOIN LATERAL unnest(hit.tickets, hit.words, hit.first) h(ticket, words, first)
CROSS JOIN LATERAL ({may_read}) may
GROUP BY h.ticket ORDER BY h.ticket DESC LIMIT %s
"""
NEARBY = """
SELECT ticket_id FROM tickets_participation WHERE unit_id = ANY(%s)
UNION SELECT id FROM tickets_ticket WHERE reporter_person_id = %s
UNION SELECT id FROM tickets_ticket WHERE reported_by_id = %s AND NOT is_on_behalf
"""
"""What those without an area may know of: where their unit took part, and their own."""
# arrays, so that the tickets are looked up one by one and the table is never read as a whole
# `first`: of their own tickets elsewhere people find what they wrote, not what was added since
COLUMNS = """array_agg(w.ticket_id) AS tickets, array_agg(w.id) AS words,
  array_agg(w.kind IN ('REPORT', 'PLACE')) AS first"""


@dataclass(frozen=True)
class Hit:
    """命中: a ticket, by its number or by one of its texts, which is empty for the number."""

    ticket_id: int
    text: str = ""


@dataclass(frozen=True)
class Found:
    """结果: best first; `is_capped` when there are more than the newest 1,000."""

    hits: list[Hit]
    asked: Asked
    is_capped: bool

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
    texts = [(pk, words_id) for pk in newest for words_id in matches[pk] if pk not in by_number]
    hits += _ranked(texts, words) if texts else []
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
    query = [f"'{token}'" for token in words.tokens]
    may_read, params = _may_read(rows, person, at)
    if not may_read:
        return []
    area, units = _area(person, at), _units(person, at)
    found: list[tuple[int, list[int]]] = []
    with connection.cursor() as cursor:
        if area:
            needed = [*query, *area[1:]]
            cursor.execute(
                BOXES + WALK.format(columns=COLUMNS, may_read=may_read, has_all=_has_all(needed)),
                [*needed, *params, CAP + 1],
            )
            found += cursor.fetchall()
        if units or not area:
            near: list[Any] = [list(units), person.pk, person.pk]
            cursor.execute(
                NEAR.format(
                    columns=COLUMNS, may_read=may_read, near=NEARBY, has_all=_has_all(query)
                ),
                [*query, *near, *params, CAP + 1],
            )
            found += cursor.fetchall()
    return found


def _area(person: Person, at: datetime) -> list[str]:
    """区域: empty for who has none; else its name and, short of the district, the marks of it."""
    places = [
        post.division
        for post in person.posts_at(at)
        if post.kind in SEES_DIVISION and post.division is not None
    ]
    if not places:
        return []
    if any(place.level == Level.DISTRICT for place in places):
        return ["district"]
    marks = indexing.place_marks(place.pk for place in places)
    marks.append(indexing.person_mark(person.pk))
    return ["places", " | ".join(f"'{mark}'" for mark in marks)]


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


def whole_number(short: str) -> str:
    """全编号: the district's code may be left out."""
    return f"{settings.HUBIN_DISTRICT[:6]}-{short}"


def _numbered(rows: TicketQuerySet, question: str) -> list[int]:
    """By the number or its beginning, from the day on; the district's code may be left out."""
    match = NUMBER.fullmatch(question.strip())
    if match is None:
        return []
    district, day, rest = match.groups()
    start = f"{district}-{day}" if district else whole_number(day)
    start += "" if rest is None else f"-{rest}"
    # ":" follows the digits and the hyphen
    found = rows.filter(number__gte=start, number__lt=f"{start}:").order_by("-number")
    return list(found.values_list("pk", flat=True)[: CAP + 1])


def _ranked(found: list[tuple[int, int]], words: Asked) -> list[Hit]:
    """Texts that hold every piece as it was typed come first, then dense ones, then new ones."""
    with connection.cursor() as cursor:
        ids = [words_id for _pk, words_id in found]
        cursor.execute("SELECT id, text FROM tickets_words WHERE id = ANY(%s)", [ids])
        texts = dict(cursor.fetchall())
    best: dict[int, tuple[float, str]] = {}
    for place, (ticket_id, words_id) in enumerate(found):
        text = texts.get(words_id, "")
        score = _score(text, words.pieces) - place / len(found)
        best[ticket_id] = max(best.get(ticket_id, (-1.0, "")), (score, text))
    order = sorted(best, key=lambda pk: (-best[pk][0], -pk))
    return [Hit(pk, best[pk][1]) for pk in order]


def _score(text: str, pieces: Sequence[str]) -> float:
    said = text.casefold()
    found = [said.count(piece) for piece in pieces]
    typed = sum(count > 0 for count in found) / len(found)
    return 3 * typed + min(1.0, 20 * sum(found) / (len(text) + 40))


def _has_all(queries: Sequence[str]) -> str:
    # one condition each: the index then leaps from one to the next instead of walking through all
    return " AND ".join("w.tokens @@ %s::tsquery" for _query in queries)


def _sql(rows: Any) -> tuple[str, Sequence[Any]]:
    return rows.query.sql_with_params()
