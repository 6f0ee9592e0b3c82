"""The demo: invented matters of the last weeks, and whose accounts open its door."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import F

from grids.demo import demo_accounts
from grids.models import Building, Person
from notices.models import Notice
from tickets import announcing
from tickets.actions import timing
from tickets.cast import Cast
from tickets.demo import history, patrol
from tickets.demo.stories import ENDINGS, Story

FILE = history.FOLDER / "tickets.csv"
PASSWORD = "hubin-demo-2026"
UNREAD_FOR = timedelta(hours=8)


def password(environ: Mapping[str, str]) -> str:
    """演示密码: the same for all demo people; HUBIN_DEMO_PASSWORD gives another one."""
    return environ.get("HUBIN_DEMO_PASSWORD") or PASSWORD


def opens(given: str) -> bool:
    """演示密码对否: whether that password opens the demo accounts."""
    account = demo_accounts()[0]
    return Person.objects.get(username=account["username"]).check_password(given)


def tell(*, at: datetime, weeks: int = history.WEEKS) -> int:
    """演示工单: the last weeks, then the seed's rows, each up to its ending; returns how many.

    All or nothing.
    """
    told: dict[str, Story] = {}
    cast = Cast(at)
    places = list(Building.objects.select_related("division").order_by("code"))
    with FILE.open(encoding="utf-8", newline="") as file, transaction.atomic():
        for row in chain(history.rows(places, weeks), csv.DictReader(file)):
            story = told[row["key"]] = Story(row, cast, told)
            ENDINGS[row["ending"]](story)
        _announced(told.values(), at)
        patrol.tell(cast)
    return len(told)


def _announced(told: Iterable[Story], at: datetime) -> None:
    """已告知: as if all along; what is older than a shift was read within the hour."""
    for story in told:
        timing.live(story.ticket, until=at)
    announcing.sweep(at=at)
    before = Notice.objects.filter(at__lt=at - UNREAD_FOR)
    before.update(read_at=F("at") + timedelta(hours=1))
