"""The rule tables of the chain, read once per process and version (DESIGN §2 law 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.db.models import F
from django.utils.translation import gettext as _

from common import known
from common.errors import Impossible, Invalid
from common.law import cache
from tickets.models import (
    ApprovalRule,
    Category,
    ChecklistLine,
    EscalationPlan,
    EscalationStep,
    FigureRule,
    HollowPhrase,
    ReasonCode,
    RetentionRule,
    RoutingRule,
    SourcePolicy,
    StandardAnswer,
    TimeLimit,
    VerifyRule,
)
from tickets.models.retention import RetentionOf


class NotReady(Impossible, LookupError):
    """未就绪: a table that the chain cannot do without is empty."""


STAMP = Category.STAMP
T = TypeVar("T")


def categories() -> dict[int, Category]:
    """类别表: every category by id, active or not."""
    return known.rows(Category)


Where = tuple[str, int | None, str]
"""A promise, a category or any, an urgency or any."""


@dataclass(frozen=True, slots=True)
class Plan:
    """升级方案: its steps in order."""

    rows: tuple[EscalationStep, ...]
    ignores_quiet: bool


def limits() -> dict[Where, tuple[TimeLimit, ...]]:
    """时限表: by (promise, category id, urgency), the newest version first."""
    return _table("limits", _limits)


def _limits() -> dict[Where, tuple[TimeLimit, ...]]:
    found: dict[Where, tuple[TimeLimit, ...]] = {}
    for row in TimeLimit.objects.order_by(F("valid_from").desc(nulls_last=True)):
        key = (row.promise, row.category_id, row.urgency)
        found[key] = (*found.get(key, ()), row)
    return found


def plan_for(promise: str, category_id: int | None, urgency: str) -> Plan:
    """升级方案: the most specific one: promise before category before urgency.

    Raises NotReady when there is none at all.
    """
    plans = _table("plans", _plans)
    category = categories().get(category_id or 0)
    chain = [pk for pk in (category_id, category and category.parent_id) if pk]
    for wanted in (promise, ""):
        for place in (*chain, None):
            for pace in (urgency, ""):
                found = plans.get((wanted, place, pace))
                if found is not None:
                    return found
    raise NotReady(_("升级方案还没有载入，请系统管理员先运行 load_law。"))


def _plans() -> dict[Where, Plan]:
    rows = EscalationPlan.objects.prefetch_related("steps")
    return {
        (row.promise, row.category_id, row.urgency): Plan(
            tuple(sorted(row.steps.all(), key=lambda step: step.nth)), row.ignores_quiet
        )
        for row in rows
    }


def rules() -> list[RoutingRule]:
    """派单规则表: units by id only, they change without a rise of this stamp."""
    return _table("rules", lambda: list(RoutingRule.objects.select_related("division")))


def approval_rules() -> list[ApprovalRule]:
    """审批规则表."""
    return _table("approval_rules", lambda: list(ApprovalRule.objects.all()))


def verify_rules() -> dict[tuple[int | None, str], str]:
    """核查规则表: verification by (category id or None, nature)."""
    return _table(
        "verify_rules",
        lambda: {(row.category_id, row.nature): row.verify_by for row in VerifyRule.objects.all()},
    )


def retention() -> dict[tuple[int | None, str], RetentionRule]:
    """保存规则表 of tickets: by (category id or None, origin)."""
    return _table(
        "retention",
        lambda: {
            (row.category_id, row.origin): row
            for row in RetentionRule.objects.filter(what=RetentionOf.TICKET)
        },
    )


def hollow_phrases() -> list[str]:
    """空话表: longest first, so that parts of a phrase do not survive it."""
    return _table(
        "hollow",
        lambda: sorted(HollowPhrase.objects.values_list("text", flat=True), key=len, reverse=True),
    )


def standard_answers() -> list[StandardAnswer]:
    """标准答复: those in use, in order."""
    return _table("standard", lambda: list(StandardAnswer.objects.filter(is_active=True)))


def checklist() -> dict[str, ChecklistLine]:
    """核对项: every line by its code, in order; also those no longer asked."""
    return _table("checklist", lambda: {row.code: row for row in ChecklistLine.objects.all()})


def trusted_sources() -> frozenset[str]:
    """可信来源."""
    return _table(
        "sources",
        lambda: frozenset(
            SourcePolicy.objects.filter(is_trusted=True).values_list("source", flat=True)
        ),
    )


def figures() -> dict[str, Decimal]:
    """指标参数: by code; whoever reckons brings what holds where a row is missing."""
    return _table("figures", lambda: dict(FigureRule.objects.values_list("code", "value")))


def reasons(verb: str) -> list[ReasonCode]:
    """可选理由: active reason codes of a verb, in order."""
    return [row for row in _reasons().values() if row.verb == verb and row.is_active]


def find_reason(verb: str, code: str) -> ReasonCode | None:
    """理由: the active row, or None."""
    row = _reasons().get((verb, code))
    return row if row is not None and row.is_active else None


def reason(verb: str, code: str, *, field: str = "reason") -> ReasonCode:
    """理由: the active row, or `Invalid` naming the field."""
    row = find_reason(verb, code)
    if row is None:
        raise Invalid(_("没有理由代码“%(code)s”，请从列表中选择。") % {"code": code}, field=field)
    return row


def reason_text(verb: str, code: str) -> str:
    """理由文字: also of codes no longer in use; an unknown code shows itself."""
    row = _reasons().get((verb, code))
    return row.text if row else code


def _reasons() -> dict[tuple[str, str], ReasonCode]:
    return _table(
        "reasons", lambda: {(row.verb, row.code): row for row in ReasonCode.objects.all()}
    )


def _table(name: str, loader: Callable[[], T]) -> T:
    return cache.get(f"{STAMP}.{name}", loader, stamp=STAMP)
