"""What the frame of every page asks of the district."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from common.law import cache
from grids.loading import UNITS_STAMP
from grids.models import Person


def context(request: HttpRequest) -> dict[str, Any]:
    """演示区: are there invented people here? Asked when a page wants to know."""
    return {"is_demo": has_demo_people}


def has_demo_people() -> bool:
    """演示人员: anybody who was loaded with the demo district; asked once per process and load."""
    return settings.HUBIN_DEMO and cache.get(
        "demo_people", Person.objects.filter(is_demo=True).exists, stamp=UNITS_STAMP
    )
