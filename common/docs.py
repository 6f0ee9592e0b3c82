"""The schema of the API, made once per language and process, and Swagger on it, offline."""

import hashlib
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

FORMATS = {
    "json": ("application/vnd.oai.openapi+json", OpenApiJsonRenderer),
    "yaml": ("application/vnd.oai.openapi", OpenApiYamlRenderer),
}


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """接口描述: OpenAPI, as YAML unless JSON is asked for; the same for everybody."""
    wanted = request.GET.get("format", "")
    if wanted not in FORMATS:
        wanted = "json" if "json" in request.headers.get("Accept", "") else "yaml"
    content, tag = _written(wanted, get_language() or "")
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(content, content_type=f"{FORMATS[wanted][0]}; charset=utf-8")
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    answer["Vary"] = "Accept, Accept-Language"
    return answer


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """接口文档: Swagger from our own files."""
    return render(request, "common/docs.html")


@cache
def _written(wanted: str, language: str) -> tuple[bytes, str]:
    # the language is that of the thread; as an argument it tells the kept ones apart
    told = FORMATS[wanted][1]().render(SchemaGenerator().get_schema(public=True))
    content = told if isinstance(told, bytes) else told.encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
