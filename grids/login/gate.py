"""Where a second factor is demanded, nobody gets past the page that sets it up (DESIGN §6)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common.pages import is_htmx
from grids.login import entering, factors

WANTED = "factor_wanted"
"""In the session: the page somebody was on the way to when the set-up came first."""
View = Callable[..., HttpResponse]


def before_factor(view: View) -> View:
    """可先行: a page that is open before the second factor is set up."""
    view.is_before_factor = True  # type: ignore[attr-defined]
    return view


def after_factor(view: View) -> View:
    """要两步验证: a page that answers whoever is logged out by itself, and nobody halfway in."""
    view.is_after_factor = True  # type: ignore[attr-defined]
    return view


class SecondFactorMiddleware:
    """两步验证关口: every page behind the login, the administration's too; the API asks itself."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        needs = getattr(view, "login_required", True) or getattr(view, "is_after_factor", False)
        is_open = not needs
        if is_open or getattr(view, "is_before_factor", False):
            return None
        if not (request.user.is_authenticated and entering.lacks_factor(request)):
            return None
        return _moved(request, _way(request))


def _way(request: HttpRequest) -> str:
    """Whoever has a second factor shows it by logging in anew; who has none sets one up."""
    asked = request.get_full_path() if request.method == "GET" and not is_htmx(request) else ""
    if factors.is_on(request.user):  # type: ignore[arg-type]
        logout(request)
        messages.info(request, _("请重新登录，并输入验证码。"))
        return f"{reverse('login')}?{urlencode({'next': asked})}" if asked else reverse("login")
    if asked:
        request.session[WANTED] = asked
    return reverse("security_totp")


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    if not is_htmx(request):
        return redirect(address)
    answer = HttpResponse(status=HTTPStatus.NO_CONTENT)
    answer["HX-Redirect"] = address
    return answer
