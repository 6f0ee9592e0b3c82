"""安全设置: one's own second factor, its recovery codes, and what happened to them."""

from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import Impossible, Invalid
from common.secrets import seal, unseal
from grids.forms import ActivateForm, CodeForm
from grids.login import devices, entering, factors
from grids.login.gate import WANTED, before_factor
from grids.models import Person

SECRET = "factor_secret"
MOVING = "factor_moving_at"
SHOWN = 10


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """安全设置."""
    return _page(request, _person(request))


@before_factor
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def totp(request: HttpRequest) -> HttpResponse:
    """启用: scan, type the code, keep the recovery codes."""
    person, at = _person(request), clock.now()
    is_on = factors.is_on(person)
    if is_on and not entering.is_recent(request.session.get(MOVING), at=at):
        messages.info(request, _("两步验证已经启用。"))
        return redirect("security")
    secret = _secret(request)
    given = request.POST if request.method == "POST" else None
    form = ActivateForm(given, is_fresh=is_on or entering.is_fresh(request, at=at))
    if form.is_valid():
        try:
            codes = _activate(request, person, form.cleaned_data, secret, at, moves=is_on)
            return _codes(request, codes)
        except Invalid as refused:
            form.refuse(refused)
    picture = segno.make(factors.address(person, secret), error="m").svg_data_uri(scale=4, border=2)
    parted = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    words = {"form": form, "picture": picture, "secret": parted, "is_required": _is_held(request)}
    return render(request, "grids/security_totp.html", words, status=_status(form))


@sensitive_post_parameters("code")
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """换恢复码."""
    person, at = _person(request), clock.now()
    factors.require_on(person)
    form = CodeForm(request.POST, auto_id="codes_%s")
    if form.is_valid():
        try:
            return _codes(request, factors.renew_codes(person, form.cleaned_data["code"], at=at))
        except Invalid as refused:
            form.refuse(refused)
    return _page(request, person, codes=form)


@sensitive_post_parameters("code")
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """换手机: a code of the old one, or a recovery code, opens the set-up of the new one."""
    person, at = _person(request), clock.now()
    factors.require_on(person)
    form = CodeForm(request.POST, auto_id="move_%s")
    if form.is_valid():
        try:
            factors.check(person, form.cleaned_data["code"], at=at)
            request.session[MOVING] = at.timestamp()
            return redirect("security_totp")
        except Invalid as refused:
            form.refuse(refused)
    return _page(request, person, move=form)


@sensitive_post_parameters("code")
@require_POST
def off(request: HttpRequest) -> HttpResponse:
    """停用."""
    person, at = _person(request), clock.now()
    factors.require_on(person)
    form = CodeForm(request.POST, auto_id="off_%s")
    if form.is_valid():
        try:
            factors.deactivate(person, form.cleaned_data["code"], at=at)
            entering.raise_to(request, entering.PASSWORD)
            messages.success(request, _("两步验证已停用。"))
            return redirect("security")
        except Invalid as refused:
            form.refuse(refused)
    return _page(request, person, off=form)


def _person(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)
    return person


def _activate(
    request: HttpRequest, person: Person, given: dict[str, Any], secret: str, at: datetime,
    *, moves: bool,
) -> list[str]:  # fmt: skip
    if "password" in given and not person.has_usable_password():
        raise Impossible(_("登录已有一段时间，请退出后重新登录，再启用两步验证。"))
    if "password" in given and not person.check_password(given["password"]):
        factors.count(person, at=at)
        raise Invalid(_("密码不对，请再输入一次。"), field="password")
    made = factors.activate(person, secret, given["code"], at=at, moves=moves)
    devices.go_on(request, person)
    del request.session[SECRET]
    request.session.pop(MOVING, None)
    entering.raise_to(request, factors.APP)
    messages.success(request, _("两步验证已启用，您在其他设备和浏览器上的登录已经结束。"))
    return made


def _secret(request: HttpRequest) -> str:
    """The same one until it is activated, so that a typing error asks for no new scan."""
    if SECRET not in request.session:
        request.session[SECRET] = seal(factors.new_secret())
    return unseal(request.session[SECRET])


def _is_held(request: HttpRequest) -> bool:
    return entering.lacks_factor(request)


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


def _codes(request: HttpRequest, made: list[str]) -> HttpResponse:
    """恢复码: shown this once."""
    parted = [f"{one[:4]} {one[4:]}" for one in made]
    words = {"codes": parted, "goes_to": request.session.pop(WANTED, "/")}
    return render(request, "grids/recovery_codes.html", words)


def _page(request: HttpRequest, person: Person, **tried: CodeForm) -> HttpResponse:
    forms = {name: CodeForm(auto_id=f"{name}_%s") for name in ("codes", "move", "off")} | tried
    is_on = factors.is_on(person)
    words = {
        "is_on": is_on, "is_required": settings.HUBIN_MFA_REQUIRED,
        "left": factors.codes_left(person) if is_on else 0, "forms": forms,
        "events": person.access_events.all()[:SHOWN],
    }  # fmt: skip
    status = max(_status(form) for form in forms.values())
    return render(request, "grids/security.html", words, status=status)
