"""个人设置: everything a person may set for themselves, on one page or one click from it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from common import clock
from grids import manners, standins
from grids.login import devices, factors
from grids.models import Person
from notices.channels.ways import way
from notices.models import PERSONAL, Preference
from tickets.forms.profile import MannersForm
from tickets.views.doors import only, person_of
from tickets.views.ticket import nav


@only("GET", "HEAD", "POST")
def show(request: HttpRequest) -> HttpResponse:
    """个人设置: habits are kept here; channels, stand-ins and keys have pages of their own."""
    person, at = person_of(request), clock.now()
    known = {
        "language": person.language or translation.get_language(),
        "single_keys": person.single_keys,
    }
    form = MannersForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        return _keep(person, form.cleaned_data)
    words = {"form": form, **_facts(request, person, at), **nav(person, at)}
    return render(request, "tickets/profile.html", words, status=422 if form.is_bound else 200)


def _keep(person: Person, chosen: dict[str, Any]) -> HttpResponse:
    manners.use_language(person, chosen["language"])
    manners.use_single_keys(person, is_on=chosen["single_keys"])
    answer = redirect("profile")
    manners.speak(answer, chosen["language"])
    return answer


def _facts(request: HttpRequest, person: Person, at: datetime) -> dict[str, Any]:
    return {
        "channels": _channels(person), "devices": devices.shown(request, person, at=at),
        "has_factor": factors.is_on(person), "has_standins": standins.may_use(person, at=at),
    }  # fmt: skip


def _channels(person: Person) -> list[tuple[str, str]]:
    """通知渠道: each with what becomes of it."""
    on = dict(Preference.objects.filter(person=person).values_list("channel", "is_on"))
    return [(str(one.label), _state(one, on.get(one, True))) for one in PERSONAL]


def _state(channel: str, is_on: bool) -> str:
    if way(channel) is None:
        return _("本系统未开通")
    return _("接收") if is_on else _("已关闭")
