"""管理后台: calendars and the years of holidays."""

from collections.abc import Collection
from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin import HouseAdmin
from grids import calendars, dates
from grids.admin.tables import TableAdmin
from grids.loading import years
from grids.loading.sheets import Unloadable
from grids.loading.weeks import CalendarTable
from grids.models import CalendarDay, CalendarSlot, CalendarYear, DayKind, WorkCalendar

MOST_BYTES = 200_000


def kept(formset: BaseInlineFormSet) -> list[dict[str, Any]]:
    """What the rows that stay say."""
    return [
        form.cleaned_data
        for form in formset.forms
        if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
    ]


class SlotFormSet(BaseInlineFormSet):
    """时段: within one day, in order, not overlapping; at least one."""

    def clean(self) -> None:
        super().clean()
        rows = kept(self)
        names = ("weekday", "opens_min", "closes_min")
        if any(name not in row for row in rows for name in names):
            return
        slots = sorted(tuple(row[name] for name in names) for row in rows)
        if not slots:
            raise forms.ValidationError(gettext("日历至少要有一个工作时段。"))
        for before, after in pairwise(slots):
            if before[0] == after[0] and after[1] < before[2]:
                raise forms.ValidationError(gettext("同一天的两个时段重叠，请改正。"))


class SlotInline(admin.TabularInline):
    model = CalendarSlot
    formset = SlotFormSet
    extra = 0


class TimeAdmin(HouseAdmin):
    """日历后台: every change raises stamp and revision, in its own transaction."""

    def touch(self, obj: Any) -> None:
        raise NotImplementedError

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            self.touch(form.instance)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        with transaction.atomic():
            self.touch(obj)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        with transaction.atomic():
            for obj in queryset:
                self.touch(obj)
            super().delete_queryset(request, queryset)


@admin.register(WorkCalendar)
class WorkCalendarAdmin(TableAdmin, TimeAdmin):
    table = CalendarTable()
    law_stamps = (calendars.STAMP,)
    inlines = (SlotInline,)
    list_display = ("code", "name", "observes_holidays", "cut_off_min", "day_start_min")
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Clocks and limits name a calendar by its code: it stays."""
        return ("code",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A calendar that is gone would leave promises nobody can reckon."""
        return False

    def touch(self, obj: WorkCalendar) -> None:
        calendars.touched({obj.code})


class DayFormSet(BaseInlineFormSet):
    """特殊日期: of this year, sensible each by itself, and some day is left to work."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not dates.is_year(self.instance.year or 0):
            return
        weeks = calendars.weeks()
        observing = WorkCalendar.objects.filter(observes_holidays=True)
        general = dates.working_weekdays(weeks, list(observing.values_list("code", flat=True)))
        works = {}
        for form in self.forms:
            row = getattr(form, "cleaned_data", None)
            if not row or row.get("DELETE"):
                continue
            day, own = row["date"], row.get("calendar")
            if own is None:
                works[day] = row["kind"] != DayKind.OFF
            weekdays = dates.working_weekdays(weeks, [own.code]) if own else general
            self._check(form, day, weekdays)
        sentence = dates.year_complaint(self.instance.year, works, general)
        if sentence:
            raise forms.ValidationError(sentence)

    def _check(self, form: Any, day: date, weekdays: Collection[int]) -> None:
        row = form.cleaned_data
        found = dates.complaints(
            day, row["kind"], row.get("works_as"), row.get("hours") or "", weekdays
        )
        if day.year != self.instance.year:
            wrong = gettext("这一天不在 %(year)s 年，请改正。") % {"year": self.instance.year}
            found["date"] = wrong
        for name, sentence in found.items():
            form.add_error(name, sentence)


class DayInline(admin.TabularInline):
    model = CalendarDay
    formset = DayFormSet
    fields = ("date", "kind", "name", "calendar", "works_as", "hours")
    extra = 0


class YearForm(forms.ModelForm):
    """年度: typed in day by day, or as the file that load_year reads."""

    upload = forms.FileField(
        label=_("CSV 文件"), required=False,
        help_text=_(
            "列为 date,kind,name（可加 works_as,hours,calendar）；这一年的节假日以文件为准。"
        ),
    )  # fmt: skip
    wanted: years.Years | None = None

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if self.instance.pk and year != self.instance.year:
            raise forms.ValidationError(gettext("年份不能改；请另建一个年度。"))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        upload = cleaned.get("upload")
        if not upload or self.errors:
            return cleaned
        if upload.size > MOST_BYTES:
            self.add_error("upload", gettext("文件太大；一年的节假日不到 20 KB。"))
            return cleaned
        try:
            text = upload.read().decode("utf-8-sig")
            self.wanted = years.of_text(text, upload.name[:200], cleaned["year"])
        except UnicodeDecodeError:
            self.add_error("upload", gettext("不是 UTF-8 编码，请另存为 UTF-8 后重试。"))
        except Unloadable as refused:
            self.add_error("upload", [str(problem) for problem in refused.problems])
        return cleaned


@admin.register(CalendarYear)
class CalendarYearAdmin(TimeAdmin):
    form = YearForm
    inlines = (DayInline,)
    list_display = ("year", "status", "source", "loaded_at")
    list_filter = ("status",)
    search_fields = ("year", "source")
    fields = ("year", "status", "source", "upload")

    def touch(self, obj: CalendarYear) -> None:
        own = obj.days.exclude(calendar=None).values_list("calendar__code", flat=True)
        calendars.touched(set(own), holidays=True)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        with transaction.atomic():
            self.touch(form.instance)  # also calendars whose last day of this year is taken away
            super().save_related(request, form, formsets, change)
            if form.wanted is not None:
                form.wanted.source = form.instance.source or form.wanted.source
                years.write(form.wanted, form.instance.status, at=clock.now())
