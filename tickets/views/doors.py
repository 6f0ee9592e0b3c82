"""What the views share: who asks, which ticket, which method."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common.errors import NotVisible, Refused
from common.pages import refusal
from grids.login.gate import after_factor
from grids.models import Person
from tickets.forms.fields import NUMBER
from tickets.models import Ticket
from tickets.standing import Reader

STOP_POLLING = 286
"""What htmx understands as: do not ask again."""
View = Callable[..., HttpResponse]
SHOWN = (
    "handler", "building", "reporter", "reported_by", "about_person",
)  # fmt: skip


def person_of(request: HttpRequest) -> Person:
    """登录人: pages of the chain are behind the login."""
    person = request.user
    assert isinstance(person, Person)
    return person


def find(person: Reader, number: str, *, at: datetime, with_text: bool = False) -> Ticket:
    """找工单: what this person may not know of does not exist.

    `with_text`: with the report as `text` and other systems' numbers, in the same statement.
    """
    visible = Ticket.objects.visible_to(person, at).with_lead()
    visible = visible.with_text().with_external() if with_text else visible
    found = None
    if NUMBER.fullmatch(number):
        found = visible.select_related(*SHOWN).filter(number=number).first()
    if found is None:
        raise NotVisible(_("没有这张工单，请核对编号。"))
    return found


def only(*methods: str) -> Callable[[View], View]:
    """只接受: other methods get 405 and a sentence."""

    def wrap(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in methods:
                return view(request, *args, **kwargs)
            sentence = _("这个地址不能这样打开，请从工单页面的按钮操作。")
            answer = refusal(request, sentence, HTTPStatus.METHOD_NOT_ALLOWED)
            answer["Allow"] = ", ".join(methods)
            return answer

        door.methods = methods  # type: ignore[attr-defined]
        return door

    return wrap


reading = only("GET", "HEAD")
posting = only("POST")


def polled(over: str) -> Callable[[View], View]:
    """再问: a piece that an open page asks for again; `over` tells whose login has ended."""

    def wrap(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return render(request, over, status=STOP_POLLING)
            return view(request, *args, **kwargs)

        return after_factor(login_not_required(reading(door)))

    return wrap


def outside(refuse: Callable[[HttpRequest, str, Refused], HttpResponse]) -> Callable[[View], View]:
    """外部门: open to whoever holds the token; nothing is kept, indexed or told to others."""

    def wrap(view: View) -> View:
        @login_not_required
        @wraps(view)
        def door(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            try:
                answer = view(request, token, **kwargs)
            except Refused as refused:
                answer = refuse(request, token, refused)
            answer["Referrer-Policy"] = "no-referrer"
            answer["X-Robots-Tag"] = "noindex, nofollow"
            answer.headers.setdefault("Cache-Control", "no-store, private")
            return answer

        return door

    return wrap
