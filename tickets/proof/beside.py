"""Are the rows beside a ticket what its events say, and is none missing or added? Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model

from tickets.deadlines import NEW_CYCLE
from tickets.models import Approval, Assist, Clock, Participation, Rating, Supervision
from tickets.proof import parts, requests, timed
from tickets.proof.compare import Key, Said, by_pk, compare
from tickets.proof.facts import Beside, Breach, EventFacts, RatingFacts
from tickets.record import plain


def check(number: str, events: Sequence[EventFacts], rows: Beside) -> Iterator[Breach]:
    """旁列的行: every one is accounted for."""
    pairs: tuple[tuple[type[Model], Mapping[Key, Said], Mapping[Key, Any]], ...] = (
        (Rating, _ratings(events, rows.ratings), by_pk(rows.ratings)),
        (Approval, requests.approvals(events), by_pk(rows.approvals)),
        (Assist, requests.assists(events), by_pk(rows.assists)),
        (Supervision, requests.supervisions(events), by_pk(rows.supervisions)),
        (Clock, timed.wanted(events), timed.by_key(events, rows.clocks)),
        (Participation, parts.wanted(events), parts.by_key(rows.parts)),
    )
    for model, wanted, found in pairs:
        yield from compare(number, model._meta.verbose_name, wanted, found)
    yield from parts.followers(number, events, rows.followers)


def _ratings(events: Sequence[EventFacts], ratings: Sequence[RatingFacts]) -> dict[Key, Said]:
    """评价: older events do not name their row; those follow each other as the rows do."""
    named = [event.key("rating") for event in events]
    unnamed = iter([facts.pk for facts in ratings if facts.pk not in named])
    found: dict[Key, Said] = {}
    cycle = 1
    for event in events:
        cycle += event.verb in NEW_CYCLE
        if event.verb != "rate":
            continue
        pk = event.key("rating")
        values = {
            "at": plain(event.at), "cycle": cycle, "stars": event.value("stars"),
            "is_solved": event.value("solved"), "wants_call": event.value("call"),
            "reason_code": event.value("reason") or "",
        }  # fmt: skip
        if pk is not None:
            values["follower_id"] = event.value("rater")
            values["is_by_phone"] = event.value("by_phone")
        found[pk or next(unnamed, f"#{event.seq}")] = Said(event.seq, values)
    return found
