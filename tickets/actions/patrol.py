"""巡查: visits to places, with findings and without."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.errors import Invalid, NotYours
from common.idempotency import once
from grids.datum import require_point
from grids.models import Person
from tickets import observing
from tickets.actions._evidence import metres
from tickets.models import CheckIn, CheckInWay, PatrolPoint, Ticket
from tickets.models.ways import walked

ROUGH = 200
"""A position that is out by more than so many metres proves nothing."""


@dataclass(frozen=True)
class Fix:
    """定位: where the device says it is, and how exactly it knows, in metres."""

    lat: float
    lng: float
    accuracy: float | None = None


def check_in(
    point: PatrolPoint, *, by: Person, at: datetime, way: str, mark: str = "",
    fix: Fix | None = None, ticket: Ticket | None = None, observed_at: datetime | None = None,
    idempotency_key: str = "",
) -> CheckIn:  # fmt: skip
    """打卡: by the code on the spot, by position, or by hand where neither is to be had.

    What is too far is kept and marked, not refused. `ticket`: what was found and reported.
    Raises `NotYours` for a place that others walk, `Invalid` naming mark, lat or ticket.
    """

    def act() -> dict[str, int]:
        if not point.is_active or not _walks(by, point, at):
            raise NotYours(_("这个巡查点不在您负责的网格，没有打卡。"))
        _check_way(point, way, mark, fix)
        if ticket is not None and ticket.reported_by_id != by.pk:
            raise Invalid(_("打卡只能关联您自己上报的工单。"), field="ticket")
        row = CheckIn.objects.create(
            point=point, person=by, at=at, visited_at=observing.check(observed_at, at=at) or at,
            way=way, ticket=ticket, **_position(point, fix),
        )  # fmt: skip
        return {"check_in": row.pk}

    said = [point.pk, way, mark, fix and [fix.lat, fix.lng, fix.accuracy], ticket and ticket.pk]
    if not idempotency_key:
        return CheckIn.objects.get(pk=act()["check_in"])
    found = once(by.actor_ref, f"check_in:{idempotency_key}", said, at=at, act=act)
    return CheckIn.objects.get(pk=found["check_in"])


def _walks(person: Person, point: PatrolPoint, at: datetime) -> bool:
    above = point.division.ancestors()
    return any(area.pk in above for area in walked(person, at))


def _check_way(point: PatrolPoint, way: str, mark: str, fix: Fix | None) -> None:
    if fix is not None:
        require_point(fix.lat, fix.lng)
    if way == CheckInWay.QR and mark != point.mark:
        raise Invalid(
            _("码牌不对：可能已经换过，请扫现在贴着的那张；也可以改用定位打卡。"), field="mark"
        )
    if way == CheckInWay.SPOT and fix is None:
        raise Invalid(_("定位打卡要有位置；得不到位置时，请扫码或手工登记。"), field="lat")


def _position(point: PatrolPoint, fix: Fix | None) -> dict[str, Any]:
    if fix is None:
        return {}
    away = metres((fix.lat, fix.lng), point.point)
    rough = fix.accuracy or 0
    is_far = away > point.radius_m + rough if rough <= ROUGH else None
    return {
        "lat": fix.lat, "lng": fix.lng, "metres": round(away), "is_far": is_far,
        "accuracy_m": None if fix.accuracy is None else round(fix.accuracy),
    }  # fmt: skip
