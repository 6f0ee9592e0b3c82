"""规则表文件: the chain's tables as the loaders read them, checked as the administration checks."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from grids.loading.sheets import Problem, Row, Sheet
from grids.loading.tables import Change, Outcome, cell
from tickets import loading, steps
from tickets.loading import FOLDER, Codes
from tickets.models import EscalationPlan, EscalationStep

DATED = ("valid_from", "valid_to")
MORE: dict[str, tuple[str, ...]] = {
    "categories": ("similar_metres", "similar_hours", "is_active"),
    "limits": DATED, "rules": DATED, "reasons": ("is_active",), "standard_answers": ("is_active",),
    "checklists": ("is_active",), "retention_rules": ("what",),
}  # fmt: skip
"""Columns that a folder may leave out: what is so stays."""
BY_PLAN = {name: f"plan.{name}" for name in ("promise", "category", "urgency", "ignores_quiet")}


class Cells(dict[str, str]):
    """一行: remembers which cell was read last, which is the one that could not be used."""

    last = ""

    def __getitem__(self, name: str) -> str:
        self.last = name
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.last = name
        return super().get(name, default)


@dataclass(frozen=True)
class LawTable:
    """规则表 of the chain: `name` is its file's, `form` what the administration checks with."""

    name: str
    model: type[models.Model]
    form: type[forms.ModelForm] = forms.ModelForm
    paths: Mapping[str, str] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    """Where no seed tells it."""
    build: loading.Build | None = None

    @cached_property
    def sheet(self) -> Sheet:
        """As the seed has it, and what else may be said."""
        if self.header:
            return Sheet(f"{self.name}.csv", self.header)
        with (FOLDER / f"{self.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            header = tuple(next(csv.reader(file)))
        more = MORE.get(self.name, ())
        known = tuple(name for name in header if name not in more)
        return Sheet(f"{self.name}.csv", known, more)

    @property
    def guarded(self) -> tuple[type[models.Model], ...]:
        return (self.model,)

    def lines(self) -> Iterator[Sequence[str]]:
        """All rows in their order."""
        names = self.sheet.required + self.sheet.optional
        linked = [one.name for one in self.model._meta.fields if one.is_relation]
        for row in self.model._default_manager.select_related(*linked).order_by("pk"):
            yield [cell(_value(row, self.paths.get(name, name))) for name in names]

    def write(self, rows: list[Row]) -> Outcome:
        """Each row by itself, so that all that is wrong is told at once."""
        told, codes, known = Outcome(), Codes(), _Known()
        for row in rows:
            self._take(row, codes, known, told)
        return told

    def _take(self, row: Row, codes: Codes, known: "_Known", told: Outcome) -> None:
        cells = Cells(row.cells)
        build = self.build or loading.FILES[self.name]
        try:
            with transaction.atomic():
                model, key, values = build(cells, codes)
                self._put(row, known.find(model, key, row), key, values, told)
        except (DataError, IntegrityError) as error:
            row.wrong("", loading.plain(error))
        except (KeyError, ValueError, ArithmeticError) as error:
            row.wrong(cells.last, _unusable(error, cells, cells.last))

    def _put(
        self, row: Row, found: Any, key: dict[str, Any], values: dict[str, Any], told: Outcome
    ) -> None:
        if found is None:
            return  # twice in the file, and said so
        is_new = found._state.adding
        before = {name: getattr(found, name) for name in values}
        if not is_new and before == values:
            told.same += 1
            return
        for name, value in values.items():
            setattr(found, name, value)
        if not self._is_sound(row, found):
            return
        if is_new:
            found.save(force_insert=True)
        else:
            found.save(update_fields=list(values))
        what = tuple(
            f"{name.removesuffix('_id')}: {cell(before[name])} → {cell(value)}"
            for name, value in values.items()
            if before[name] != value
        )
        told.changes.append(Change(row.line, str(found), is_new, () if is_new else what))

    def _is_sound(self, row: Row, found: models.Model) -> bool:
        """By the form of the administration, so that no file gets past its checks."""
        form = self._form_of(type(found))
        fields = form.base_fields
        given = {name: _typed(found, name) for name in fields}
        errors = form(given, instance=found).errors
        for name, sentences in errors.items():
            for sentence in sentences:
                column = name if name in row.cells else _column_of(found, str(sentence), row)
                row.wrong(column, str(sentence))
        return not errors

    def _form_of(self, model: type[models.Model]) -> Any:
        return forms.modelform_factory(model, form=self.form, fields="__all__")


@dataclass(frozen=True)
class StepTable(LawTable):
    """升级方案: its steps together must lead from the first reminder to one that repeats."""

    @property
    def guarded(self) -> tuple[type[models.Model], ...]:
        return (EscalationPlan, EscalationStep)

    def write(self, rows: list[Row]) -> Outcome:
        known = {_plan_key(plan): cell(plan.ignores_quiet) for plan in _plans()}
        new: dict[tuple[str, ...], str] = {}
        for row in rows:
            key = tuple(row.cells[name] for name in ("promise", "category", "urgency"))
            quiet = row.cells["ignores_quiet"] or "0"
            if known.get(key, quiet) != quiet:
                row.wrong("ignores_quiet", _("与现有方案不一样；这一项请在升级方案的页面上改。"))
            elif new.setdefault(key, quiet) != quiet:
                row.wrong("ignores_quiet", _("同一方案的各行要一样，请改正。"))
        told = super().write(rows)
        for plan in EscalationPlan.objects.prefetch_related("steps"):
            fault = steps.fault(sorted(plan.steps.all(), key=lambda step: step.nth))
            if fault:
                told.problems.append(Problem(self.sheet.file, None, "", f"{plan}: {fault}"))
        return told


class _Known:
    """已有的行: by their keys; read once, and which line of the file named them first."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Any, ...], Any] | None = None
        self._lines: dict[tuple[Any, ...], int] = {}

    def find(self, model: Any, key: dict[str, Any], row: Row) -> Any:
        """The row of that key, a new one where there is none, nothing for the second time."""
        if self._rows is None:
            rows = model._default_manager.order_by("-pk")
            self._rows = {tuple(getattr(one, name) for name in key): one for one in rows}
        mark = tuple(key.values())
        if mark in self._lines:
            row.wrong("", _("与第 %(line)s 行是同一条，请删去其一。") % {"line": self._lines[mark]})
            return None
        self._lines[mark] = row.line
        return self._rows.get(mark) or model(**key)


def _column_of(found: models.Model, sentence: str, row: Row) -> str:
    """Which cells the rule of the database is about that says this."""
    for rule in found._meta.constraints:
        told = rule.get_violation_error_message()
        meant = getattr(getattr(rule, "condition", None), "referenced_base_fields", ())
        if isinstance(rule, models.CheckConstraint) and str(told) == sentence:
            return "、".join(name for name in row.cells if name in meant)
    return ""


def _plans() -> models.QuerySet[EscalationPlan]:
    return EscalationPlan.objects.select_related("category")


def _plan_key(plan: EscalationPlan) -> tuple[str, ...]:
    return plan.promise, cell(plan.category), plan.urgency


def _value(row: Any, path: str) -> Any:
    for part in path.split("."):
        row = getattr(row, part, None)
    return row


def _typed(found: models.Model, name: str) -> Any:
    """As a browser would send it."""
    known: Any = found._meta.get_field(name)
    value = known.value_from_object(found)
    if isinstance(value, bool):
        return "on" if value else None
    return cell(value)


def _unusable(error: Exception, cells: Mapping[str, str], column: str) -> str:
    if isinstance(error, loading.Unknown):
        return str(error)
    said = {"value": cells.get(column, "")}
    if column in DATED:
        return _("“%(value)s”不是日期，请写成 2026-01-31 的样子。") % said
    return _("“%(value)s”应是数字。") % said
