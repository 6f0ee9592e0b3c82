"""Is any ticket in limbo? One rule, one statement; a rule finds the tickets that break it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import clock
from tickets.models import Ticket
from tickets.proof import duties, sides, turns
from tickets.proof.facts import Breach

Broken = Callable[[date], QuerySet[Ticket]]


@dataclass(frozen=True)
class Rule:
    """规则: its name, what is said of a ticket that breaks it, and how to find those."""

    name: str
    says: object
    broken: Broken


RULES: tuple[Rule, ...] = tuple(
    Rule(broken.__name__, says, broken)
    for says, broken in (*turns.RULES, *duties.RULES, *sides.RULES)
)


def audit(*, at: datetime) -> Iterator[Breach]:
    """审查: every open ticket has a turn, a holder, a clock and a due date; ended ones none."""
    day = clock.local(at).date()
    for rule in RULES:
        rows = rule.broken(day).order_by("id").values_list("number", "state")
        for number, state in rows.iterator(chunk_size=1000):
            yield Breach(f"{number} ({state})", f"{rule.name}: {rule.says}")


def summary() -> str:
    """总数: what was looked at."""
    return _("未结束的工单 %(open)s，已结束的工单 %(ended)s，规则 %(rules)s 条") % {
        "open": Ticket.objects.open().count(),
        "ended": Ticket.objects.filter(ended_at__isnull=False).count(),
        "rules": len(RULES),
    }
