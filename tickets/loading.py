"""Rule tables out of a folder of CSV files; idempotent, all or nothing."""

import csv
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from common.errors import Invalid
from common.law import bump
from common.listing import listed
from grids.models import Division, Unit
from tickets import law
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
from tickets.words import Promise, Urgency

FOLDER = Path(__file__).parent / "seed"
Row = dict[str, str]
Built = tuple[type[models.Model], dict[str, Any], dict[str, Any]]


class Unknown(ValueError):
    """认不得: a cell that cannot be used; the sentence says why."""


class Codes:
    """What has a code, by its code: each table is read once, and again for a code it lacks."""

    def __init__(self) -> None:
        self._known: dict[Any, dict[str, int]] = {}

    def id(self, model: Any, code: str) -> int | None:
        """Raises `Unknown` with the cure where nothing has that code."""
        if not code:
            return None
        if code not in self._known.get(model, ()):
            self._known[model] = dict(model.objects.values_list("code", "pk"))
        found = self._known[model].get(code)
        if found is None:
            is_law = model is Category
            cure = "" if is_law or self._known[model] else _("；请先用 load_district 载入辖区")
            raise Unknown(_("没有代码 %(code)s") % {"code": code} + cure)
        return found

    def category(self, code: str) -> int | None:
        return self.id(Category, code)


Build = Callable[[Row, Codes], Built]
UNUSABLE = (KeyError, ValidationError, DataError, IntegrityError, ValueError, ArithmeticError)


def load_law(folder: Path) -> dict[str, tuple[int, int]]:
    """载入规则: {file: (new, changed)}; a second run changes nothing.

    Raises `Invalid` naming file, line and column; then nothing was loaded.
    """
    with transaction.atomic():
        codes = Codes()
        tallies = {name: _load(folder / f"{name}.csv", FILES[name], codes) for name in FILES}
        if any(new or changed for new, changed in tallies.values()):
            bump(law.STAMP)
    return tallies


def _load(path: Path, build: Build, codes: Codes) -> tuple[int, int]:
    known: dict[tuple[Any, ...], dict[str, Any]] | None = None
    new = changed = 0
    if path.stem in OPTIONAL and not path.exists():
        return 0, 0
    for number, row in _rows(path):
        try:
            model, key, values = build(row, codes)
            if known is None:
                rows = model._default_manager.order_by("-pk").values("pk", *key, *values)
                known = {tuple(one[name] for name in key): one for one in rows}
            before = known.get(tuple(key.values()))
            if before is None:
                before = known[tuple(key.values())] = {**values, "pk": _made(model, key | values)}
                new += 1
            elif {name: before[name] for name in values} != values:
                model._default_manager.filter(pk=before["pk"]).update(**values)
                before |= values
                changed += 1
        except UNUSABLE as error:
            raise Invalid(
                _("%(file)s 第 %(line)s 行：%(error)s。请改正后重新载入。")
                % {"file": path.name, "line": number, "error": plain(error)},
                field=path.name,
            ) from error
    return new, changed


def _made(model: type[models.Model], given: dict[str, Any]) -> Any:
    made = model(**given)
    # what it points at was found by its code a moment ago, and constraints are the database's
    linked = {field.name for field in model._meta.fields if field.is_relation}
    made.full_clean(validate_unique=False, validate_constraints=False, exclude=linked)
    made.save(force_insert=True)
    return made.pk


def _rows(path: Path) -> Iterable[tuple[int, Row]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from enumerate(csv.DictReader(file), start=2)
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise Invalid(
            _("读不了 %(file)s：要有这个文件，且为 UTF-8 编码的 CSV。") % {"file": path.name},
            field=path.name,
        ) from error


def plain(error: Exception) -> str:
    """差错的话: as people say it."""
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)
    if isinstance(error, IntegrityError) and isinstance(error.__cause__, psycopg.Error):
        return _told_by(error.__cause__.diag.constraint_name or "")
    if isinstance(error, DataError):
        return _("有一格太长，或数太大，请改短。")
    if isinstance(error, KeyError):
        return _("缺少列 %(column)s") % {"column": error}
    return str(error)


def _told_by(name: str) -> str:
    """What the constraint of that name says to people."""
    return next(
        (
            str(constraint.get_violation_error_message())
            for model in apps.get_models()
            for constraint in model._meta.constraints
            if constraint.name == name
        ),
        name,
    )


def flag(text: str) -> bool:
    """是否: 1 or 0, and nothing is no."""
    if text.strip() not in ("", "0", "1"):
        raise Unknown(_("“%(value)s”应是 1（是）或 0（否）。") % {"value": text})
    return text.strip() == "1"


def _one_of(text: str, choices: type[models.TextChoices]) -> str:
    """Empty is any."""
    if text not in ("", *choices.values):
        said = {"value": text, "known": listed(choices.values)}
        raise Unknown(_("“%(value)s”不认识，只能是 %(known)s。") % said)
    return text


def _switch(row: Row) -> dict[str, bool]:
    """启用: where the file does not say, what is so stays."""
    return {"is_active": flag(row["is_active"])} if row.get("is_active") else {}


