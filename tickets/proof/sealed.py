"""Do the seals hang together, and are the heads they sealed still in the record?"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from tickets.models import Seal
from tickets.proof.facts import Breach, Tally
from tickets.record import seal_hash

HEAD = re.compile(r"(\S+) (\d{1,18}) (\S+)")
HEADS = """
SELECT s.number, s.seq, t.id, e.hash
FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS s(number, seq, hash)
LEFT JOIN tickets_ticket t ON t.number = s.number
LEFT JOIN tickets_event e ON e.ticket_id = t.id AND e.seq = s.seq
WHERE e.hash IS DISTINCT FROM s.hash
ORDER BY s.number, s.seq
"""
LAST = """
WITH sealed AS (
  SELECT split_part(line, ' ', 1) AS number, max(split_part(line, ' ', 2)::bigint) AS seq
  FROM tickets_seal, regexp_split_to_table(heads, E'\\n') AS line
  WHERE line ~ '^\\S+ \\d{1,18} \\S+$' GROUP BY 1
)
SELECT t.number, t.sealed_seq, coalesce(s.seq, 0)
FROM tickets_ticket t LEFT JOIN sealed s USING (number)
WHERE t.sealed_seq <> coalesce(s.seq, 0) ORDER BY t.id
"""


class SealFacts(NamedTuple):
    """封存: one link, out of the table or out of the file."""

    pk: int
    at: datetime
    tickets: int
    heads: str
    prev_hash: str
    hash: str


def rows() -> Iterator[SealFacts]:
    """Every link of the table, oldest first, a few at a time."""
    found = Seal.objects.order_by("pk").values_list(
        "pk", "at", "ticket_count", "heads", "prev_hash", "hash"
    )
    for values in found.iterator(chunk_size=20):
        yield SealFacts(*values)


def check(tally: Tally) -> Iterator[Breach]:
    """封存链: links, hashes, counts, heads; and nothing sealed without a seal."""
    prev = ""
    for seal in rows():
        tally.seals += 1
        yield from check_link(f"seal {seal.pk}", seal, prev)
        if seal.tickets > tally.tickets:
            yield Breach(
                f"seal {seal.pk}",
                _("封存时有 %(then)s 张工单，现在只有 %(now)s 张：工单被删除")
                % {"then": seal.tickets, "now": tally.tickets},
            )
        yield from check_heads(f"seal {seal.pk}", seal.heads.splitlines())
        prev = seal.hash
    yield from _unsealed()


def check_link(where: str, seal: SealFacts, prev: str) -> Iterator[Breach]:
    """一环: its own hash, and the link to the one before."""
    if seal.prev_hash != prev:
        yield Breach(where, _("前摘要与上一封存不符：封存链断开"))
    wanted = seal_hash(prev=seal.prev_hash, at=seal.at, count=seal.tickets, heads=seal.heads)
    if wanted != seal.hash:
        yield Breach(where, _("封存内容与摘要不符"))


def check_heads(where: str, heads: Sequence[str]) -> Iterator[Breach]:
    """链首: every sealed head is an event of that ticket. One statement a seal."""
    matches = [HEAD.fullmatch(line) for line in heads]
    known = [match for match in matches if match is not None]
    if len(known) < len(matches):
        yield Breach(where, _("链首的写法不对，应为“编号 序号 摘要”"))
    columns = ([m[1] for m in known], [int(m[2]) for m in known], [m[3] for m in known])
    with connection.cursor() as cursor:
        cursor.execute(HEADS, columns)
        found = cursor.fetchall()
    for number, seq, ticket_id, hash_now in found:
        yield Breach(f"{number} #{seq}", _lost(where, ticket_id, hash_now))


def _lost(where: str, ticket_id: int | None, hash_now: str | None) -> str:
    if ticket_id is None:
        return _("%(where)s 封存过这张工单，现在没有了：被删除") % {"where": where}
    if hash_now is None:
        return _("%(where)s 封存过这条记录，现在没有了：链尾被截断") % {"where": where}
    return _("%(where)s 封存的摘要与现在的不同：链被重算过") % {"where": where}


def _unsealed() -> Iterator[Breach]:
    with connection.cursor() as cursor:
        cursor.execute(LAST)
        found = cursor.fetchall()
    for number, claimed, sealed in found:
        yield Breach(
            number,
            _("工单称已封存到第 %(claimed)s 条，封存只到第 %(sealed)s 条：封存被删除或改写")
            % {"claimed": claimed, "sealed": sealed},
        )
