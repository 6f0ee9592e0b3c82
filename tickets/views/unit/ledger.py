"""挂账台账: what is suspended, since when, why, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from common import clock
from tickets import boards, law, workloads
from tickets.views.doors import person_of, reading
from tickets.views.queue import Row, rows_for
from tickets.views.ticket import nav


@dataclass(frozen=True)
class Entry:
    """一笔: a suspended ticket with its reason and who granted it."""

    row: Row
    reason: str
    by: str
    since: datetime | None


@reading
def show(request: HttpRequest) -> HttpResponse:
    """台账: what comes back first stands first."""
    person, at = person_of(request), clock.now()
    workloads.require(person, at=at)
    page = boards.page(
        workloads.walk(workloads.SUSPENDED, person, at), boards.BY_DUE,
        dressed=workloads.ledger,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    words = {
        "entries": [_entry(row) for row in rows_for(person, page.rows, at)],
        "previous_url": _url(before=page.previous) if page.previous else "",
        "next_url": _url(after=page.next) if page.next else "",
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/unit/suspended.html", words)


def _entry(row: Row) -> Entry:
    told: dict[str, Any] = getattr(row.ticket, "suspended", None) or {}
    since = getattr(row.ticket, "suspended_at", None)
    reason = law.reason_text("suspend", told.get("reason") or "")
    return Entry(row, reason, told.get("by") or "", since)


def _url(**more: str) -> str:
    return f"{reverse('unit_suspended')}?{urlencode(more)}"
