"""发出以前: where the rules would send it, what the reporter would read."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common import clock
from common.errors import Invalid
from grids.models import Unit
from tickets import because, choices, desks, law, texts
from tickets.models import Category
from tickets.views.doors import find, person_of, posting, reading
from tickets.views.ticket import ANSWERS


@reading
def reasons(request: HttpRequest, number: str) -> HttpResponse:
    """派单预告: were it of the `category`, and about the `about_unit`, that the form has now."""
    person, at = person_of(request), clock.now()
    desks.require(person, at=at)
    ticket = find(person, number, at=at)
    told = because.preview(
        ticket, at=at, category=_category(request.GET.get("category", "")),
        about_unit=_unit(request.GET.get("about_unit", "")),
    )  # fmt: skip
    return render(request, "tickets/desk/_because.html", {"because": told})


@posting
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """预览: the answer as its reporter will read it, and what of it counts."""
    person, at = person_of(request), clock.now()
    desks.require(person, at=at)
    ticket = find(person, number, at=at)
    typed = next((request.POST[name] for name in ANSWERS if name in request.POST), "")
    text = texts.check_optional(typed)
    gate = texts.hollowness(text, law.hollow_phrases())
    words = {
        "ticket": ticket, "known": {"answer": {"text": text, "at": at}}, "gate": gate,
        "gaps": " ".join(dict.fromkeys(texts.PLACEHOLDER.findall(text))),
        "crossed": bool(gate.crossed), "pieces": list(pieces(text, gate.crossed)),
    }  # fmt: skip
    return render(request, "tickets/desk/_preview.html", words)


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[bool, str]]:
    """分段: the text in order, each piece with whether it was crossed out."""
    at = 0
    for start, end in spans:
        yield False, text[at:start]
        yield True, text[start:end]
        at = end
    yield False, text[at:]


def _category(code: str) -> Category | None:
    if not code:
        return None
    found = choices.category(code)
    if found is None:
        raise Invalid(_("没有这个类别，请从列表中选择。"), field="category")
    return found


def _unit(text: str) -> Unit | None:
    """What is half typed names no unit yet."""
    code = text.split(" ")[0]
    return next((row for row in choices.units() if row.code == code), None)
