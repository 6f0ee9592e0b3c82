"""How a replay went: rates, speed, counts, and both audits."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from common.listing import listed
from tickets.models import Clock, Event, Ticket
from tickets.rates import PROMISES, promise_rates
from tickets.replay.simulation import Simulation
from tickets.states import State
from tickets.words import Promise

STEPS = ("remind", "warn", "escalate")
CLOCKS = ("late", "legal", "provisional")
KEPT = {
    "remind": pgettext_lazy("counted", "提醒"),
    "warn": pgettext_lazy("counted", "预警"),
    "overdue": pgettext_lazy("counted", "超期预警"),
    "escalate": pgettext_lazy("counted", "逾期上报"),
    "late": pgettext_lazy("counted", "超期"),
    "legal": pgettext_lazy("counted", "超法定期限"),
    "provisional": pgettext_lazy("counted", "临时时限"),
}
"""What is counted of a promise: events of its steps, then its clocks."""


@dataclass(frozen=True)
class Effort:
    """用时: seconds of the run itself and statements sent to the database."""

    seconds: float
    statements: int


def lines(sim: Simulation, rejected: int, effort: Effort) -> Iterator[str]:
    """账目: one fact a line."""
    tickets = Ticket.objects.count()
    yield _("工单 %(tickets)s，来文 %(reported)s，退回的行 %(rejected)s，未能上报 %(refused)s") % {
        "tickets": tickets,
        "reported": sim.counts["reported"],
        "rejected": rejected,
        "refused": sim.counts["not reported"],
    }
    yield from rates(_last_due(sim.now))
    yield _("用时 %(seconds).1f 秒，每秒 %(rate).1f 件，每件 %(each).0f 条语句") % {
        "seconds": effort.seconds,
        "rate": tickets / effort.seconds,
        "each": effort.statements / max(tickets, 1),
    }
    yield from timekeeping()
    yield _("状态：%(counts)s") % {"counts": _counted(Ticket, "state", State)}
    yield _("动作：%(counts)s") % {"counts": _counted(Event, "verb", None)}
    for sentence, count in sorted(sim.counts.items()):
        if sentence.startswith("refused: "):
            said = ngettext(
                "被拒 %(count)s 次：%(sentence)s",
                "被拒 %(count)s 次：%(sentence)s",
                count,
            )
            yield said % {
                "count": count,
                "sentence": sentence.removeprefix("refused: "),
            }


def rates(until: datetime) -> Iterator[str]:
    """四率, one a line; null when nothing was due."""
    for promise, rate in promise_rates(until=until).items():
        value = "null" if rate.value is None else f"{rate.value:.4f}"
        yield f"{PROMISES[promise]} {promise.lower()} {value} ({rate.met}/{rate.due})"


def timekeeping() -> Iterator[str]:
    """时限账: steps that came, breaches and provisional dates, of each promise and together."""
    found = _steps() + _clocks()
    yield _told(_("时限合计"), found, None)
    for promise in Promise:
        if any(found[promise, what] for what in KEPT):
            yield _told(str(promise.label), found, promise)


def _steps() -> Counter[tuple[str, str]]:
    rows = Event.objects.filter(verb__in=STEPS, data__has_key="clock").order_by()
    kinds = rows.values_list("data__promise", "verb", "data__overdue").annotate(Count("pk"))
    found: Counter[tuple[str, str]] = Counter()
    for promise, verb, is_overdue, count in kinds:
        found[promise, "overdue" if verb == "warn" and is_overdue else verb] += count
    return found


def _clocks() -> Counter[tuple[str, str]]:
    counts = Clock.objects.order_by().values_list("promise").annotate(
        late=Count("pk", filter=Q(breached_at__isnull=False)),
        legal=Count("pk", filter=Q(legal_breached_at__isnull=False)),
        provisional=Count("pk", filter=Q(is_provisional=True)),
    )  # fmt: skip
    found: Counter[tuple[str, str]] = Counter()
    for promise, *numbers in counts:
        found.update({(promise, what): n for what, n in zip(CLOCKS, numbers, strict=True)})
    return found


def _told(name: str, found: Counter[tuple[str, str]], promise: str | None) -> str:
    def count(what: str) -> int:
        return sum(n for (of, kind), n in found.items() if kind == what and promise in (None, of))

    parts = (f"{label} {count(what)}" for what, label in KEPT.items())
    return f"{name}: {listed(parts)}"


def still_open() -> list[str]:
    """未结束: numbers and states of what has not come to an end; there must be none."""
    rows = Ticket.objects.open().order_by("pk").values_list("number", "state")
    return [f"{number} {state}" for number, state in rows]


def _last_due(now: datetime) -> datetime:
    """The period ends when the last promise has come due."""
    last = Clock.objects.aggregate(last=Max("due_at"))["last"]
    return max(now, last or now) + timedelta(microseconds=1)


def _counted(model: type[Ticket] | type[Event], name: str, labels: type[State] | None) -> str:
    rows = model.objects.order_by().values_list(name).annotate(n=Count("pk")).order_by("-n", name)
    return listed(f"{labels(key).label if labels else key} {n}" for key, n in rows)
