"""Are the rows beside a ticket what its events say, and is none missing or added? Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tickets.deadlines import NEW_CYCLE
from tickets.models import Rating
from tickets.proof.facts import Beside, Breach, EventFacts, RatingFacts, row
from tickets.record import plain

Key = int | str


class Said(NamedTuple):
    """应有: the row that an event wrote, and the values that the record gives it."""

    seq: int
    values: dict[str, Any]


def check(number: str, events: Sequence[EventFacts], rows: Beside) -> Iterator[Breach]:
    """旁列的行: every one is accounted for."""
    wanted = dict(_ratings(events, rows.ratings))
    yield from compare(number, Rating._meta.verbose_name, wanted, _by_pk(rows.ratings))


def compare(
    number: str, what: object, wanted: Mapping[Key, Said], found: Mapping[Key, Any]
) -> Iterator[Breach]:
    """对照: missing, altered, added."""
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
    for key in found.keys() - wanted.keys():
        yield Breach(number, _("%(what)s %(key)s 没有记录") % {"what": what, "key": key})


def _ratings(
    events: Sequence[EventFacts], ratings: Sequence[RatingFacts]
) -> Iterator[tuple[Key, Said]]:
    """评价: older events do not name their row; those follow each other as the rows do."""
    named = [event.value("rating") for event in events]
    unnamed = iter([facts.pk for facts in ratings if facts.pk not in named])
    cycle = 1
    for event in events:
        cycle += event.verb in NEW_CYCLE
        if event.verb != "rate":
            continue
        pk = event.value("rating")
        values = {
            "at": plain(event.at), "cycle": cycle, "stars": event.value("stars"),
            "is_solved": event.value("solved"), "wants_call": event.value("call"),
            "reason_code": event.value("reason") or "",
        }  # fmt: skip
        if isinstance(pk, int):
            values |= {
                "follower_id": event.value("rater"), "is_by_phone": event.value("by_phone"),
            }  # fmt: skip
        yield pk if isinstance(pk, int) else next(unnamed, f"#{event.seq}"), Said(event.seq, values)


def _by_pk(rows: Sequence[Any]) -> dict[Key, Any]:
    return {facts.pk: facts for facts in rows}


def _say(value: Any) -> str:
    return "-" if value is None else str(value)
