"""登录的设备: ended one by one or all but this one; and what a login carries with it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from common import clock
from grids import manners
from grids.login import devices, entering
from grids.models import Person


class DeviceMiddleware:
    """设备: when it was used last; after the login it speaks the person's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        language = getattr(request, entering.SPEAKS, "")
        if language:
            manners.speak(answer, language)
        session = request.session
        # a session that nobody looked into costs no statement here either
        if session.accessed and session.session_key and entering.ENTERED in session:
            devices.seen(session.session_key, at=clock.now())
        return answer


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """结束一处登录."""
    person = request.user
    assert isinstance(person, Person)
    devices.end(person, pk, at=clock.now())
    messages.success(request, _("那处登录已经结束。"))
    return redirect("profile")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """结束其他登录."""
    person = request.user
    assert isinstance(person, Person)
    devices.end_others(request, person, at=clock.now())
    messages.success(request, _("其他登录都已结束，只留下这一处。"))
    return redirect("profile")


@login_not_required
def speak(request: HttpRequest) -> HttpResponse:
    """换语言: of this browser, and of the person who is logged in."""
    answer = set_language(request)
    wanted = request.POST.get("language", "") if request.method == "POST" else ""
    is_known = wanted in dict(settings.LANGUAGES) and check_for_language(wanted)
    if is_known and isinstance(request.user, Person):
        manners.use_language(request.user, wanted)
    return answer
