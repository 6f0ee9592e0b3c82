"""Every component on one page, and pages that go wrong on purpose."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from common.errors import Gone, Impossible, TooMany
from common.forms import PageForm

TEMPLATE = Path(__file__).with_name("gallery.html")
MOMENT = datetime(2026, 3, 2, 4, 5, tzinfo=UTC)


class GalleryForm(PageForm):
    category = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), ("a", "市政设施"), ("b", "市容环境")]
    )
    nature = forms.ChoiceField(
        label="诉求类型", choices=[("x", "咨询"), ("y", "投诉")], widget=forms.RadioSelect
    )
    answer = forms.CharField(label="答复", widget=forms.Textarea, help_text="写给诉求人看。")
    remark = forms.CharField(label="备注", required=False)
    is_sensitive = forms.BooleanField(label="敏感工单", required=False)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False)
    lng = forms.FloatField(widget=forms.HiddenInput, required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    form = GalleryForm(request.POST or None)
    status = 422 if form.is_bound and not form.is_valid() else 200
    page = engines["django"].from_string(TEMPLATE.read_text(encoding="utf-8"))
    words = {"form": form, "at": MOMENT, "queue_count": "999+", "approval_count": 3}
    return HttpResponse(page.render(words, request), status=status)


def square(name: str, level: str, west: float, south: float) -> dict[str, Any]:
    east, north = west + 0.012, south + 0.010
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"name": name, "level": level},
    }


def shapes(request: HttpRequest) -> HttpResponse:
    lodge = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [120.1640, 30.2570]},
        "properties": {"name": "柳浪新苑 3 幢"},
    }
    features = [
        square("湖滨街道", "SUBDISTRICT", 120.158, 30.252),
        square("东坡路社区", "COMMUNITY", 120.160, 30.2535),
        square("第一网格", "GRID", 120.158, 30.252),
        square("第二网格", "GRID", 120.158, 30.252),
        lodge,
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@login_not_required
def impossible(request: HttpRequest) -> HttpResponse:
    raise Impossible("工单已由李敏签收，不能再次签收。")


@login_not_required
def hurried(request: HttpRequest) -> HttpResponse:
    raise TooMany("操作太频繁，请稍候。", wait=timedelta(minutes=12))


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def gone(request: HttpRequest) -> HttpResponse:
    raise Gone("评价链接已使用过。")


@login_not_required
def lost(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection unexpectedly")


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@login_not_required
def naughty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        '<p style="color: red">x</p><script src="/thrower.js"></script>'
        '<link rel="stylesheet" href="https://fonts.example.org/lake.css">'
    )


@login_not_required
def thrower(request: HttpRequest) -> HttpResponse:
    return HttpResponse("throw new Error('lake')", content_type="text/javascript")


urlpatterns = [
    path("naughty/", naughty),
    path("thrower.js", thrower),
    path("", gallery, name="queue"),
    path("report/", gallery, name="report"),
    path("approvals/", gallery, name="approvals"),
    path("shapes.json", shapes),
    path("impossible/", impossible),
    path("hurried/", hurried),
    path("forbidden/", forbidden),
    path("gone/", gone),
    path("lost/", lost),
    path("broken/", broken),
    path("", include("common.urls")),
    path("", include("grids.urls")),
    path("", include("notices.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "common.views.bad_request"
handler500 = "common.views.server_error"
