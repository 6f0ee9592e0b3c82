"""派单理由: where the rules send a ticket and why, told before anything is sent."""

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.listing import listed, sentences
from grids.models import Unit
from tickets import law
from tickets.actions import _route
from tickets.models import Category, RoutingRule, Ticket

Rules = dict[int, RoutingRule]


@dataclass(frozen=True)
class Preview:
    """预告: the unit the rules name, and the sentence that says why; no unit where none can be."""

    unit: Unit | None
    sentence: str
    by_hand: bool = False
    """The system will not send it by itself any more."""


def preview(
    ticket: Ticket, *, at: datetime, category: Category | None = None,
    about_unit: Unit | None = None,
) -> Preview:  # fmt: skip
    """预告: what `route` would do with this ticket now, or were it of that category."""
    likely = copy.copy(ticket)
    if category is not None:
        likely.category_id = category.pk
    if about_unit is not None:
        likely.about_unit_id = about_unit.pk
    if likely.category_id is None:
        return Preview(None, _("选定类别以后，这里说明会派给谁、为什么。"))
    try:
        unit, _rule, because = _route.route(likely, at=at)
    except LookupError as error:
        return Preview(None, str(error))
    return Preview(unit, told(because, rules()), by_hand=ticket.needs_hand)


def rules() -> Rules:
    """派单规则, by id."""
    return {row.pk: row for row in law.rules()}


def told(because: dict[str, Any], known: Rules, *, with_ids: bool = False) -> str:
    """一句话: rule, what matched, the runner-up, what was avoided."""
    if because.get("by_hand"):
        return _("人工指定")
    named = {"rule": _rule(because.get("rule"), known, with_ids)}
    parts = [_("规则：%(rule)s") % named]
    if because.get("matched"):
        parts.append(_("符合：%(names)s") % {"names": listed(map(_match, because["matched"]))})
    if because.get("second"):
        second = _rule(because["second"], known, with_ids)
        parts.append(_("其次：%(rule)s") % {"rule": second})
    if because.get("concerned"):
        parts.append(_("这条规则所指的是被反映的单位，已经避开"))
    if because.get("last_resort"):
        parts.append(_("首接负责：属地街道兜底"))
    return sentences(parts)


def _rule(pk: int | None, known: Rules, with_ids: bool) -> str:
    if pk is None:
        return _("没有适用的规则")
    name = str(known[pk]) if pk in known else _("已删除")
    return f"[{pk}] {name}" if with_ids or pk not in known else name


def _match(name: str) -> str:
    names = {
        "category": _("类别"),
        "division": _("区划"),
        "nature": _("诉求类型"),
        "source": _("来源"),
    }
    return names.get(name, name)