def _decimal(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def day(text: str | None) -> date | None:
    """日期: empty is none."""
    return date.fromisoformat(text) if text else None


def _category(row: Row, codes: Codes) -> Built:
    values = {
        "name": row["name"], "parent_id": codes.category(row["parent"]),
        "urgency": row["urgency"], "calendar": row["calendar"], "verify_by": row["verify_by"],
        "is_sensitive": flag(row["is_sensitive"]), "is_dangerous": flag(row["is_dangerous"]),
        "is_about_staff": flag(row["is_about_staff"]),
        "needs_after_photo": flag(row["needs_after_photo"]), "keywords": row["keywords"],
        "basis": row["basis"], **_similar(row), **_switch(row),
    }  # fmt: skip
    return Category, {"code": row["code"]}, values


def _similar(row: Row) -> dict[str, int]:
    """Where the file does not say, what is so stays."""
    columns = ("similar_metres", "similar_hours")
    return {name: int(row[name]) for name in columns if row.get(name)}


def _limit(row: Row, codes: Codes) -> Built:
    key = {
        "promise": row["promise"], "category_id": codes.category(row["category"]),
        "urgency": row["urgency"], "valid_from": day(row.get("valid_from")),
    }  # fmt: skip
    values = {
        "value": _decimal(row["value"]), "kind": row["kind"],
        "counting": row["counting"], "calendar": row["calendar"],
        "legal_value": _decimal(row["legal_value"]) if row.get("legal_value") else None,
        "legal_kind": row.get("legal_kind") or "",
        "legal_counting": row.get("legal_counting") or "",
        "valid_to": day(row.get("valid_to")),
    }  # fmt: skip
    return TimeLimit, key, values


def _escalation(row: Row, codes: Codes) -> Built:
    promise, urgency = _one_of(row["promise"], Promise), _one_of(row["urgency"], Urgency)
    pk = codes.category(row["category"])
    plan, _is_new = EscalationPlan.objects.get_or_create(
        promise=promise, urgency=urgency,
        category=Category.objects.get(pk=pk) if pk else None,
        defaults={"ignores_quiet": flag(row["ignores_quiet"])},
    )  # fmt: skip
    values = {
        "at_kind": row["at_kind"], "at_value": _decimal(row["at_value"]), "verb": row["verb"],
    }  # fmt: skip
    return EscalationStep, {"plan_id": plan.pk, "nth": int(row["nth"])}, values


def _rule(row: Row, codes: Codes) -> Built:
    key = {
        "category_id": codes.category(row["category"]),
        "division_id": codes.id(Division, row["division"]),
        "nature": row["nature"], "source": row["source"], "priority": int(row["priority"]),
        "valid_from": day(row.get("valid_from")), "valid_to": day(row.get("valid_to")),
    }  # fmt: skip
    return RoutingRule, key, {"target": row["target"], "unit_id": codes.id(Unit, row["unit"])}


def _reason(row: Row, _codes: Codes) -> Built:
    values = {
        "text": row["text"], "where_to_turn": row["where_to_turn"],
        "is_emergency_transfer": flag(row["is_emergency_transfer"]), "order": int(row["order"]),
        **_switch(row),
    }  # fmt: skip
    return ReasonCode, {"verb": row["verb"], "code": row["code"]}, values


def _approval_rule(row: Row, _codes: Codes) -> Built:
    key = {
        "kind": row["kind"], "from_nth": int(row["from_nth"]), "min_days": int(row["min_days"]),
        "after_claim": flag(row["after_claim"]),
    }  # fmt: skip
    values = {
        "needs_countersign": flag(row["needs_countersign"]), "decided_by": row["decided_by"],
        "level": row["level"], "priority": int(row["priority"]),
    }  # fmt: skip
    return ApprovalRule, key, values


def _verify_rule(row: Row, codes: Codes) -> Built:
    key = {"category_id": codes.category(row["category"]), "nature": row["nature"]}
    return VerifyRule, key, {"verify_by": row["verify_by"]}


def _phrase(row: Row, _codes: Codes) -> Built:
    return HollowPhrase, {"text": row["text"]}, {}


def _policy(row: Row, _codes: Codes) -> Built:
    return SourcePolicy, {"source": row["source"]}, {"is_trusted": flag(row["is_trusted"])}


def _retention_rule(row: Row, codes: Codes) -> Built:
    key = {
        "what": row.get("what") or RetentionOf.TICKET,
        "category_id": codes.category(row["category"]), "origin": row["origin"],
    }  # fmt: skip
    return RetentionRule, key, {"code": row["code"], "days": int(row["days"])}


def _standard_answer(row: Row, codes: Codes) -> Built:
    values = {
        "verb": row["verb"], "category_id": codes.category(row["category"]),
        "nature": row["nature"], "title": row["title"], "text": row["text"],
        "order": int(row["order"]), **_switch(row),
    }  # fmt: skip
    return StandardAnswer, {"code": row["code"]}, values


def _checklist_line(row: Row, codes: Codes) -> Built:
    values = {
        "category_id": codes.category(row["category"]), "verb": row["verb"], "text": row["text"],
        "is_required": flag(row["is_required"]), "order": int(row["order"]),
        **_switch(row),
    }  # fmt: skip
    return ChecklistLine, {"code": row["code"]}, values


OPTIONAL = frozenset({"standard_answers", "figures", "checklists"})
"""Folders of an earlier version do without."""


def _figure(row: Row, _codes: Codes) -> Built:
    return FigureRule, {"code": row["code"]}, {"value": _decimal(row["value"]), "text": row["text"]}


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
    "standard_answers": _standard_answer,
    "checklists": _checklist_line,
    "figures": _figure,
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
    "standard_answers": StandardAnswer._meta.verbose_name,
    "checklists": ChecklistLine._meta.verbose_name,
    "figures": FigureRule._meta.verbose_name,
}
"""What each file is called on screen."""
