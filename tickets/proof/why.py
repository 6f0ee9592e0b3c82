"""Why a ticket goes where it goes: the rules now, and what its dispatches recorded."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common import clock
from grids.models import Division, Unit
from tickets import law, routing
from tickets.actions import _route
from tickets.because import rules, told
from tickets.models import RoutingRule, Ticket
from tickets.words import Nature, Source

DISPATCHES = ("dispatch", "redirect")


def explain(ticket: Ticket, *, at: datetime) -> Iterator[str]:
    """派单说明: facts, choice, runner-up and target now; then the record."""
    facts = _route.facts(ticket)
    yield _("%(number)s 现在按规则：") % {"number": ticket.number}
    yield from _facts(facts)
    yield from _choice(ticket, at)
    yield _("记录：")
    events = ticket.events.filter(verb__in=DISPATCHES).order_by("seq")
    lines = [_recorded(event) for event in events]
    yield from lines or ["  " + _("还没有派过单。")]


def _facts(facts: routing.Facts) -> Iterator[str]:
    categories = law.categories()
    named = [f"{categories[pk].code} {categories[pk].name}" for pk in facts.category_chain]
    places = Division.objects.in_bulk(facts.division_chain)
    yield _("  类别：%(names)s") % {"names": " < ".join(named) or "-"}
    yield _("  区划：%(names)s") % {
        "names": " < ".join(f"{places[pk].code} {places[pk]}" for pk in facts.division_chain)
    }
    yield _("  诉求类型：%(nature)s；来源：%(source)s") % {
        "nature": Nature(facts.nature).label,
        "source": Source(facts.source).label,
    }


def _choice(ticket: Ticket, at: datetime) -> Iterator[str]:
    try:
        unit, rule, because = _route.route(ticket, at=at)
    except LookupError as error:
        yield f"  {error}"
        return
    yield "  " + told(because, rules(), with_ids=True)
    if rule is None and because["rule"] is not None and not because.get("concerned"):
        yield _("  这条规则在当地没有可用的单位，由属地兜底。")
    yield _("  派给：%(unit)s") % {"unit": _unit(unit)}
    if ticket.needs_hand:
        yield _("  退单或重办之后须人工派单，系统不再自动派。")


def _recorded(event: Any) -> str:
    chosen = event.data.get("set", {}).get("unit_id")
    unit = Unit.objects.filter(pk=chosen).first()
    because = event.data.get("because") or {"by_hand": True}
    known = RoutingRule.objects.in_bulk([pk for pk in map(because.get, ("rule", "second")) if pk])
    return _("  #%(seq)s %(at)s %(verb)s → %(unit)s；%(because)s") % {
        "seq": event.seq,
        "at": f"{clock.local(event.at):%Y-%m-%d %H:%M}",
        "verb": event.verb,
        "unit": _unit(unit),
        "because": told(because, known, with_ids=True),
    }


def _unit(unit: Unit | None) -> str:
    return f"{unit.code} {unit.name}" if unit else "-"
