"""承办: what the unit has to do, what is due first on top; who carries how much."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.errors import NotVisible
from grids.models import Person
from tickets import boards, choices, saved, tallies, workloads
from tickets import search as searching
from tickets.forms.unit import UnitFilterForm, of_query, tab_of
from tickets.models import SavedFilter
from tickets.views.doors import person_of, polled, reading
from tickets.views.queue import Row, rows_for
from tickets.walks import Walk
from tickets.workloads import Load

COUNTED = 6
"""So many of the saved filters say how many they hold."""


@dataclass(frozen=True)
class Tab:
    """一个保存的筛选: as it is today; what no longer makes sense says why."""

    row: SavedFilter
    form: UnitFilterForm
    why: str = ""
    count: str = ""

    @property
    def tab(self) -> str:
        return self.form.cleaned_data.get("tab") or workloads.TODO


@dataclass(frozen=True)
class Asked:
    """所要的: which list, by which conditions; `saved` where it is a kept one."""

    tab: str
    form: UnitFilterForm
    saved: int = 0

    @property
    def address(self) -> dict[str, str]:
        """As it stands in the address."""
        if self.saved:
            return {"saved": str(self.saved)}
        return {"tab": self.tab, **self.form.conditions()}


@reading
def index(request: HttpRequest) -> HttpResponse:
    """承办: `tab` names the list, `saved` a kept one, `handler` whose."""
    person, at = person_of(request), clock.now()
    workloads.require(person, at=at)
    words = told(request, person, at)
    words["form"].fields["tab"].initial = words["tab"]
    shown = {**words, "units": choices.unit_options()}
    status = HTTPStatus.OK if words["is_valid"] else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "tickets/unit/index.html", shown, status=status)


@polled("tickets/unit/_over.html")
def rows(request: HttpRequest) -> HttpResponse:
    """列表: nothing new is no content; whose login ended is told so and asked for no more."""
    person, at = person_of(request), clock.now()
    workloads.require(person, at=at)
    words = told(request, person, at)
    if request.GET.get("known") == words["digest"]:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "tickets/unit/_news.html", words)


def told(request: HttpRequest, person: Person, at: datetime) -> dict[str, Any]:
    """页面内容: the list asked for, with counts, kept filters and who carries how much."""
    kept = [_read(row) for row in saved.of(person)]
    asked = _asked(request, kept)
    place = {name: request.GET[name] for name in ("after", "before") if name in request.GET}
    is_valid = asked.form.is_valid()
    nav, counts = tallies.unit(person, at, _countable(kept, person, at))
    page, is_capped = boards.Page([]), False
    if is_valid:
        walk, is_capped = found(asked.form, asked.tab, person, at)
        page = boards.page(
            walk, workloads.order_of(asked.tab), dressed=boards.listed,
            after=place.get("after", ""), before=place.get("before", ""),
        )  # fmt: skip
    lines, loads = rows_for(person, page.rows, at), workloads.loads(person, at)
    tabs = [_counted(one, counts) for one in kept]
    return {
        **tallies.nav(nav), **_listed(asked, lines, page), "is_valid": is_valid,
        "is_capped": is_capped, "counters": _links(workloads.COUNTERS, counts),
        "tabs": _links(workloads.TABS, counts), "kept": tabs, "loads": loads,
        "whose": _whose(asked.form, loads) if is_valid else "",
        "broken": next((one for one in tabs if one.row.pk == asked.saved and one.why), None),
        "bulk_key": uuid4().hex if _may_claim(asked, person, at) else "",
        "digest": _digest(lines, counts, loads, [one.row.name for one in kept]),
        "asked": urlencode({**asked.address, **place}), "seconds": settings.HUBIN_DESK_SECONDS,
    }  # fmt: skip


def _listed(asked: Asked, lines: Sequence[Row], page: boards.Page) -> dict[str, Any]:
    return {
        "tab": asked.tab, "saved": asked.saved, "form": asked.form, "rows": lines,
        "chosen": asked.form.told(),
        "taken": {"tab": asked.tab, **asked.form.conditions()} if lines else {},
        "query": "" if asked.saved else urlencode({"tab": asked.tab, **asked.form.conditions()}),
        "previous_url": _url(asked, before=page.previous) if page.previous else "",
        "next_url": _url(asked, after=page.next) if page.next else "",
        "names_people": True,
    }  # fmt: skip


def _asked(request: HttpRequest, kept: Sequence[Tab]) -> Asked:
    number = request.GET.get("saved", "")
    if not number:
        form = UnitFilterForm(request.GET)
        return Asked(tab_of(request.GET.get("tab", "")) or workloads.TODO, form)
    found = next((one for one in kept if str(one.row.pk) == number), None)
    if found is None:
        raise NotVisible(_("没有这个筛选，可能已经删除。"))
    return Asked(found.tab if not found.why else workloads.TODO, found.form, found.row.pk)


def _read(row: SavedFilter) -> Tab:
    form = of_query(row.query)
    if form.is_valid():
        return Tab(row, form)
    return Tab(row, form, why=str(next(iter(form.errors.values()))[0]))


def _countable(kept: Sequence[Tab], person: Person, at: datetime) -> Mapping[str, Walk]:
    """What is looked for by words is counted only by opening it."""
    whole = [one for one in kept if not one.why and not one.form.question]
    return {
        f"saved:{one.row.pk}": found(one.form, one.tab, person, at)[0] for one in whole[:COUNTED]
    }


def _counted(one: Tab, counts: Mapping[str, str]) -> Tab:
    return Tab(one.row, one.form, one.why, counts.get(f"saved:{one.row.pk}", ""))


def found(form: UnitFilterForm, tab: str, person: Person, at: datetime) -> tuple[Walk, bool]:
    """找到的: of that list, and whether more matched than are listed."""
    rows = boards.filtered(workloads.walk(tab, person, at), form.cleaned_data, at)
    narrowed = form.narrowed(rows, workloads.minded(person, at))
    return searching.within(narrowed, person, form.question, at=at)


def _links(names: Mapping[str, Any], counts: Mapping[str, str]) -> list[tuple[str, Any, str]]:
    return [(name, text, counts.get(name, "")) for name, text in names.items()]


def _whose(form: UnitFilterForm, loads: Sequence[Load]) -> str:
    """谁的, by name: whoever has nothing now is named by number."""
    handler = form.cleaned_data.get("handler")
    if handler is None:
        return ""
    known = {one.handler or 0: one.name for one in loads}
    return known.get(handler, "") or (_("无人签收") if not handler else f"{handler}")


def _may_claim(asked: Asked, person: Person, at: datetime) -> bool:
    return asked.tab == workloads.NEW and workloads.takes(person, at=at)


def _digest(lines: Sequence[Row], *others: object) -> str:
    marks = [(one.ticket.pk, one.ticket.version, one.light and one.light.colour) for one in lines]
    return hashlib.sha256(repr((marks, others)).encode()).hexdigest()[:16]


def _url(asked: Asked, **more: str) -> str:
    return f"{reverse('unit')}?{urlencode({**asked.address, **more})}"
