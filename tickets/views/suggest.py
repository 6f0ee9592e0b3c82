"""What pages ask for while somebody fills them in: buildings and people by name,
outlines for maps."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from common import clock
from common.errors import NotYours
from common.law import cache
from grids.locate import STAMP as DIVISIONS_STAMP
from grids.models import Building, Division, Level, Person
from tickets.forms.fields import buildings_like
from tickets.forms.people import options
from tickets.forms.report import DESK_POSTS
from tickets.views.doors import person_of, reading

SUGGESTED = 12
LONGEST = 60
KEPT = "private, max-age=3600"


@reading
def buildings(request: HttpRequest) -> HttpResponse:
    """楼栋建议: the first that hold every word typed."""
    found = buildings_by(_asked(request))
    return JsonResponse(
        {"options": [{"value": f"{b.code} {b.name}", "note": b.address} for b in found]}
    )


@reading
def people(request: HttpRequest) -> HttpResponse:
    """人员建议: for the desk, which names whom a report is about; name, unit and post only."""
    person, at = person_of(request), clock.now()
    require_desk(person, at=at)
    return JsonResponse({"options": people_by(_asked(request), at=at)})


def buildings_by(text: str) -> list[Building]:
    """楼栋: the first that hold every word."""
    return list(buildings_like(text)[:SUGGESTED]) if text.strip() else []


def people_by(text: str, *, at: datetime) -> list[dict[str, str]]:
    """人员: the first that are called so, or hold such a post."""
    return options(text, at, SUGGESTED) if text.strip() else []


def require_desk(person: Person, *, at: datetime) -> None:
    """限受理员: raises NotYours for everybody else."""
    if not any(post.kind in DESK_POSTS for post in person.posts_at(at)):
        raise NotYours(_("人员名单只供受理员登记被反映人时使用。"))


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]


@reading
def shapes(request: HttpRequest) -> HttpResponse:
    """区划边界和楼栋: GeoJSON for the page's map."""
    answer = JsonResponse({"type": "FeatureCollection", "features": _features(clock.now())})
    answer["Cache-Control"] = KEPT
    return answer


def _features(at: datetime) -> list[dict[str, object]]:
    today = clock.local(at).date()

    def load() -> list[dict[str, object]]:
        outlines = Division.objects.valid_on(today).exclude(level=Level.DISTRICT)
        return [
            _feature(
                row.shape, row.name, level=row.level, short=_short(row), synthetic=row.is_synthetic
            )
            for row in outlines.exclude(shape=None).select_related("parent").order_by("code")
        ]

    points = Building.objects.values_list("name", "lat", "lng")[:5000]
    return cache.get(f"shapes.{today}", load, stamp=DIVISIONS_STAMP) + [
        _feature({"type": "Point", "coordinates": [lng, lat]}, name) for name, lat, lng in points
    ]


def _short(row: Division) -> str:
    """A grid without the name of the community around it: 东坡路社区第三网格 → 第三网格."""
    around = row.parent.name if row.parent is not None and row.level == Level.GRID else ""
    return row.name.removeprefix(around) or row.name


def _feature(geometry: object, name: str, **more: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": {"name": name, **more}}
