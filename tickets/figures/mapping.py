"""地图: where tickets lie, as JSON the database builds; without what has no place to show."""

import gzip
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from common.errors import Invalid
from grids import stencils
from tickets import boards
from tickets.figures.repeat import OPEN_PLACE
from tickets.figures.scope import Scope
from tickets.models import Ticket
from tickets.models.queries import TicketQuerySet
from tickets.rates import LEFT_OUT

NOW, PERIOD, LATE = SHOWN = ("now", "period", "late")
"""在办, 时段内上报, 现在超期."""
NEWEST = boards.Order("reported_at", is_descending=True)
ENDED, SOON, OVERDUE, IN_TIME = 3, 1, 2, 0
COLUMNS = """SELECT json_build_object(
  'n', coalesce(json_agg(number), '[]'), 'lat', coalesce(json_agg(lat), '[]'),
  'lng', coalesce(json_agg(lng), '[]'), 'k', coalesce(json_agg(colour), '[]'))::text
FROM (SELECT number, round(lat::numeric, 5) AS lat, round(lng::numeric, 5) AS lng, colour
  FROM ({rows}) AS one(number, lat, lng, colour)) AS rounded"""


def shown_of(given: Mapping[str, Any]) -> str:
    """看哪些; `Invalid` for what there is not."""
    shown = str(given.get("show", NOW))
    if shown not in SHOWN:
        raise Invalid(_("地图上没有这一种，请从“地图”页进入。"), field="show")
    return shown


def tickets(scope: Scope, shown: str) -> TicketQuerySet:
    """图上的工单: of what this person watches; list and map show the same."""
    seen = Ticket.objects.visible_to(scope.reader, scope.at)
    rows = seen.filter(scope.of("", "unit"), OPEN_PLACE, lat__isnull=False, lng__isnull=False)
    if shown == PERIOD:
        return rows.filter(reported_at__gte=scope.since, reported_at__lt=scope.until).exclude(
            state__in=LEFT_OUT
        )
    rows = rows.filter(ended_at=None)
    return rows.filter(due_at__lte=scope.at) if shown == LATE else rows


def points(scope: Scope, shown: str) -> bytes:
    """点: the newest, up to the cap and one more, by which one sees that there are more."""
    colour = Case(
        When(ended_at__isnull=False, then=Value(ENDED)),
        When(Q(due_at__lte=scope.at), then=Value(OVERDUE)),
        When(Q(soon_at__lte=scope.at), then=Value(SOON)),
        default=Value(IN_TIME), output_field=IntegerField(),
    )  # fmt: skip
    rows = tickets(scope, shown).annotate(colour=colour).order_by("-reported_at", "-id")
    cut = rows.values_list("number", "lat", "lng", "colour")[: settings.HUBIN_MAP_MOST + 1]
    sql, values = stencils.made(cut)
    if sql == stencils.NOTHING[0]:
        return b'{"n": [], "lat": [], "lng": [], "k": []}'
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS.format(rows=sql), values)
        (told,) = cursor.fetchone() or ("",)
    return str(told).encode()


def packed(body: bytes) -> bytes:
    """压缩: the same bytes for the same content."""
    return gzip.compress(body, compresslevel=4, mtime=0)
