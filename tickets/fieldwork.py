"""What the pages of the field read: tasks, what one reported, and what a device carries along."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.known import rows as all_of
from common.law import cache
from grids.locate import STAMP as DIVISIONS_STAMP
from grids.locate import locate
from grids.models import Building, Division, Level, Person
from tickets import boards, law, lights, standing
from tickets.actions._evidence import metres
from tickets.checklists import PREFIX, lines_of, unanswered
from tickets.lights import Light
from tickets.models import Ticket
from tickets.models.checklist import CheckedAt
from tickets.models.ways import walked
from tickets.standing import Group
from tickets.states import State
from tickets.words import Turn

NEAR = 80  # metres
METRES = 111_320  # a degree of latitude
SHOWN = 3
OFTEN = 100
"""So many of one's last reports tell what one reports often."""
CHIPS = 5
FINE = 5  # decimals of a degree: a metre
BECAME: dict[str, Any] = {
    State.REPORTED: _("等待受理"),
    State.ACCEPTED: _("已受理，等待派单"),
    State.DISPATCHED: _("已派给%(unit)s，等待签收"),
    State.HANDLING: _("%(unit)s正在处置"),
    State.SUSPENDED: _("%(unit)s已挂账，暂缓处置"),
    State.RESOLVED: _("已处置，等待核查"),
    State.VERIFIED: _("已核查通过"),
    State.REPLIED: _("已答复诉求人"),
    State.CONTESTED: _("诉求人不满意，正在复核"),
    State.CLOSED: _("已结案"),
    State.DECLINED: _("不予受理"),
    State.MERGED: _("已并入同一件事的另一张工单"),
    State.WITHDRAWN: _("已撤回"),
    State.VOIDED: _("已作废"),
}
"""What became of a report, in plain words."""


@dataclass(frozen=True)
class Row:
    """一行: a ticket with what this person may read of it."""

    ticket: Ticket
    summary: str
    light: Light | None
    became: str
    has_point: bool


def tasks(person: Person, at: datetime) -> list[Row]:
    """待核查、待核实: what waits for somebody to go and look, most pressing first."""
    to_confirm = Q(state=State.REPORTED, confirmation="ASKED")
    walk = boards.tickets_of(person, boards.MINE, at).filter(Q(turn=Turn.GRID) | to_confirm)
    return _rows(walk.nearest(boards.BY_DUE.names(), settings.HUBIN_FIELD_TASKS), person, at)


def reported(person: Person, at: datetime, most: int) -> list[Row]:
    """我报的: the newest first."""
    mine = Ticket.objects.visible_to(person, at).filter(reported_by=person, is_on_behalf=False)
    # by the time of the report: with the id the database would walk all tickets backwards
    return _rows(mine.order_by("-reported_at", "-id")[:most], person, at)


def _rows(found: Any, person: Person, at: datetime) -> list[Row]:
    tickets = list(boards.listed(found))
    standing.remember(person, tickets, at=at)
    return [_row(ticket, person, at) for ticket in tickets]


def _row(ticket: Ticket, person: Person, at: datetime) -> Row:
    can_read = Group.WORDS in standing.sees(person, ticket, at=at)
    return Row(
        ticket,
        getattr(ticket, "summary", "") or "" if can_read else "",
        lights.of_ticket(ticket, at=at),
        became(ticket),
        can_read and not ticket.is_sensitive and ticket.lat is not None,
    )


def became(ticket: Ticket) -> str:
    """现状: where a report has got to."""
    return str(BECAME[ticket.state]) % {"unit": ticket.unit or ""}


def kit(person: Person, at: datetime) -> dict[str, Any]:
    """随身包: what names a place and suggests a category where there is no signal."""
    grids = _grids(walked(person, at), at)
    return {
        "grids": [
            {"code": row.code, "name": row.name, "around": str(row.community or ""),
             "rings": _rings(row.shape)}
            for row in grids
        ],
        "buildings": _buildings(grids),
        "categories": _categories(),
        "often": _often(person, at),
    }  # fmt: skip


