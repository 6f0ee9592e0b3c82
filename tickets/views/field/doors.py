"""Who comes in: whoever walks a grid; every answer says for whom it was made."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from common import clock
from common.api import PERSON_HEADER
from common.errors import NotYours
from grids.models import Person
from tickets.forms.report import PatrolForm, report_form
from tickets.views.doors import View, person_of, reading

Page = Callable[..., HttpResponse]


def is_afield(person: Person, *, at: datetime) -> bool:
    """走网格的: holds such a post, or stands in for somebody who does, and sits at no desk."""
    return report_form(person, at=at) is PatrolForm


def signed(view: View) -> View:
    """署名: what is kept on a device says whose it is, and is as small as it can be."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer[PERSON_HEADER] = person_of(request).actor_ref
        return answer

    return gzip_page(reading(door))


def afield(view: Page) -> View:
    """网格端的页面: called with the person and the moment; raises NotYours for others."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person, at = walker(request)
        return view(request, person, at, *args, **kwargs)

    return signed(door)


def walker(request: HttpRequest) -> tuple[Person, datetime]:
    """走网格的人和此刻; raises NotYours for others."""
    person, at = person_of(request), clock.now()
    if not is_afield(person, at=at):
        raise NotYours(_("网格端供网格员和社区负责人使用，您的岗位请用其他页面。"))
    return person, at
