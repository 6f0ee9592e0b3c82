"""Rule tables out of a folder of CSV files; idempotent, all or nothing."""

import csv
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.law import bump
from grids.models import Division, Unit
from tickets import law
from tickets.models import (
    ApprovalRule,
    Category,
    EscalationPlan,
    EscalationStep,
    HollowPhrase,
    ReasonCode,
    RetentionRule,
    RoutingRule,
    SourcePolicy,
    TimeLimit,
    VerifyRule,
)

FOLDER = Path(__file__).parent / "seed"
Row = dict[str, str]
Built = tuple[type[models.Model], dict[str, Any], dict[str, Any]]
Build = Callable[[Row], Built]


def load_law(folder: Path) -> dict[str, tuple[int, int]]:
    """载入规则: {file: (new, changed)}; a second run changes nothing.

    Raises `Invalid` naming file, line and column; then nothing was loaded.
    """
    with transaction.atomic():
        tallies = {name: _load(folder / f"{name}.csv", build) for name, build in FILES.items()}
        if any(new or changed for new, changed in tallies.values()):
            bump(law.STAMP)
    return tallies


def _load(path: Path, build: Build) -> tuple[int, int]:
    new = changed = 0
    for number, row in _rows(path):
        try:
            model, key, values = build(row)
            before = model._default_manager.filter(**key).values("pk", *values).first()
            if before is None:
                made = model(**key, **values)
                made.full_clean(validate_unique=False)
                made.save()
                new += 1
            elif {name: before[name] for name in values} != values:
                model._default_manager.filter(**key).update(**values)
                changed += 1
        except (KeyError, ValidationError, InvalidOperation, ValueError) as error:
            raise Invalid(
                _("%(file)s 第 %(line)s 行：%(error)s。请改正后重新载入。")
                % {"file": path.name, "line": number, "error": _plain(error)},
                field=path.name,
            ) from error
    return new, changed


def _rows(path: Path) -> Iterable[tuple[int, Row]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from enumerate(csv.DictReader(file), start=2)
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise Invalid(
            _("读不了 %(file)s：要有这个文件，且为 UTF-8 编码的 CSV。") % {"file": path.name},
            field=path.name,
        ) from error


def _plain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)
    if isinstance(error, KeyError):
        return _("缺少列 %(column)s") % {"column": error}
    return str(error)


def _flag(text: str) -> bool:
    return text.strip() == "1"


def _decimal(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _category_id(code: str) -> int | None:
    return _id(Category, code)


def _id(model: Any, code: str) -> int | None:
    if not code:
        return None
    found: int | None = model.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        is_law = model is Category
        cure = "" if is_law or model.objects.exists() else _("；请先用 load_district 载入辖区")
        raise ValueError(_("没有代码 %(code)s") % {"code": code} + cure)
    return found


def _category(row: Row) -> Built:
    values = {
        "name": row["name"], "parent_id": _category_id(row["parent"]),
        "urgency": row["urgency"], "calendar": row["calendar"], "verify_by": row["verify_by"],
        "is_sensitive": _flag(row["is_sensitive"]), "is_dangerous": _flag(row["is_dangerous"]),
        "is_about_staff": _flag(row["is_about_staff"]),
        "needs_after_photo": _flag(row["needs_after_photo"]), "keywords": row["keywords"],
        "basis": row["basis"],
    }  # fmt: skip
    return Category, {"code": row["code"]}, values


def _limit(row: Row) -> Built:
    key = {
        "promise": row["promise"], "category_id": _category_id(row["category"]),
        "urgency": row["urgency"], "valid_from": _date(row.get("valid_from")),
    }  # fmt: skip
    legal = row.get("legal_value") or ""
    values = {
        "value": _decimal(row["value"]), "kind": row["kind"],
        "counting": row["counting"], "calendar": row["calendar"],
        "legal_value": _decimal(legal) if legal else None,
        "legal_kind": row.get("legal_kind") or "",
        "legal_counting": row.get("legal_counting") or "",
        "valid_to": _date(row.get("valid_to")),
    }  # fmt: skip
    return TimeLimit, key, values


def _escalation(row: Row) -> Built:
    pk = _category_id(row["category"])
    plan, _made = EscalationPlan.objects.get_or_create(
        promise=row["promise"], urgency=row["urgency"],
        category=Category.objects.get(pk=pk) if pk else None,
        defaults={"ignores_quiet": _flag(row["ignores_quiet"])},
    )  # fmt: skip
    values = {
        "at_kind": row["at_kind"], "at_value": _decimal(row["at_value"]), "verb": row["verb"],
    }  # fmt: skip
    return EscalationStep, {"plan_id": plan.pk, "nth": int(row["nth"])}, values


def _rule(row: Row) -> Built:
    key = {
        "category_id": _category_id(row["category"]), "division_id": _id(Division, row["division"]),
        "nature": row["nature"], "source": row["source"], "priority": int(row["priority"]),
        "valid_from": None, "valid_to": None,
    }  # fmt: skip
    return RoutingRule, key, {"target": row["target"], "unit_id": _id(Unit, row["unit"])}


def _reason(row: Row) -> Built:
    values = {
        "text": row["text"], "where_to_turn": row["where_to_turn"],
        "is_emergency_transfer": _flag(row["is_emergency_transfer"]), "order": int(row["order"]),
    }  # fmt: skip
    return ReasonCode, {"verb": row["verb"], "code": row["code"]}, values


def _approval_rule(row: Row) -> Built:
    key = {
        "kind": row["kind"], "from_nth": int(row["from_nth"]), "min_days": int(row["min_days"]),
        "after_claim": _flag(row["after_claim"]),
    }  # fmt: skip
    values = {
        "needs_countersign": _flag(row["needs_countersign"]), "decided_by": row["decided_by"],
        "level": row["level"], "priority": int(row["priority"]),
    }  # fmt: skip
    return ApprovalRule, key, values


def _verify_rule(row: Row) -> Built:
    key = {"category_id": _category_id(row["category"]), "nature": row["nature"]}
    return VerifyRule, key, {"verify_by": row["verify_by"]}


def _phrase(row: Row) -> Built:
    return HollowPhrase, {"text": row["text"]}, {}


def _policy(row: Row) -> Built:
    return SourcePolicy, {"source": row["source"]}, {"is_trusted": _flag(row["is_trusted"])}


def _retention_rule(row: Row) -> Built:
    key = {"category_id": _category_id(row["category"]), "origin": row["origin"]}
    return RetentionRule, key, {"code": row["code"], "days": int(row["days"])}


FILES: dict[str, Build] = {
    "categories": _category,
    "verify_rules": _verify_rule,
    "limits": _limit,
    "escalation": _escalation,
    "rules": _rule,
    "reasons": _reason,
    "approval_rules": _approval_rule,
    "hollow_phrases": _phrase,
    "source_policies": _policy,
    "retention_rules": _retention_rule,
}
LABELS: dict[str, Any] = {
    "categories": Category._meta.verbose_name,
    "verify_rules": VerifyRule._meta.verbose_name,
    "limits": TimeLimit._meta.verbose_name,
    "escalation": EscalationStep._meta.verbose_name,
    "rules": RoutingRule._meta.verbose_name,
    "reasons": ReasonCode._meta.verbose_name,
    "approval_rules": ApprovalRule._meta.verbose_name,
    "hollow_phrases": HollowPhrase._meta.verbose_name,
    "source_policies": SourcePolicy._meta.verbose_name,
    "retention_rules": RetentionRule._meta.verbose_name,
}
"""What each file is called on screen."""
