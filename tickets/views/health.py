"""健康: what watches the house asks here, without login; figures only for allowed addresses."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from common import clock, metrics
from common.visitors import is_from
from tickets import health


@login_not_required
@require_safe
def sweeps(request: HttpRequest) -> HttpResponse:
    """清扫是否按时: 503 naming what is late; details for those who may read the figures."""
    found = health.look(at=clock.now())
    body: dict[str, object] = {"on_time": not found.late, "late": found.late}
    if is_from(request, settings.HUBIN_METRICS_ALLOW):
        body |= {
            "sweeps": {
                name: {
                    "age": age, "limit": health.patience(name),
                    "fault": found.runs[name].fault if name in found.runs else "",
                }
                for name, age in found.ages.items()
            },
            "due": {kind: {"lag": lag, "limit": settings.HUBIN_SWEEP_LAG}
                    for kind, lag in found.lags.items()},
        }  # fmt: skip
    status = HTTPStatus.SERVICE_UNAVAILABLE if found.late else HTTPStatus.OK
    return JsonResponse(body, status=status)


@login_not_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """指标: Prometheus text; for others than HUBIN_METRICS_ALLOW there is no such page."""
    if not is_from(request, settings.HUBIN_METRICS_ALLOW):
        raise Http404
    text = metrics.text_of(health.figures(at=clock.now()))
    return HttpResponse(text, content_type=metrics.CONTENT_TYPE)
