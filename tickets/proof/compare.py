"""Rows against what the record says of them: missing, altered, added. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tickets.proof.facts import Breach, row
from tickets.record import plain

Key = int | str


class Said(NamedTuple):
    """应有: the row that an event wrote, and the values that the record gives it."""

    seq: int
    values: dict[str, Any]


def compare(
    number: str, what: object, wanted: Mapping[Key, Said], found: Mapping[Key, Any]
) -> Iterator[Breach]:
    """对照: every row of one kind beside one ticket."""
    for key, said in wanted.items():
        facts = found.get(key)
        if facts is None:
            yield Breach(
                row(number, said.seq),
                _("%(what)s %(key)s 不见了，记录里有") % {"what": what, "key": key},
            )
            continue
        for name, value in said.values.items():
            stands = plain(getattr(facts, name))
            if stands != value:
                yield Breach(
                    row(number, said.seq),
                    _("%(what)s %(key)s 的 %(field)s 是 %(value)s，记录的是 %(wanted)s")
                    % {"what": what, "key": key, "field": name, "value": _say(stands),
                       "wanted": _say(value)},
                )  # fmt: skip
    for key in sorted(found.keys() - wanted.keys(), key=str):
        yield Breach(number, _("%(what)s %(key)s 没有记录") % {"what": what, "key": key})


def by_pk(rows: Sequence[Any]) -> dict[Key, Any]:
    """按主键."""
    return {facts.pk: facts for facts in rows}


def _say(value: Any) -> str:
    return "-" if value is None else str(value)
