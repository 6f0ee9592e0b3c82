"""How a replay went: rates, speed, counts, and both audits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.listing import listed
from tickets.models import Clock, Event, Ticket
from tickets.rates import PROMISES, promise_rates
from tickets.replay.simulation import Simulation
from tickets.states import State


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
