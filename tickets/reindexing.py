"""补查找件: for tickets that have none yet, or for all after a change of the rules."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from common.errors import Impossible
from tickets.indexing import SEARCHED, document
from tickets.models import Findable, Participation, Ticket, Words
from tickets.words import WordsKind

BATCH = 200
MEMORY = "512MB"
"""What one build of the index may use: with PostgreSQL's 64 MB it takes six times as long."""
WRITE = """
INSERT INTO tickets_findable (ticket_id, tokens) VALUES (%s, array_to_tsvector(%s::text[]))
ON CONFLICT (ticket_id) DO UPDATE SET tokens = EXCLUDED.tokens
"""


def reindex(*, is_all: bool = False) -> Iterator[int]:
    """分批: yields how many tickets each batch filled; may be broken off and run again at any time.

    Each batch is a transaction of its own and locks its tickets, so that what is said meanwhile
    comes after it. What was erased stays away.
    """
    wanted = _wanted(is_all=is_all)
    last = 0
    while batch := list(wanted.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        last = batch[-1]
        with transaction.atomic():
            _fill(list(wanted.filter(pk__in=batch).select_for_update(no_key=True)))
        yield len(batch)


@transaction.atomic
def build_index() -> None:
    """建索引: from nothing, in a fraction of the time that filling it row by row takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [MEMORY])
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS findable_tokens ON tickets_findable"
            " USING gin (tokens) WITH (fastupdate = off)"
        )


def drop_index() -> None:
    """去索引: while it is away, searches read every row. Only its owner may: else `Impossible`."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("DROP INDEX IF EXISTS findable_tokens")
        except DatabaseError as error:
            if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
                raise
            raise Impossible(
                _(
                    "数据库角色 %(role)s 不是索引的所有者，不能去掉它。"
                    "请用 ./hubinctl manage 运行，或把 DATABASE_URL 设为所有者的地址；"
                    "也可以不加 --offline。"
                )
                % {"role": connection.settings_dict["USER"]}
            ) from None


@contextmanager
def without_index() -> Iterator[None]:
    """暂去索引: it is there again afterwards, also when what is done meanwhile is broken off."""
    drop_index()
    try:
        yield
    finally:
        build_index()


def _wanted(*, is_all: bool) -> QuerySet[Ticket]:
    """Tickets with something to be found by; unless `is_all` only those that are not yet."""
    mine = {"ticket": OuterRef("pk")}
    said = Words.objects.filter(kind=WordsKind.REPORT, **mine).exclude(salt="")
    rows = Ticket.objects.filter(Exists(said)).order_by("pk")
    return rows if is_all else rows.exclude(Exists(Findable.objects.filter(**mine)))


def _fill(tickets: Sequence[Ticket]) -> None:
    ids = [ticket.pk for ticket in tickets]
    said: dict[int, list[tuple[str, str]]] = defaultdict(list)
    words = Words.objects.filter(ticket__in=ids, kind__in={*SEARCHED, WordsKind.PLACE})
    for pk, kind, text in words.values_list("ticket", "kind", "text"):
        said[pk].append((kind, text))
    units: dict[int, set[int]] = defaultdict(set)
    for pk, unit in Participation.objects.filter(ticket__in=ids).values_list("ticket", "unit"):
        units[pk].add(unit)
    rows = [
        (ticket.pk, sorted(document(ticket, said[ticket.pk], units[ticket.pk])))
        for ticket in tickets
    ]
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, rows)
