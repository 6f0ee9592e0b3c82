"""Is every number that was ever given out still there?"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from tickets.models import NumberCounter
from tickets.proof.facts import Breach

NUMBER = re.compile(r"(\d{6})-(\d{8})-(\d{5,})")
NAMED = 20
"""So many missing numbers of one day are named one by one."""
MISSING = """
SELECT n FROM generate_series(1, %s) AS n
WHERE NOT EXISTS (SELECT FROM tickets_ticket t
                  WHERE t.number = %s || lpad(n::text, greatest(5, length(n::text)), '0'))
ORDER BY n LIMIT %s
"""


class Day(NamedTuple):
    """One district and local date."""

    district: str
    day: str

    @property
    def prefix(self) -> str:
        return f"{self.district}-{self.day}-"


class Numbers:
    """编号: counts the tickets of each day in passing, then compares with the counters."""

    def __init__(self) -> None:
        self._count: dict[Day, int] = {}
        self._highest: dict[Day, int] = {}

    def add(self, number: str) -> Iterator[Breach]:
        """One ticket."""
        match = NUMBER.fullmatch(number)
        if match is None:
            yield Breach(number, _("编号不是“区代码-日期-序号”"))
            return
        day = Day(match[1], match[2])
        self._count[day] = self._count.get(day, 0) + 1
        self._highest[day] = max(self._highest.get(day, 0), int(match[3]))

    def check(self) -> Iterator[Breach]:
        """计数: gaps are deleted tickets; a number above the counter was never given out."""
        given = {_day(row): row.last for row in NumberCounter.objects.iterator()}
        for day in sorted(self._count.keys() | given.keys()):
            last, highest = given.get(day, 0), self._highest.get(day, 0)
            if highest > last:
                yield Breach(
                    f"{day.prefix}{highest:05d}",
                    _("编号大于当日计数 %(last)s，计数被改小") % {"last": last},
                )
            if self._count.get(day, 0) < last:
                yield from self._gaps(day, last)

    def _gaps(self, day: Day, last: int) -> Iterator[Breach]:
        with connection.cursor() as cursor:
            cursor.execute(MISSING, [last, day.prefix, NAMED])
            missing = [number for (number,) in cursor.fetchall()]
        for number in missing:
            yield Breach(f"{day.prefix}{number:05d}", _("编号已发出，工单不见了：被删除"))
        rest = last - self._count.get(day, 0) - len(missing)
        if rest > 0:
            yield Breach(day.prefix, _("当日还缺 %(count)s 张工单") % {"count": rest})


def _day(row: NumberCounter) -> Day:
    day: date = row.day
    return Day(row.district, f"{day:%Y%m%d}")
