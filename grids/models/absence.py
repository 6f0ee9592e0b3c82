"""Absence: who acts for whom, from which day to which."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import law

from .people import Person

STAMP = "standins"
SPANS = {"person": "int8range", "since": "daterange"}
"""PostgreSQL's constructors of ranges."""


def _span(begin: str, kind: Any, *, to: str) -> Func:
    return Func(begin, to, Value("[]"), function=SPANS[begin], output_field=kind)


class StandInQuerySet(models.QuerySet["StandIn"]):
    def on(self, day: date) -> "StandInQuerySet":
        """当日: in force on that local date."""
        return self.filter(ended_at=None, since__lte=day, until__gte=day)


class StandIn(models.Model):
    """代班: somebody is away from one day to another, and a colleague acts for them."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="absences", verbose_name=_("离岗人员"),
        help_text=_("这几天不在岗的人；其岗位由代班人行使。"),
    )  # fmt: skip
    stand_in = models.ForeignKey(
        Person, models.PROTECT, related_name="standing_in", verbose_name=_("代班人"),
        help_text=_("可看、可办、收到提醒；不能审批离岗人员提出的申请。"),
    )  # fmt: skip
    since = models.DateField(_("起日"), help_text=_("含当日。"))
    until = models.DateField(_("止日"), help_text=_("含当日。"))
    reason = models.CharField(
        _("事由"), max_length=60, blank=True, help_text=_("如 年休假、培训；不写病情等隐私。")
    )
    made_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("安排人"), help_text=_("本人、单位负责人、值班长或系统管理员。"),
    )  # fmt: skip
    made_at = models.DateTimeField(_("安排时间"), editable=False, help_text=_("何时安排的。"))
    ended_at = models.DateTimeField(
        _("提前结束"), null=True, blank=True, editable=False,
        help_text=_("提前结束的时间；自此立即失效。"),
    )  # fmt: skip
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("结束人"), help_text=_("谁提前结束的。"),
    )  # fmt: skip

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = _("代班")
        verbose_name_plural = pgettext_lazy("plural", "代班")
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__lte=F("until")), name="standin_order",
                violation_error_message=_("止日不能早于起日。"),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("stand_in")), name="standin_not_self",
                violation_error_message=_("代班人不能是离岗人员本人。"),
            ),
            ExclusionConstraint(
                name="standin_one_at_a_time",
                expressions=[
                    # a range of one number: plain numbers would need an extension
                    (_span("person", BigIntegerRangeField(), to="person"), RangeOperators.OVERLAPS),
                    (_span("since", DateRangeField(), to="until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
                violation_error_message=_("这几天已经安排了代班，请先结束原来的。"),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["stand_in", "until"])]

    def __str__(self) -> str:
        return f"{self.stand_in} → {self.person} {self.since}–{self.until}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        # the condition of the last one cannot be told without it
        super().validate_constraints(exclude=set(exclude or ()) - {"ended_at"})


def away(day: date) -> Mapping[int, int]:
    """离岗: who is away on that date, and who acts for them; cached, no statement once known."""
    return law.cache.get(f"{STAMP}.{day}", lambda: _away(day), stamp=STAMP)


def deputy_name(person_id: int, day: date) -> str:
    """代班人姓名: who acts for somebody that day; empty while they are there."""
    names = law.cache.get(f"{STAMP}.names.{day}", lambda: _names(day), stamp=STAMP)
    return names.get(acting(person_id, day), "") if person_id in away(day) else ""


def _names(day: date) -> dict[int, str]:
    return dict(StandIn.objects.on(day).values_list("stand_in_id", "stand_in__name"))


def _away(day: date) -> dict[int, int]:
    return dict(StandIn.objects.on(day).values_list("person_id", "stand_in_id"))


def represented(person_id: int, day: date) -> frozenset[int]:
    """所代的人: also those whose own stand-in is away and handed on to this person."""
    of: defaultdict[int, list[int]] = defaultdict(list)
    for absent, stand_in in away(day).items():
        of[stand_in].append(absent)
    found: set[int] = set()
    waiting = [person_id]
    while waiting:
        new = set(of[waiting.pop()]) - found - {person_id}
        found |= new
        waiting += new
    return frozenset(found)


def deputies(ids: Iterable[int | None], day: date) -> frozenset[int]:
    """代班人: of any of these people, one after another."""
    known = away(day)
    found: set[int] = set()
    for one in ids:
        next_one = known.get(one or 0)
        while next_one is not None and next_one not in found:
            found.add(next_one)
            next_one = known.get(next_one)
    return frozenset(found)


def acting(person_id: int, day: date) -> int:
    """行使人: the person, or who acts for them while they are away."""
    known = away(day)
    passed = {person_id}
    while person_id in known and known[person_id] not in passed:
        person_id = known[person_id]
        passed.add(person_id)
    return person_id
