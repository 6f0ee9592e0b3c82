"""The four promises as figures: a read of clocks, for boards, reports and replays (DOMAIN KPIs)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from tickets.models import Clock
from tickets.models.clock import ClockState, Scope
from tickets.models.queries import TicketQuerySet
from tickets.states import State
from tickets.words import Promise

PROMISES: Mapping[Promise, LazyText] = {
    Promise.ACCEPT: _("按时接报率"),
    Promise.CLAIM: _("按时签收率"),
    Promise.RESOLVE: _("按时办结率"),
    Promise.REPLY: _("按时回复率"),
}
LEFT_OUT = (State.MERGED, State.VOIDED)
OF_LEAD = Q(scope=Scope.LEAD, promise__in=[str(promise) for promise in PROMISES])
COUNTED = Q(breached_at__isnull=False) | Q(state__in=[ClockState.RUNNING, ClockState.MET])
"""Cancelled ones only where they were late already; paused ones have no due date that stays."""
IN_TIME = Q(state=ClockState.MET, ended_at__lte=F("due_at"), breached_at=None)


@dataclass(frozen=True, slots=True)
class Rate:
    """率: how many were due, how many of them were met in time; scores may be parts of one."""

    met: int | Decimal
    due: int

    @property
    def value(self) -> float | None:
        """Null, not 0, when nothing was due."""
        return float(self.met / self.due) if self.due else None

    @property
    def missed(self) -> int:
        """未做到."""
        return self.due - int(self.met)


def promise_rates(
    tickets: TicketQuerySet | None = None, *, until: datetime, since: datetime | None = None
) -> dict[Promise, Rate]:
    """四率: clocks of each promise met in time ÷ those due from `since` to before `until`.

    Lead clocks of every leg, cycle and lap. Merged and void tickets are left out, so are
    cancelled clocks unless they were late already, and paused ones: their due date moves.
    Historic tickets have no clocks. One statement; `until` must not lie in the future.
    """
    clocks = Clock.objects.filter(OF_LEAD, COUNTED, due_at__lt=until)
    if since is not None:
        clocks = clocks.filter(due_at__gte=since)
    if tickets is not None:
        clocks = clocks.filter(ticket__in=tickets)
    rows = (
        clocks.exclude(ticket__state__in=LEFT_OUT)
        .order_by()
        .values("promise")
        .annotate(met=Count("pk", filter=IN_TIME), due=Count("pk"))
    )
    found = {row["promise"]: Rate(row["met"], row["due"]) for row in rows}
    return {promise: found.get(promise, Rate(0, 0)) for promise in PROMISES}
