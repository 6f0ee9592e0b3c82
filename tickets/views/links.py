"""What a link in a notice opens: one thing to do, without an account; GET shows, POST acts."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common import clock
from common.errors import Refused
from tickets import links
from tickets.forms.public import PublicForm
from tickets.plain import headline
from tickets.progress import Progress
from tickets.views.doors import only, outside
from tickets.views.follow import done, form_of, thanks


def _refusal(request: HttpRequest, token: str, refused: Refused) -> HttpResponse:
    words = {"refused": refused, "heading": _heading(refused)}
    answer = render(request, "tickets/follow/refused.html", words, status=refused.status)
    for name, value in refused.headers.items():
        answer[name] = value
    return answer


@outside(_refusal)
@only("GET", "HEAD", "POST")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """链接: the one thing it is for, or an honest word why not."""
    at = clock.now()
    found, known = links.look(token, at=at)
    verbs = [verb for verb in links.VERBS[found.purpose] if known.may(verb)]
    chosen = request.POST.get("verb", verbs[0]) if request.method == "POST" else ""
    forms = [form_of(verb, request.POST) if verb == chosen else form_of(verb) for verb in verbs]
    sent = next((form for form in forms if form.is_bound), None)
    if sent is not None and sent.is_valid() and _is_done(found, known, sent, at=at):
        receipt = {"said": thanks(sent.verb, known), "number": known.lead.number}
        return render(request, "tickets/follow/link_done.html", receipt)
    words: dict[str, Any] = {
        "known": known, "forms": forms, "headline": headline(known), "action": request.path,
        "until": links.ends(found, known), "sent": sent,
    }  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "tickets/follow/link.html", words, status=status)


def _is_done(found: links.Link, known: Progress, form: PublicForm, *, at: datetime) -> bool:
    """Acted in the name of the key that the link stands for; else the form says what is wrong."""
    acting = replace(known, key=links.actor(found, at=at))
    return done(acting, form.verb, form, at=at) is not None


def _heading(refused: Refused) -> str:
    return {
        links.Tampered.code: _("链接打不开"),
        links.Expired.code: _("链接已经过期"),
        links.Used.code: _("已经办过了"),
        links.Merged.code: _("诉求已经合并办理"),
        links.Over.code: _("这个链接不再用了"),
    }.get(refused.code, "")
