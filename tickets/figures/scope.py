"""What is counted: of which time, whose tickets, and narrowed to what."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from common import clock
from common.errors import NotYours
from grids.models import Division, Level, Person, PostKind
from tickets.models.ways import COLUMN

WATCHERS = frozenset({PostKind.LEADER, PostKind.INSPECTOR, PostKind.AUDITOR, PostKind.SHIFT_LEADER})
"""看数据: each the figures of the own division."""
WEEKS = 4
DAY = timedelta(days=1)
Slice = frozenset[int | None]
"""取值: ids of streets, units or categories; None among them: where there is none."""


@dataclass(frozen=True)
class Scope:
    """范围: of one person at one moment."""

    person: Person | None
    """None: of the house, over one division (`ground`)."""
    at: datetime
    first: date
    last: date
    subdistrict: Slice = frozenset()
    unit: Slice = frozenset()
    category: Slice = frozenset()
    grid: Slice = frozenset()
    asked: dict[str, str] = field(default_factory=dict, compare=False)
    """As it stands in the address."""
    ground: Division | None = None
    before_first: date | None = None
    """Where the time before begins, if it is not as long as this one."""
    is_plain: bool = False
    """不含反映工作人员的: then whoever looks at a division counts the same."""

    @property
    def since(self) -> datetime:
        """自."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """至: what is not due yet is not counted."""
        return min(self.end, self.at)

    @property
    def end(self) -> datetime:
        """末日过完."""
        return midnight(self.last + DAY)

    @property
    def before(self) -> "Scope":
        """上期: as many days right before, or the whole month before."""
        first = self.before_first or self.first - (self.last - self.first + DAY)
        return replace(self, first=first, last=self.first - DAY)

    @property
    def reader(self) -> Person:
        """谁在看."""
        assert self.person is not None
        return self.person

    def of(self, prefix: str, unit: str) -> Q:
        """条件: on a row that leads to its ticket by `prefix`, and has that unit."""
        found = theirs(self.person, self.at, prefix) if self.person else whole(self.ground, prefix)
        if self.is_plain:
            found &= Q(**{f"{prefix}about_person": None, f"{prefix}about_unit": None})
        for name, wanted in (
            (f"{prefix}subdistrict", self.subdistrict),
            (unit, self.unit),
            (f"{prefix}category", self.category),
            (f"{prefix}division", self.grid),
        ):
            if wanted:
                known = Q(**{f"{name}_id__in": sorted(pk for pk in wanted if pk is not None)})
                found &= known | Q(**{f"{name}_id": None}) if None in wanted else known
        return found


def grounds(person: Person, at: datetime) -> list[Division]:
    """管辖: of which divisions this person sees the figures."""
    return [
        post.division
        for post in person.posts_at(at)
        if post.kind in WATCHERS and post.division is not None
    ]


def may_see(person: Person, *, at: datetime) -> bool:
    """可看数据."""
    return bool(grounds(person, at))


def require(person: Person, *, at: datetime) -> None:
    """须有看数据的岗位, else `NotYours`."""
    if not may_see(person, at=at):
        raise NotYours(_("数据只对领导、督查员、审计员和值班长开放。"))


def theirs(person: Person, at: datetime, prefix: str = "") -> Q:
    """可见的: the tickets of these divisions, but for the reports about this person or its units.

    A part of what `visible_to` gives this person.
    """
    found = Q()
    places = grounds(person, at)
    if all(place.level != Level.DISTRICT for place in places):
        found = Q(**{f"{prefix}pk__in": ()})
        for place in places:
            found |= Q(**{f"{prefix}{COLUMN[Level(place.level)]}": place.pk})
    found &= ~Q(**{f"{prefix}about_person_id__in": sorted(person.selves(at))})
    units = sorted({post.unit_id for post in person.posts_at(at) if post.unit_id})
    return found & ~Q(**{f"{prefix}about_unit_id__in": units}) if units else found


def whole(ground: Division | None, prefix: str = "") -> Q:
    """辖区全部: of the house itself, which nobody looks over the shoulder of."""
    if ground is None:
        return Q(**{f"{prefix}pk__in": ()})
    if ground.level == Level.DISTRICT:
        return Q()
    return Q(**{f"{prefix}{COLUMN[Level(ground.level)]}": ground.pk})


def streets_of(person: Person, at: datetime) -> set[int] | None:
    """街道: that the person may choose among; None: any of the district."""
    places = grounds(person, at)
    if any(place.level == Level.DISTRICT for place in places):
        return None
    return {place.pk for place in places}


def usual(at: datetime) -> tuple[date, date]:
    """通常: four weeks, from a Monday to today."""
    today = clock.local(at).date()
    return today - timedelta(days=today.weekday() + 7 * (WEEKS - 1)), today


def spans(at: datetime) -> list[tuple[str, date, date]]:
    """常用时段: what one asks for most."""
    today = clock.local(at).date()
    monday, month = today - timedelta(days=today.weekday()), today.replace(day=1)
    last_month = month - DAY
    return [
        (_("本周"), monday, today),
        (_("近四周"), *usual(at)),
        (_("本月"), month, today),
        (_("上月"), last_month.replace(day=1), last_month),
        (_("近十三周"), monday - timedelta(weeks=12), today),
    ]


def midnight(day: date) -> datetime:
    """零点 in the district."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def zone() -> Any:
    """当地时区."""
    return ZoneInfo(settings.TIME_ZONE)
