"""From a chosen rule to a unit that exists and is manned for the place."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from common import clock, known
from common.law import cache
from grids.locate import STAMP
from grids.models import Division, Unit, UnitKind, serving
from tickets import law, routing
from tickets.models import RoutingRule, Ticket
from tickets.models.rule import Target

LAST_RESORT = {"last_resort": True}
NOWHERE: frozenset[int] = frozenset()


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
    named = rule.unit
    match rule.target:
        case Target.UNIT:
            found = named
        case Target.LOCAL:
            children = [unit for unit in _units() if unit.parent_id == rule.unit_id]
            found = _serving(children, _places(ticket)) or named
        case Target.COMMUNITY:
            communities = [unit for unit in _units() if unit.kind == UnitKind.COMMUNITY]
            found = _serving(communities, [ticket.community_id])
        case _:
            found = _office(ticket)
    return found if found is not None and found.is_active else None


def _units() -> list[Unit]:
    """Active units by code, at most a second old."""
    rows = known.rows(Unit).values()
    return sorted((unit for unit in rows if unit.is_active), key=attrgetter("code"))


def _places(ticket: Ticket) -> list[int | None]:
    return [ticket.division_id, ticket.community_id, ticket.subdistrict_id]


def _serving(units: list[Unit], places: list[int | None]) -> Unit | None:
    served = serving()
    return next((unit for unit in units if served.get(unit.pk, NOWHERE) & {*places}), None)


def _office(ticket: Ticket) -> Unit | None:
    offices = [unit for unit in _units() if unit.kind == UnitKind.SUBDISTRICT_OFFICE]
    if ticket.subdistrict_id is not None:
        return _serving(offices, [ticket.subdistrict_id])
    return _centre() or next(iter(offices), None)


def _centre() -> Unit | None:
    return next((unit for unit in _units() if unit.kind == UnitKind.CENTRE), None)
