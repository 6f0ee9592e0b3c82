"""Counts beside the lists: one statement for all of them, none counted without end (DESIGN §6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from grids import stencils
from grids.models import Person
from grids.stencils import Made
from notices import inbox
from tickets import boards, desks, workloads
from tickets.walks import Walk

CAP = 1000
APPROVALS, UNREAD = "approvals", "unread"
SIDE = (APPROVALS, UNREAD)
UNIT = "unit:"
"""Before the names of a unit's lists: the desk has a list of the same name."""
NAV = dict(zip((boards.MINE, *SIDE), ("queue_count", "approval_count", "inbox_count"), strict=True))
"""导航: what every page counts, and as what."""
Counted = Walk | QuerySet[Any]


def counts(wanted: Mapping[str, Counted]) -> dict[str, str]:
    """计数: all of them in one statement, none further than the cap ("999+").

    A list is counted along the index of its order, and no further.
    """
    return dict(zip(wanted, _answered(_counting(wanted.values())), strict=True))


def tally(person: Person, at: datetime, *names: str) -> dict[str, str]:
    """计数 of whole lists, by their names in `LISTS`; like `counts`."""
    return dict(zip(names, _answered(_whole(person, at, names)), strict=True))


def tally_and_counts(
    person: Person, at: datetime, names: Sequence[str], wanted: Mapping[str, Counted]
) -> tuple[dict[str, str], dict[str, str]]:
    """计数 of whole lists and of others, all in one statement."""
    found = _answered(_whole(person, at, names), _counting(wanted.values()))
    cut = len(names)
    return dict(zip(names, found[:cut], strict=True)), dict(zip(wanted, found[cut:], strict=True))


def desk(person: Person, at: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """受理台计数: of the navigation and of each tab, in one statement."""
    found = tally(person, at, *NAV, *desks.PATHS)
    return found, {tab: found[tab] for tab in desks.TABS}


def unit(
    person: Person, at: datetime, saved: Mapping[str, Counted]
) -> tuple[dict[str, str], dict[str, str]]:
    """承办计数: of the navigation, of each of the unit's lists and of saved ones, at once."""
    names = [*NAV, *(UNIT + tab for tab in workloads.COUNTED)]
    found, beside = tally_and_counts(person, at, names, saved)
    return found, beside | {tab: found[UNIT + tab] for tab in workloads.COUNTED}


def capped(count: int) -> str:
    """封顶: "999+" beyond what anybody would count."""
    return f"{CAP - 1}+" if count >= CAP else str(count)


def nav(counted: Mapping[str, str]) -> dict[str, str]:
    """导航计数: as pages name them, nothing for none."""
    return {shown: "" if counted[name] == "0" else counted[name] for name, shown in NAV.items()}


def _whole(person: Person, at: datetime, names: Sequence[str]) -> Made:
    return stencils.filled(
        ("tally", *names), person, at,
        lambda nobody, then: _counting(LISTS[name](nobody, then) for name in names),
    )  # fmt: skip


def _counting(wanted: Iterable[Counted]) -> Made:
    parts: list[str] = []
    values: list[Any] = []
    for rows in wanted:
        sql, params = stencils.made(_counted(rows))
        parts.append(f"(SELECT count(*) FROM ({sql}) AS capped)")
        values += params
    return ", ".join(parts), tuple(values)


def _counted(rows: Counted) -> QuerySet[Any]:
    if isinstance(rows, Walk):
        return rows.ids(rows.order, CAP)
    return rows.order_by().values("pk")[:CAP]


def _answered(*asked: Made) -> list[str]:
    columns = ", ".join(sql for sql, _values in asked if sql)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [one for _sql, values in asked for one in values])
        return [capped(n) for n in cursor.fetchone() or ()]


def _tickets(tab: str, person: Person, at: datetime) -> Counted:
    return boards.tickets_of(person, tab, at)


def _unread(person: Person, _at: datetime) -> Counted:
    return inbox.unread(person)


LISTS: Mapping[str, Callable[[Person, datetime], Counted]] = {
    **{tab: partial(_tickets, tab) for tab in boards.TABS},
    APPROVALS: boards.to_decide,
    UNREAD: _unread,
    **{tab: partial(desks.walk, tab) for tab in desks.PATHS},
    **{UNIT + tab: partial(workloads.walk, tab) for tab in workloads.COUNTED},
}
