"""巡查: what is to be visited today, what a code on the wall leads to, and a check-in by post."""

from datetime import datetime
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common import clock
from common.errors import Gone, Invalid, NotVisible
from grids.models import Person
from tickets import actions, patrols
from tickets.forms.contact import KEY
from tickets.forms.patrol import CheckInForm
from tickets.models import CheckInWay
from tickets.patrols import Round, Stand
from tickets.views.doors import posting
from tickets.views.field.doors import afield, walker


@afield
def patrol(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    """今日巡查: what is still to be visited first, nearest first once the telephone knows."""
    rounds = patrols.today(person, at)
    counted = {stand.lower(): sum(one.stand == stand for one in rounds) for stand in Stand}
    return _page(request, rounds, counted=counted)


@afield
def at(request: HttpRequest, person: Person, at: datetime, plate: str) -> HttpResponse:
    """码牌: opened by any camera; checks in when the button is pressed."""
    code, _dash, mark = plate.rpartition("-")
    rounds = [one for one in patrols.today(person, at) if one.point.code == code]
    if not rounds:
        raise NotVisible(_("没有这个巡查点，或者不在您负责的网格。"))
    if rounds[0].point.mark != mark:
        raise Gone(_("这张码牌已经换过，请扫现在贴着的那张。"))
    return _page(request, rounds, mark=mark, way=CheckInWay.QR, scanned=rounds[0].point)


@posting
def visit(request: HttpRequest) -> HttpResponse:
    """打卡: where nothing can be kept on the telephone."""
    person, at = walker(request)
    form = CheckInForm(request.POST)
    form.check()
    given = form.arguments(person, at=at)
    key = request.POST.get("key", "")
    if not KEY.fullmatch(key):
        raise Invalid(_("这张表单不完整，请重新打开再填。"), field="key")
    actions.check_in(given.pop("point"), by=person, at=at, idempotency_key=key, **given)
    has_finding = request.POST.get("finding") or request.POST.get("found")
    return redirect("field_report" if has_finding else "field_patrol")


def _page(request: HttpRequest, rounds: list[Round], **more: object) -> HttpResponse:
    rows = [(one, uuid4().hex) for one in rounds]
    words = {"rows": rows, "day": clock.local(clock.now()).date(), "way": CheckInWay.HAND, **more}
    return render(request, "tickets/field/patrol.html", words)
