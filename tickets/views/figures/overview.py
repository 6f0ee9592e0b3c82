"""数据: where the promises are kept and where not, and the rows behind each number."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.errors import Invalid
from grids.models import Person
from tickets import boards
from tickets.figures import behind as behind_
from tickets.figures import counting, facts, scoring, showing
from tickets.figures import scope as scopes
from tickets.figures.behind import Asked
from tickets.figures.cards import Card
from tickets.figures.counting import CATEGORY, STREET, UNIT, WEEK
from tickets.figures.facts import Measure
from tickets.figures.scope import Scope
from tickets.forms.figures import FigureForm
from tickets.views.doors import person_of, reading
from tickets.views.ticket import nav

ALL = "all"


@reading
def overview(request: HttpRequest) -> HttpResponse:
    """数据: four promises, three rates, where they break; by street, unit, category and week."""
    person, at, form = asked(request)
    scope = form.scope()
    found = counting.count(scope)
    made = showing.numbers(scope, found.now, found.before)
    words = {
        "promises": made[: len(facts.FOUR)], "rates": made[len(facts.FOUR) :],
        "missed": showing.missed(found.now), "breaks": showing.breaks(scope, found),
        "composite": showing.composite(found), "before": showing.before_told(scope),
        "tables": _tables(scope, found, request.GET.get(ALL, "")),
        "weeks": showing.table(scope, found, WEEK),
        **frame(form, scope), **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/figures/overview.html", words, status=status_of(form))


@reading
def behind(request: HttpRequest) -> HttpResponse:
    """明细: the rows that a number counts, each once, the latest first."""
    person, at, form = asked(request)
    form.check()
    scope = form.scope()
    measure, part = measure_of(request.GET), part_of(request.GET)
    page = boards.page(
        behind_.rows(scope, measure, part), behind_.order_of(measure),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    here: dict[str, str] = {"m": measure, "part": part}
    beside = {"before": page.previous, "after": page.next}
    words = {
        "lines": behind_.told(person, page.rows, measure, at=at), "measure": measure,
        "label": scoring.label_of(measure), "part": part, "parts": _parts(scope, measure, part),
        "is_rated": measure in facts.RATED, "is_card": isinstance(measure, Card),
        "bad": BAD.get(measure, ""), "told": form.told(),
        "asked": showing.query(scope, **here), "first": scope.first, "last": scope.last,
        "back": f"{reverse(_page_of(measure))}?{urlencode(showing.query(scope))}",
        "neighbours": {
            way: showing.address(scope, **here, **{way: cursor}) if cursor else ""
            for way, cursor in beside.items()
        },
        **nav(person, at),
    }  # fmt: skip
    return render(request, "tickets/figures/behind.html", words)


def _page_of(measure: Asked) -> str:
    return "figures_cards" if isinstance(measure, Card) else "figures"


def asked(request: HttpRequest) -> tuple[Person, datetime, FigureForm]:
    """谁看什么: raises `NotYours` for who has no post for it."""
    person, at = person_of(request), clock.now()
    scopes.require(person, at=at)
    return person, at, FigureForm(request.GET, person=person, at=at)


def frame(form: FigureForm, scope: Scope, **more: str) -> dict[str, Any]:
    """页头: period, filter, and how to ask for another."""
    kept = {name: value for name, value in scope.asked.items() if name not in ("since", "until")}
    spans = [
        {
            "text": text, "is_here": (first, last) == (scope.first, scope.last),
            "url": "?" + urlencode(kept | more | {"since": first, "until": last}),
        }
        for text, first, last in scopes.spans(scope.at)
    ]  # fmt: skip
    return {
        "form": form, "spans": spans, "first": scope.first, "last": scope.last,
        "chosen": [one for one in form.told() if one[0] not in (_("自"), _("至"))],
        "asked": showing.query(scope), "at": scope.at, "more": more,
    }  # fmt: skip


def status_of(form: FigureForm) -> HTTPStatus:
    """What was asked for wrongly is said, beside what is usual."""
    return HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY


def measure_of(given: Mapping[str, Any]) -> Asked:
    """指标; `Invalid` when there is none of that name."""
    name = str(given.get("m", Measure.RESOLVE))
    kinds: tuple[type[Asked], ...] = (Measure, Card)
    for kind in kinds:
        if name in kind.__members__.values():
            return kind(name)
    raise Invalid(_("没有这个指标，请从“数据”页的数字进入。"), field="m")


def part_of(given: Mapping[str, Any]) -> str:
    """哪一部分: all that were due, kept, or not kept."""
    part = str(given.get("part", facts.DUE))
    if part not in facts.PARTS:
        raise Invalid(_("没有这一部分，请从“数据”页的数字进入。"), field="part")
    return part


def _tables(scope: Scope, found: counting.Counted, whole: str) -> list[dict[str, Any]]:
    titles = {STREET: _("按街道"), UNIT: _("按单位"), CATEGORY: _("按类别")}
    made = []
    for name, title in titles.items():
        count = len(found.by[name])
        rows = showing.table(scope, found, name, None if whole == name else showing.FIRST)
        more = f"?{urlencode(showing.query(scope, all=name))}#by-{name}"
        made.append({
            "name": name, "title": title, "rows": rows, "count": count,
            "more": more if len(rows) < count else "",
        })  # fmt: skip
    return made


BAD: dict[Asked, LazyText] = {
    Measure.CONTENT: gettext_lazy("不满意的"), Card.REWORKED: gettext_lazy("返工的"),
    Card.RETURNED: gettext_lazy("退单的"), Card.PLACED: gettext_lazy("没有派对的"),
    Card.VALID: gettext_lazy("没有成立的"), Card.FOUND: gettext_lazy("别人上报的"),
}  # fmt: skip
GOOD: dict[Asked, LazyText] = {
    Measure.CONTENT: gettext_lazy("满意的"), **dict.fromkeys(Card, gettext_lazy("其余的")),
}  # fmt: skip


def _parts(scope: Scope, measure: Asked, part: str) -> list[dict[str, Any]]:
    is_rated = measure in facts.RATED
    texts = {
        facts.DUE: _("全部评价") if is_rated else _("全部") if isinstance(measure, Card)
        else _("全部到期"),
        facts.MISSED: BAD.get(measure, _("没有做到")), facts.MET: GOOD.get(measure, _("做到了")),
    }  # fmt: skip
    return [
        {"text": text, "is_here": one == part, "url": showing.address(scope, m=measure, part=one)}
        for one, text in texts.items()
    ]
