"""What pages ask for while somebody fills them in: buildings by name, outlines for maps."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse

from common import clock
from common.law import cache
from grids.locate import STAMP as DIVISIONS_STAMP
from grids.models import Building, Division, Level
from tickets.forms.fields import buildings_like
from tickets.views.doors import reading

SUGGESTED = 12
SHORTEST = 1
LONGEST = 60
KEPT = "private, max-age=3600"


@reading
def buildings(request: HttpRequest) -> HttpResponse:
    """楼栋建议: the first that hold every word typed."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    found = buildings_like(text)[:SUGGESTED] if len(text) >= SHORTEST else []
    return JsonResponse(
        {"options": [{"value": f"{b.code} {b.name}", "note": b.address} for b in found]}
    )


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
            _feature(row.shape, row.name, level=row.level)
            for row in outlines.exclude(shape=None).order_by("code")
        ]

    points = Building.objects.values_list("name", "lat", "lng")[:5000]
    return cache.get(f"shapes.{today}", load, stamp=DIVISIONS_STAMP) + [
        _feature({"type": "Point", "coordinates": [lng, lat]}, name) for name, lat, lng in points
    ]


def _feature(geometry: object, name: str, **more: str) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": {"name": name, **more}}
