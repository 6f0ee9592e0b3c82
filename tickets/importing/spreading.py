"""Places for messages that name none: spread over the communities, always the same for an id."""

import hashlib
import random
from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import Any

import shapely
from django.utils.translation import gettext as _

from common.errors import Invalid
from grids.models import Building, Division, Level
from tickets.actions import Place

TRIES = 40


class Spread:
    """撒布: a building of the community that the hash of the id falls on, else a point there."""

    def __init__(self, day: date) -> None:
        self._communities = list(
            Division.objects.valid_on(day).filter(level=Level.COMMUNITY).order_by("code")
        )
        if not self._communities:
            raise Invalid(_("还没有社区，请先用 load_district 载入辖区。"), field="place")
        self._day = day

    def place(self, source_id: str) -> Place:
        """The same id lies at the same place in every run."""
        seed = int(hashlib.sha256(f"place:{source_id}".encode()).hexdigest(), 16)
        community = self._communities[seed % len(self._communities)]
        luck = random.Random(seed)
        buildings = self._buildings.get(community.pk)
        if buildings:
            return Place(building=luck.choice(buildings))
        grids = self._grids.get(community.pk)
        if grids:
            lng, lat = _inside(luck.choice(grids), luck)
            return Place(lat=lat, lng=lng)
        return Place(division=community)

    @cached_property
    def _buildings(self) -> dict[int, list[Building]]:
        found = defaultdict(list)
        for row in Building.objects.select_related("division").order_by("code"):
            if row.division.community_id is not None:
                found[row.division.community_id].append(row)
        return dict(found)

    @cached_property
    def _grids(self) -> dict[int, list[Any]]:
        found = defaultdict(list)
        rows = Division.objects.valid_on(self._day).filter(level=Level.GRID).exclude(shape=None)
        for community_id, shape in rows.order_by("code").values_list("community_id", "shape"):
            if community_id is not None:
                found[community_id].append(shapely.geometry.shape(shape))
        return dict(found)


def _inside(shape: Any, luck: random.Random) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    for _turn in range(TRIES):
        point = shapely.Point(luck.uniform(west, east), luck.uniform(south, north))
        if shape.contains(point):
            return point.x, point.y
    point = shape.representative_point()
    return point.x, point.y
