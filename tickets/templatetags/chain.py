"""Components of the chain's pages: `{% load chain %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from common import clock
from common.templatetags.hubin import badge
from grids.models import Division, Person
from notices import incidents
from tickets import patrolled, ringing, standing, workloads
from tickets.exporting.making import FORMS, most_rows
from tickets.figures import scope
from tickets.models import Ticket
from tickets.states import State
from tickets.views.field.doors import is_afield
from tickets.words import Urgency

register = template.Library()

STATE_TONES = {
    State.REPORTED: "info", State.ACCEPTED: "info", State.DISPATCHED: "info",
    State.HANDLING: "neutral", State.SUSPENDED: "warn", State.RESOLVED: "info",
    State.VERIFIED: "info", State.REPLIED: "good", State.CONTESTED: "warn",
    State.CLOSED: "good", State.DECLINED: "bad", State.VOIDED: "bad",
}  # fmt: skip
URGENCY_TONES = {Urgency.URGENT: ("bad", "bell-ringing"), Urgency.HIGH: ("warn", "")}


@register.simple_tag
def works_here(person: Person) -> bool:
    """工作人员: holds a post of the district at this moment."""
    return standing.is_staff(person, at=clock.now())


@register.simple_tag
def rings_for(person: Any) -> bool:
    """受理台: urgent tickets ring on this person's pages."""
    return isinstance(person, Person) and ringing.rings_for(person, at=clock.now())


@register.simple_tag
def looks_after(person: Person) -> bool:
    """看异常: holds a post that has to look at incidents."""
    return incidents.may_see(person, at=clock.now())


@register.simple_tag
def watches(person: Person) -> bool:
    """看数据: holds a post to which figures are shown."""
    return scope.may_see(person, at=clock.now())


@register.simple_tag
def works_in_unit(person: Person) -> bool:
    """承办: holds a post in a unit, or stands in for somebody who does."""
    return workloads.serves(person, at=clock.now())


@register.simple_tag
def oversees_rounds(person: Any) -> bool:
    """看巡查: looks after those who walk."""
    return isinstance(person, Person) and patrolled.may_watch(person, at=clock.now())


@register.simple_tag
def walks(person: Any) -> bool:
    """网格端: walks a grid, also for somebody who is away."""
    return isinstance(person, Person) and is_afield(person, at=clock.now())


@register.simple_tag
def state_badge(ticket: Ticket) -> SafeString:
    """状态徽标."""
    tone = STATE_TONES.get(State(ticket.state), "neutral")
    return badge(ticket.get_state_display(), tone)


@register.simple_tag
def urgency_badge(ticket: Ticket) -> SafeString:
    """紧急程度徽标: loud only where it matters."""
    tone, icon = URGENCY_TONES.get(Urgency(ticket.urgency), ("quiet", ""))
    return badge(ticket.get_urgency_display(), tone, icon)


@register.inclusion_tag("tickets/_export.html", takes_context=True)
def export(
    context: Any, what: str, chosen: dict[str, str] | None = None, **more: str
) -> dict[str, Any]:
    """导出: of the list on this page, with its filter."""
    limits = {form.upper(): f"{most_rows(form):,}" for form in FORMS}
    return {
        "what": what, "asked": {**(chosen or {}), **more}, "forms": FORMS, "limits": limits,
        "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.filter
def place(ticket: Ticket) -> str:
    """地点: street and community, as far as they are known; never the address."""
    return _joined(ticket.subdistrict, ticket.community) or str(ticket.division)


@register.filter
def full_place(ticket: Ticket) -> str:
    """地点到网格: a grid mostly repeats the name of its community, which is then left out."""
    community = ticket.community
    if community is not None and ticket.division.name.startswith(community.name):
        community = None
    return _joined(ticket.subdistrict, community, ticket.division)


def _joined(*places: Division | None) -> str:
    return " ".join(dict.fromkeys(place.name for place in places if place is not None))
