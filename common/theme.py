"""明暗: light, dark, or as the device has it; kept in the browser, for a phone is not a desk."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.errors import Invalid
from common.visitors import stays_here

COOKIE = "hubin_theme"
YEAR = 365 * 24 * 3600


class Theme(models.TextChoices):
    """明暗."""

    AUTO = "auto", gettext_lazy("随系统")
    LIGHT = "light", gettext_lazy("浅色")
    DARK = "dark", gettext_lazy("深色")


def theme_of(request: HttpRequest) -> Theme:
    """What this browser wants; a cookie that says something else is as good as none."""
    given = request.COOKIES.get(COOKIE, "")
    return Theme(given) if given in Theme.values else Theme.AUTO


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """换明暗: and back to the page. Raises `Invalid`."""
    wanted = request.POST.get("theme", "")
    if wanted not in Theme.values:
        raise Invalid(_("请选浅色、深色或随系统。"), field="theme")
    asked = request.POST.get("next", "")
    goes_to = asked if stays_here(request, asked) else "/"
    answer = HttpResponseRedirect(goes_to, status=HTTPStatus.FOUND)
    answer.set_cookie(
        COOKIE, wanted, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return answer
