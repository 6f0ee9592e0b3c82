"""What makes the pages of the field open without a signal, and stand among a telephone's apps."""

import hashlib
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from common.templatetags.hubin import sprite_path
from tickets.views.doors import reading

WORKER = "tickets/field/sw.js"
OFFLINE = "tickets/field/offline.html"
SCRIPTS = Path(settings.BASE_DIR) / "static" / "js" / "field"
FILES = (
    "css/public.css", "css/field.css", "img/hubin.svg", sprite_path(),
    *(f"js/field/{path.name}" for path in sorted(SCRIPTS.glob("*.js"))),
    "js/map.js", "js/thumb.js",
    "vendor/qr-0.7.0/qr.js",
    "vendor/leaflet-1.9.4/leaflet.js", "vendor/leaflet-1.9.4/leaflet.css",
)  # fmt: skip
"""What the pages stand on; a test reads their addresses off the pages."""
PAGES = ("field", "field_report", "field_tasks", "field_mine", "field_patrol", "field_queue")
"""What opens without a signal although nobody has been there yet."""
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


@login_not_required
@gzip_page
@reading
def worker(request: HttpRequest) -> HttpResponse:
    """服务线程: for /field/ and nothing else; the same for everybody, so it asks for no login."""
    tag = f'"{version()}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        answer = render(request, WORKER, _words(), content_type="text/javascript")
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@reading
def manifest(request: HttpRequest) -> HttpResponse:
    """应用清单: how it is called and looks among a telephone's apps."""
    told = {
        "name": _("湖滨网格端"), "short_name": _("网格端"), "lang": get_language(),
        "id": reverse("field"), "start_url": reverse("field"), "scope": "/",
        "display": "standalone", "background_color": "#ffffff", "theme_color": "#084b5c",
        "icons": [_icon(size, purpose) for size, purpose in ICONS],
    }  # fmt: skip
    kind = "application/manifest+json"
    return JsonResponse(told, content_type=kind, json_dumps_params={"ensure_ascii": False})


@login_not_required
@reading
def offline(request: HttpRequest) -> HttpResponse:
    """离线页: what is shown instead of a page that was never opened here; nobody's own."""
    return render(request, OFFLINE, {"user": None})


def _words() -> dict[str, Any]:
    return {
        "version": version(), "files": FILES, "pages": [reverse(name) for name in PAGES],
        "offline": reverse("field_offline"), "kit": reverse("field_kit"),
    }  # fmt: skip


def _icon(size: int, purpose: str) -> dict[str, str]:
    name = "maskable" if purpose == "maskable" else f"{size}"
    return {
        "src": static(f"img/icon-{name}.png"), "sizes": f"{size}x{size}", "type": "image/png",
        "purpose": purpose,
    }  # fmt: skip


@cache
def version() -> str:
    """版本: of all the files and of the worker itself; a changed one is another version."""
    found = [finders.find(name) for name in FILES]
    made = [settings.BASE_DIR / "templates" / name for name in (WORKER, OFFLINE)]
    digest = hashlib.sha256(settings.STATIC_URL.encode())
    for path in [*found, *made]:
        digest.update(Path(str(path)).read_bytes())
    return digest.hexdigest()[:16]
