"""查找: over report, supplements, answers, address and number, within what a person may read.

A ticket is found by its words only where they may be read (`readable`), so that neither a hit nor
its absence tells anything of what may not; whatever is visible is found by its number. The newest
matches are taken, box by box of neighbouring ids, until there are enough: a word that stands in
every fifth ticket costs no more than a rare one, and a unit's search no more than a desk's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from common.errors import Invalid
from grids.models import Level, Person
from tickets import indexing, ranking, readable
from tickets.models.queries import TicketQuerySet
from tickets.models.ways import SEES_DIVISION, SEES_UNIT
from tickets.ranking import Hit, Match
from tickets.tokens import Asked, asked
from tickets.walks import Walk

CAP = 1000
LOOKED_AT = 5000
"""So many matches are looked at, at most, for those that a list's other conditions let through."""
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
SELECT h.nth, may.id, may.place, may.is_own FROM (
  SELECT hit.id, row_number() OVER () AS nth FROM box CROSS JOIN LATERAL (
    SELECT f.ticket_id AS id FROM tickets_findable f
    WHERE {has_all} AND f.tokens @@ quote_literal('~' || box.name)::tsquery
    ORDER BY f.ticket_id DESC
  ) hit LIMIT %s
) h LEFT JOIN LATERAL ({may_read} OFFSET 0) may(id, place, is_own) ON true
WHERE may.id IS NOT NULL OR h.nth = %s
LIMIT %s
"""
# OFFSET 0 keeps it apart: the tickets are looked up one by one, the table is never read as a whole


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
    matches, is_capped = _matches(rows, person, words, at)
    hits = [Hit(pk) for pk in by_number[:CAP]]
    hits += ranking.ranked([one for one in matches if one.ticket_id not in by_number], words)
    return Found(hits[:CAP], words, is_capped or len(by_number) > CAP)


def within(rows: Walk, person: Person, question: str, *, at: datetime) -> tuple[Walk, bool]:
    """筛选: those of a list that the question finds, in the list's own order; are there more?

    Without a question the list itself.
    """
    if not question:
        return rows, False
    found = search(rows.rows(), person, question, at=at)
    return rows.among(found.ids), found.is_capped


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
) -> tuple[list[Match], bool]:
    """The newest tickets; and are there more?"""
    may_read, params = _may_read(rows, person, at)
    if not may_read or not words.tokens:
        return [], False
    needed = [f"'{token}'" for token in words.tokens] + _reach(person, at)
    sql = BOXES + WALK.format(has_all=_has_all(needed), may_read=may_read)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*needed, LOOKED_AT + 1, *params, LOOKED_AT + 1, CAP + 1])
        found = cursor.fetchall()
    matches = [Match(*row) for nth, *row in found if nth <= LOOKED_AT]
    return matches[:CAP], len(matches) > CAP or len(matches) < len(found)


def _reach(person: Person, at: datetime) -> list[str]:
    """范围: the marks one of which a ticket must bear; none for who sees the whole district.

    They only narrow; `visible_to` and `readable` decide.
    """
    posts = person.posts_at(at)
    places = [post.division for post in posts if post.kind in SEES_DIVISION and post.division]
    if any(place.level == Level.DISTRICT for place in places):
        return []
    marks = {indexing.person_mark(person.pk), *(indexing.place_mark(one.pk) for one in places)}
    units = {post.unit_id for post in posts if post.unit_id and post.kind in SEES_UNIT}
    marks |= {indexing.unit_mark(unit) for unit in units}
    return [" | ".join(f"'{mark}'" for mark in sorted(marks))]


def _may_read(rows: TicketQuerySet, person: Person, at: datetime) -> tuple[str, Sequence[Any]]:
    """One row for a ticket `h` whose texts, or at least the first ones, may be read; else none."""
    own = readable.own(person, at=at)
    mine = rows.filter(readable.inside(person, at=at) | own)
    is_own = ExpressionWrapper(own, output_field=BooleanField())
    place = Concat("number", Value(" "), "address")
    one = mine.filter(pk=RawSQL("h.id", ())).annotate(place=place, is_own=is_own)
    try:
        return _sql(one.order_by().values("pk", "place", "is_own"))
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


def _has_all(queries: Sequence[str]) -> str:
    # one condition each: the index then leaps from one to the next instead of walking through all
    return " AND ".join("f.tokens @@ %s::tsquery" for _query in queries)


def _sql(rows: Any) -> tuple[str, Sequence[Any]]:
    return rows.query.sql_with_params()
