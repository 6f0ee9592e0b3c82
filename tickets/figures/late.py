"""现在超期: what is overdue at this moment, and with whom it lies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q
from django.utils.translation import gettext as _

from common import known
from common.errors import Invalid
from grids.models import Division, Person, Unit
from tickets import lights
from tickets.figures.scope import theirs
from tickets.models import Ticket
from tickets.models.queries import TicketQuerySet
from tickets.words import Turn

WITH_UNIT = (Turn.UNIT, Turn.HANDLER)
HELD_BY_UNIT = Q(turn__in=WITH_UNIT, unit__isnull=False)
KINDS = UNIT, DESK, GRID, REPORTER = ("u", "d", "g", "r")
"""In the address: with which unit, or with whom of which street."""
TURNS = {
    DESK: Q(turn__in=[Turn.DESK, Turn.DISTRICT, Turn.NOBODY]) | Q(turn__in=WITH_UNIT, unit=None),
    GRID: Q(turn=Turn.GRID),
    REPORTER: Q(turn=Turn.REPORTER),
}


@dataclass(frozen=True)
class Holder:
    """持有人: a unit, or the desk, grid workers or reporters of a street."""

    key: str
    name: str
    count: int
    longest: str


def late(person: Person, at: datetime) -> TicketQuerySet:
    """超期的: of all that this person watches."""
    seen = Ticket.objects.visible_to(person, at).filter(theirs(person, at))
    return seen.filter(ended_at=None, due_at__lte=at)


def holders(person: Person, at: datetime) -> list[Holder]:
    """在谁手里: most first. One statement."""
    rows = (
        late(person, at)
        .order_by()
        .values("turn", "unit_id", "subdistrict_id")
        .annotate(many=Count("pk"), oldest=Min(F("due_at")))
    )
    found: dict[str, tuple[int, datetime]] = {}
    for row in rows:
        key = _key(row)
        count, oldest = found.get(key, (0, row["oldest"]))
        found[key] = count + row["many"], min(oldest, row["oldest"])
    made = [
        Holder(key, _name(key), count, lights.span(at - oldest))
        for key, (count, oldest) in found.items()
    ]
    return sorted(made, key=lambda one: (-one.count, one.name))


def held(person: Person, at: datetime, key: str) -> TicketQuerySet:
    """其手里的: all of them without a key. Raises `Invalid`."""
    rows = late(person, at)
    if not key:
        return rows
    kind, _dash, number = key.partition("-")
    if kind not in KINDS or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Invalid(_("没有这个持有人，请从“现在超期”页进入。"), field="with")
    if kind == UNIT:
        return rows.filter(HELD_BY_UNIT, unit_id=int(number))
    return rows.filter(TURNS[kind], subdistrict_id=int(number) or None)


def _key(row: dict[str, Any]) -> str:
    if row["turn"] in WITH_UNIT and row["unit_id"]:
        return f"{UNIT}-{row['unit_id']}"
    kind = {Turn.GRID: GRID, Turn.REPORTER: REPORTER}.get(row["turn"], DESK)
    return f"{kind}-{row['subdistrict_id'] or 0}"


def _name(key: str) -> str:
    kind, _dash, number = key.partition("-")
    if kind == UNIT:
        unit = known.rows(Unit).get(int(number))
        return unit.name if unit else number
    place = known.rows(Division).get(int(number))
    texts = {
        DESK: _("%(street)s受理台"), GRID: _("%(street)s网格员"), REPORTER: _("%(street)s诉求人"),
    }  # fmt: skip
    return texts[kind] % {"street": place.name if place else _("区")}
