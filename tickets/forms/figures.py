"""The filter of the figures; every value comes from the address and may be bad."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.forms import ChoiceField, DateField, HiddenInput
from django.utils.translation import gettext_lazy as _

from common import clock, known
from grids.models import Division, Level, Person, Unit
from tickets import choices
from tickets.figures import periods
from tickets.figures import scope as scopes
from tickets.figures.periods import Kind, Period
from tickets.figures.scope import Scope, Slice
from tickets.forms.base import date_input
from tickets.forms.filters import ANY, AskedForm, in_reason

LONGEST = 400  # days
NONE = "-"
"""In the address: where there is none."""
PLAIN = "0"
STAFF = [("", _("都算")), (PLAIN, _("不算"))]
KINDS = [
    (Kind.DAY.value, _("日报")), (Kind.WEEK.value, _("周报")), (Kind.MONTH.value, _("月报")),
]  # fmt: skip


class FigureForm(AskedForm):
    """数据范围: all optional; by itself the last four weeks of all that is theirs."""

    since = DateField(label=_("自"), required=False, widget=date_input())
    until = DateField(label=_("至"), required=False, widget=date_input())
    street = ChoiceField(label=_("街道"), required=False)
    unit = ChoiceField(label=_("单位"), required=False)
    category = ChoiceField(label=_("类别"), required=False)
    grid = ChoiceField(label=_("网格"), required=False, widget=HiddenInput)
    staff = ChoiceField(label=_("反映工作人员的"), required=False, choices=STAFF)

    def __init__(self, data: Any, *, person: Person, at: datetime) -> None:
        super().__init__(data)
        self.person, self.at = person, at
        offered: dict[str, Sequence[Any]] = {
            "street": [*_streets(person, at), (NONE, _("只知在区内"))],
            "unit": [*((row.code, row.name) for row in choices.units()), (NONE, _("受理台"))],
            "category": [*choices.category_groups(with_majors=True), (NONE, _("未定类别"))],
            "grid": [(row.code, row.name) for row in known.rows(Division).values()],
        }
        for name, groups in offered.items():
            if name not in self.fields:
                continue
            field = self.fields[name]
            assert isinstance(field, ChoiceField)
            field.choices = [*ANY, *groups]

    def clean_since(self) -> date | None:
        return in_reason(self.cleaned_data["since"])

    def clean_until(self) -> date | None:
        return in_reason(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = self._days()
        if first > last:
            self.add_error("until", _("“至”要不早于“自”，请改其中一个。"))
        elif (last - first).days >= LONGEST:
            self.add_error("since", _("一次最多看 400 天，请把“自”往后移。"))
        return given

    def scope(self) -> Scope:
        """范围: what was asked for; what is usual where something is wrong."""
        wanted = self.cleaned_data if self.is_valid() else {}
        first, last = self._days() if self.is_valid() else scopes.usual(self.at)
        return Scope(
            self.person, self.at, first, last,
            subdistrict=_slice(Division, wanted.get("street", "")),
            unit=_slice(Unit, wanted.get("unit", "")),
            category=_of_category(wanted.get("category", "")),
            grid=_slice(Division, wanted.get("grid", "")),
            asked=self.chosen() if self.is_valid() else {},
            is_plain=wanted.get("staff") == PLAIN,
        )  # fmt: skip

    def _days(self) -> tuple[date, date]:
        first, last = scopes.usual(self.at)
        given = self.cleaned_data
        last = given.get("until") or last
        return given.get("since") or min(first, last), last


class ReportForm(FigureForm):
    """一期报告: which kind, of which day; the last one that is over where none is said."""

    since = until = staff = grid = None  # type: ignore[assignment]
    kind = ChoiceField(
        label=_("报告"), required=False, choices=[("", ""), *KINDS], widget=HiddenInput,
        help_text=_("日报、周报或月报；默认月报。"),
    )  # fmt: skip
    on = DateField(
        label=_("哪一期"), required=False, widget=date_input(),
        help_text=_("那一期里的任意一天；默认最近结束的一期。"),
    )  # fmt: skip
    field_order = ("on", "street", "unit", "category", "kind")

    def clean_on(self) -> date | None:
        return in_reason(self.cleaned_data["on"])

    @property
    def period(self) -> Period:
        """哪一期."""
        wanted = self.cleaned_data if self.is_valid() else {}
        kind, day = Kind(wanted.get("kind") or Kind.MONTH), wanted.get("on")
        if day is None:
            return periods.latest(kind, clock.local(self.at).date())
        return periods.of(kind, day)

    def scope(self) -> Scope:
        """范围, whose days are those of the period; the rows behind are asked for likewise."""
        found = super().scope()
        kept = {name: found.asked[name] for name in found.asked if name not in ("kind", "on")}
        return replace(found, asked={**kept, "staff": PLAIN})

    def _days(self) -> tuple[date, date]:
        return scopes.usual(self.at)


def _streets(person: Person, at: datetime) -> list[tuple[str, str]]:
    mine = scopes.streets_of(person, at)
    return [
        (row.code, row.name)
        for row in choices.places().values()
        if row.level == Level.SUBDISTRICT and (mine is None or row.pk in mine)
    ]


def _slice(model: Any, code: str) -> Slice:
    if not code:
        return frozenset()
    if code == NONE:
        return frozenset({None})
    return frozenset(row.pk for row in known.rows(model).values() if row.code == code)


def _of_category(code: str) -> Slice:
    if not code:
        return frozenset()
    if code == NONE:
        return frozenset({None})
    return frozenset(choices.category_ids(code))
