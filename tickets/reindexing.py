"""补词元: for texts written before they were looked for, or by other rules of taking apart."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Q

from tickets.indexing import MOVES_PLACE, SEARCHED, tokens_of
from tickets.models import Words
from tickets.words import WordsKind

BATCH = 500


def reindex(*, is_all: bool = False) -> Iterator[int]:
    """分批: yields how many texts each batch filled; may be broken off and run again at any time.

    Each batch is a transaction of its own. What was erased meanwhile stays empty.
    """
    found = Q(kind__in=SEARCHED - {WordsKind.PLACE})
    found |= Q(kind=WordsKind.PLACE, event__verb__in=MOVES_PLACE)
    rows = Words.objects.filter(found).exclude(salt="")
    rows = rows if is_all else rows.filter(tokens=None)
    last = 0
    while batch := list(
        rows.filter(pk__gt=last).order_by("pk").select_related("ticket", "event")[:BATCH]
    ):
        last = batch[-1].pk
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE tickets_words SET tokens = array_to_tsvector(%s::text[])"
                " WHERE id = %s AND salt <> ''",
                [(sorted(_tokens(row)), row.pk) for row in batch],
            )
        yield len(batch)


def _tokens(row: Words) -> set[str]:
    return tokens_of(row.ticket, row.event.verb, row.kind, row.text) or set()