def kit_tag(person: Person, at: datetime) -> str:
    """随身包的版本: rises with the tables it is made of, and every day."""
    stamps = f"{cache.version(DIVISIONS_STAMP)}-{cache.version(law.STAMP)}"
    areas = "-".join(str(pk) for pk in sorted(row.pk for row in walked(person, at)))
    return f'"{stamps}-{person.pk}-{clock.local(at).date():%Y%m%d}-{areas}"'


def where(person: Person, lat: float, lng: float, at: datetime) -> dict[str, Any]:
    """这是哪里: one statement, along the buildings of that community."""
    found = locate(lat, lng, at=at)
    known = all_of(Division)
    grid, community = known[found.division_id], known.get(found.community_id or 0)
    mine = {row.pk for row in walked(person, at)}
    return {
        "grid": None if found.is_outside else grid.name,
        "community": None if found.is_outside or community is None else community.name,
        "is_mine": not found.is_outside and not mine.isdisjoint(grid.ancestors()),
        "buildings": _nearest(found.community_id, (lat, lng)),
    }


def _nearest(community: int | None, here: tuple[float, float]) -> list[dict[str, Any]]:
    """Within a stone's throw, the nearest first."""
    lat, lng = here
    high = NEAR / METRES
    wide = high / cos(radians(lat))
    there = Building.objects.filter(
        division__community=community, lat__range=(lat - high, lat + high),
        lng__range=(lng - wide, lng + wide),
    )  # fmt: skip
    near = [
        (metres((row["lat"], row["lng"]), here), row)
        for row in there.values("code", "name", "lat", "lng")
    ]
    near.sort(key=lambda pair: (pair[0], pair[1]["code"]))
    return [
        {"code": row["code"], "name": row["name"], "metres": round(away)}
        for away, row in near[:SHOWN]
        if away <= NEAR
    ]


def _grids(areas: list[Division], at: datetime) -> list[Division]:
    inside = Q(pk__in=[row.pk for row in areas]) | Q(community__in=[row.pk for row in areas])
    rows = Division.objects.valid_on(clock.local(at).date()).filter(inside, level=Level.GRID)
    return list(rows.exclude(shape=None).order_by("code"))


def _rings(shape: Any) -> list[list[list[float]]]:
    """Outlines without what lies cut out of them, to the metre."""
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [
        [[round(lng, FINE), round(lat, FINE)] for lng, lat, *_rest in part[0]] for part in parts
    ]


def _buildings(grids: list[Division]) -> list[list[Any]]:
    rows = Building.objects.filter(division__in=grids).order_by("code")
    named = rows.values_list("code", "name", "lat", "lng")[: settings.HUBIN_FIELD_BUILDINGS]
    return [[code, name, round(lat, FINE), round(lng, FINE)] for code, name, lat, lng in named]


def _categories() -> list[dict[str, Any]]:
    known = law.categories()
    return [
        {
            "code": row.code, "name": row.name, "around": known[row.parent_id].name,
            "words": [word for word in row.keywords.split("|") if word],
            "is_dangerous": row.is_dangerous,
            **_checks(row.pk),
        }
        for row in sorted(known.values(), key=lambda row: row.code)
        if row.parent_id is not None and row.is_active
    ]  # fmt: skip


def _checks(category_id: int) -> dict[str, Any]:
    """核对项 for what is settled on the spot, with what is said where an answer is lacking."""
    told = [
        {"name": PREFIX + line.code, "text": line.text,
         "lacking": unanswered(line) if line.is_required else ""}
        for line in lines_of(CheckedAt.RESOLVE, category_id)
    ]  # fmt: skip
    return {"checks": told} if told else {}


def _often(person: Person, at: datetime) -> list[str]:
    mine = Ticket.objects.visible_to(person, at).filter(reported_by=person, is_on_behalf=False)
    newest = mine.order_by("-reported_at", "-id").values_list("category_id", flat=True)[:OFTEN]
    known = law.categories()
    counted = Counter(pk for pk in newest if pk in known and known[pk].is_active)
    return [known[pk].code for pk, _count in counted.most_common(CHIPS)]
