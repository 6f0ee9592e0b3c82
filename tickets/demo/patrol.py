"""Demo rounds: places in the grids, visited on most days, some from afar, some not at all."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from common import clock
from grids.models import Building, Person, PostKind
from tickets import actions
from tickets.actions import Fix
from tickets.cast import Cast
from tickets.models import CheckInWay, PatrolPoint, Ticket
from tickets.patrols import midnight, next_on
from tickets.words import Origin

STREET = "330102003000"  # where the accounts of the guided tour are at home
HOME = "330102003050001"
"""The grid of the tour's walker: all of the spots, and always one still to be visited today."""
SPOTS = (("楼道和消防通道", 1), ("地下车库入口", 2), ("沿街排水口", 7))
DAYS = 6
KEPT_OF_TEN = 9
SEED = 20260101
DEGREE = 111_320


def tell(cast: Cast) -> int:
    """演示巡查: returns how many points there are."""
    luck = Random(SEED)
    places = Building.objects.filter(division__subdistrict__code=STREET).order_by("code")
    points = PatrolPoint.objects.bulk_create(_points(list(places)))
    for point in points:
        walker = _walker(cast, point)
        if walker is not None:
            _visits(point, walker, cast.now, luck)
    return len(points)


def _points(places: Sequence[Building]) -> Iterator[PatrolPoint]:
    spots = [
        (place, spot)
        for nth, place in enumerate(places, 1)
        for spot in (SPOTS if _is_home(place) else SPOTS[nth % len(SPOTS) :][:1])
    ]
    for nth, (place, (what, every)) in enumerate(spots, 1):
        yield PatrolPoint(
            code=f"XC{nth:04}", name=f"{place.name}{what}", division=place.division,
            building=place, lat=place.lat, lng=place.lng, every_days=every,
        )  # fmt: skip


def _is_home(place: Building | PatrolPoint) -> bool:
    return place.division.code == HOME


def _walker(cast: Cast, point: PatrolPoint) -> Person | None:
    try:
        return cast.find(PostKind.GRID_WORKER, division=point.division)
    except IndexError:
        return None


def _visits(point: PatrolPoint, walker: Person, now: datetime, luck: Random) -> None:
    today, last = clock.local(now).date(), None
    for back in reversed(range(DAYS + 1)):
        day = today - timedelta(days=back)
        at = midnight(day) + timedelta(minutes=luck.randrange(7 * 60, 18 * 60))
        is_kept = luck.randrange(10) < KEPT_OF_TEN
        if _is_home(point) and point.every_days == 1 and not back:
            continue
        if next_on(point, last, day) != day or at >= now or not is_kept:
            continue
        off = luck.choices((12, 35, 260), (12, 6, 1))[0] / DEGREE
        is_scanned = luck.random() < 0.4
        actions.check_in(
            point, by=walker, at=at, way=CheckInWay.QR if is_scanned else CheckInWay.SPOT,
            mark=point.mark, fix=Fix(round(point.lat + off, 6), point.lng, luck.randrange(5, 30)),
        )  # fmt: skip
        last = day
    _findings(point, walker, now)


def _findings(point: PatrolPoint, walker: Person, now: datetime) -> None:
    """What was reported there of late was found on a round."""
    since = midnight(clock.local(now).date() - timedelta(days=DAYS))
    here = {"reported_by": walker, "building": point.building, "origin": Origin.PATROL}
    for ticket in Ticket.objects.filter(reported_at__gte=since, check_ins=None, **here):
        actions.check_in(
            point, by=walker, at=ticket.reported_at, way=CheckInWay.QR, mark=point.mark,
            ticket=ticket,
        )  # fmt: skip
