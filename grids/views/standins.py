"""代班页: who acts for whom, and from when to when."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.forms import CharField, DateField, DateInput, ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.errors import Refused
from common.forms import PageForm
from grids import standins
from grids.models import Person, StandIn


class StandInForm(PageForm):
    """安排代班."""

    person = ModelChoiceField(Person.objects.none(), label=gettext_lazy("离岗人员"))
    stand_in = ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("代班人"),
        help_text=gettext_lazy("代班人可看、可办离岗人员的工单并收到提醒。"),
    )  # fmt: skip
    since = DateField(label=gettext_lazy("起日"))
    until = DateField(label=gettext_lazy("止日"), help_text=gettext_lazy("含当日。"))
    reason = CharField(
        label=gettext_lazy("事由"), required=False, max_length=60,
        help_text=gettext_lazy("如 年休假、培训；不写病情等隐私。"),
    )  # fmt: skip

    def __init__(self, *args: Any, by: Person, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = standins.people_for(by, at=at)
        today = clock.local(at).date().isoformat()
        self._offer("person", people)
        self._offer("stand_in", standins.colleagues(people, at=at))
        for name in ("since", "until"):
            shown = DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": today})
            self.fields[name].widget = shown

    def _offer(self, name: str, people: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = people


@require_http_methods(["GET", "HEAD", "POST"])
def standing_in(request: HttpRequest) -> HttpResponse:
    """代班: the table, and a form to arrange one."""
    by, at = _person(request), clock.now()
    standins.require(by, at=at)
    today = clock.local(at).date()
    given = request.POST if request.method == "POST" else None
    initial = {"person": by.pk, "since": today, "until": today}
    form = StandInForm(given, by=by, at=at, initial=initial)
    if form.is_valid():
        try:
            row = standins.arrange(by=by, at=at, **form.cleaned_data)
            messages.success(request, _said(row))
            return redirect("standins")
        except Refused as refused:
            form.refuse(refused)
    words = {"form": form, "rows": _rows(by, at, today)}
    return render(request, "grids/standins.html", words, status=422 if form.is_bound else 200)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """结束代班."""
    standins.end(pk, by=_person(request), at=clock.now())
    messages.success(request, _("代班已结束，立即生效。"))
    return redirect("standins")


def _said(row: StandIn) -> str:
    return _("%(since)s 至 %(until)s 由%(stand_in)s代%(person)s的班。") % {
        "since": row.since, "until": row.until,
        "stand_in": row.stand_in.name, "person": row.person.name,
    }  # fmt: skip


def _rows(by: Person, at: datetime, today: date) -> list[dict[str, Any]]:
    rows = []
    for row in standins.shown(by, at=at):
        is_over = row.ended_at is not None or row.until < today
        is_on = not is_over and row.since <= today
        rows.append({"row": row, "is_over": is_over, "is_on": is_on, "is_mine": row.stand_in == by})
    return sorted(rows, key=lambda one: (one["is_over"], not one["is_on"]))


def _person(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    return person
