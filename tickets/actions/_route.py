"""From a chosen rule to a unit that exists and is manned for the place."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from common import clock
from common.law import cache
from grids.locate import STAMP
from grids.models import Division, Unit, UnitKind
from tickets import law, routing
from tickets.models import RoutingRule, Ticket
from tickets.models.rule import Target

LAST_RESORT = {"last_resort": True}


def route(ticket: Ticket, *, at: datetime) -> tuple[Unit, RoutingRule | None, dict[str, Any]]:
    """选单位: unit, rule and *because*. Falls back to the subdistrict office (首接负责).

    Never the unit the report is about: then the office takes it, then the centre. Raises
    NotReady when not even those exist: the district data is incomplete.
    """
    choice = routing.choose(_in_force(at), facts(ticket))
    because = choice.because()
    unit = _target(choice.rule, ticket) if choice.rule else None
    if unit is not None and unit.pk != ticket.about_unit_id:
        return unit, choice.rule, because
    concerned = {"concerned": True} if unit is not None else {}
    for last in (_office(ticket), _centre()):
        if last is not None and last.pk != ticket.about_unit_id:
            return last, None, because | LAST_RESORT | concerned
    raise law.NotReady(
        _("没有单位能承办工单 %(number)s，请系统管理员先用 load_district 载入单位。")
        % {"number": ticket.number}
    )


def facts(ticket: Ticket) -> routing.Facts:
    """依据: the chains of category and place, finest first."""
    category = law.categories().get(ticket.category_id or 0)
    chain = tuple(pk for pk in (ticket.category_id, category and category.parent_id) if pk)
    places = (ticket.division_id, ticket.community_id, ticket.subdistrict_id, _district_id())
    division_chain = tuple(dict.fromkeys(pk for pk in places if pk))
    return routing.Facts(chain, division_chain, ticket.nature, ticket.source)


def _district_id() -> int | None:
    wanted = Division.objects.filter(code=settings.HUBIN_DISTRICT).values_list("pk", flat=True)
    return cache.get(f"{STAMP}.district", wanted.first, stamp=STAMP)


def _in_force(at: datetime) -> list[RoutingRule]:
    day = clock.local(at).date()
    return [
        rule
        for rule in law.rules()
        if (rule.valid_from is None or rule.valid_from <= day)
        and (rule.valid_to is None or rule.valid_to > day)
    ]


def _target(rule: RoutingRule, ticket: Ticket) -> Unit | None:
    # the rule is cached, its unit may have been closed since
    named = Unit.objects.filter(rules=rule).first()
    match rule.target:
        case Target.UNIT:
            found = named
        case Target.LOCAL:
            children = Unit.objects.filter(parent_id=rule.unit_id, is_active=True)
            found = _serving(children, ticket) or named
        case Target.COMMUNITY:
            communities = Unit.objects.filter(kind=UnitKind.COMMUNITY, is_active=True)
            found = communities.filter(divisions=ticket.community_id).order_by("code").first()
        case _:
            found = _office(ticket)
    return found if found is not None and found.is_active else None


def _serving(units: Any, ticket: Ticket) -> Unit | None:
    places = [pk for pk in (ticket.division_id, ticket.community_id, ticket.subdistrict_id) if pk]
    found: Unit | None = units.filter(divisions__in=places).order_by("code").first()
    return found


def _office(ticket: Ticket) -> Unit | None:
    offices = Unit.objects.filter(kind=UnitKind.SUBDISTRICT_OFFICE, is_active=True)
    if ticket.subdistrict_id is not None:
        return offices.filter(divisions=ticket.subdistrict_id).order_by("code").first()
    return _centre() or offices.order_by("code").first()


def _centre() -> Unit | None:
    return Unit.objects.filter(kind=UnitKind.CENTRE, is_active=True).order_by("code").first()
