"""手机验证码登录: a number, then the code that was sent to it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import Gone, Invalid, Unavailable
from common.poke import poke
from common.visitors import address_of
from grids.login import entering, phone
from notices.channels.sms import channel
from notices.forms import PhoneForm, SmsCodeForm

SEND = "notices.tasks.send_codes"
ASKED = "phone_code"  # in the session: which code this browser asked for


@login_not_required
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """索取验证码: nobody waits here for the gateway."""
    at, goes_to = clock.now(), entering.wanted(request)
    if request.user.is_authenticated:
        return redirect(goes_to)
    is_open = channel() is not None
    if request.method == "POST" and not is_open:
        raise Unavailable(_("本系统没有接入短信，暂不能用手机验证码登录。"))
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = phone.ask(form.cleaned_data["phone"], address=address_of(request), at=at)
            request.session[ASKED] = {"id": row.pk, "goes_to": goes_to}
            poke(SEND)
            return redirect("login_phone_code")
        except Invalid as refused:
            form.refuse(refused)
    words = {"form": form, "is_open": is_open, "goes_to": goes_to}
    return render(request, "notices/phone.html", words, status=422 if form.is_bound else 200)


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """核对验证码: only the browser that asked may show it."""
    at, held = clock.now(), request.session.get(ASKED)
    if request.user.is_authenticated:
        return redirect(resolve_url("queue"))
    if held is None:
        return redirect("login_phone")
    form = SmsCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            shown, address = form.cleaned_data["code"], address_of(request)
            person = phone.check(held["id"], shown, address=address, at=at)
            del request.session[ASKED]
            return redirect(
                entering.begin(request, person, by=entering.PHONE, goes_to=held["goes_to"], at=at)
            )
        except (Invalid, Gone) as refused:
            form.refuse(refused)
    words = {"form": form, "file": _file()}
    return render(request, "notices/phone_code.html", words, status=422 if form.is_bound else 200)


def _file() -> str:
    """Where the demo keeps what would have been sent."""
    is_file = settings.HUBIN_DEMO and not settings.HUBIN_SMS_URL
    return str(settings.HUBIN_SMS_FILE) if is_file else ""
