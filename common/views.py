"""Doors that belong to no domain: health, errors, the way round to the login."""

import logging
import sys
from http import HTTPStatus

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import pages, problems
from common.errors import NotYours
from common.lost import RETRY_AFTER, is_database_lost

log = logging.getLogger(__name__)


@login_not_required
@require_safe
def admin_login(request: HttpRequest) -> HttpResponse:
    """后台登录: there is one login door; who is in already lacks the right, not the password."""
    if request.user.is_authenticated:
        raise NotYours(_("您的岗位不能打开这一页。如果工作需要，请联系系统管理员调整岗位。"))
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """存活: this process answers; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """就绪: 200 when the database answers with every migration applied.

    The broker is shown but does not decide: without it everything happens, only later.
    """
    database = _database_state()
    ready = database == "ok"
    answer = JsonResponse(
        {"ready": ready, "database": database, "broker": _broker_state()},
        status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )
    if not ready:
        answer["Retry-After"] = RETRY_AFTER
    return answer


def _database_state() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as lost:
        log.warning("readyz: database: %s", lost)
        return "unreachable"
    return "migrations pending" if pending else "ok"


def _broker_state() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5
    )
    try:
        client.ping()
    except redis.RedisError as lost:
        log.warning("readyz: broker: %s", lost)
        return "unreachable"
    finally:
        client.close()
    return "ok"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """读不懂: what cannot be read is 400, what is more than is ever read 413."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        status, code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large"
        most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        said = _(
            "提交的内容太大，没有保存：文字合计超过 %(most)s，或者项目、文件太多。"
            "请返回上一页，删减后分几次提交。"
        ) % {"most": most}
    else:
        status, code = HTTPStatus.BAD_REQUEST, "malformed"
        said = _("服务器看不懂这个请求。请返回上一页，刷新后再试一次。")
    if problems.is_api(request):
        return problems.bare(request, status, code, said)
    return pages.refusal(request, said, status)


def server_error(request: HttpRequest) -> HttpResponse:
    """出错: 503 when the database went away under us, else 500; both are already logged."""
    if is_database_lost(sys.exc_info()[1]):
        return pages.unavailable(request)
    if problems.is_api(request):
        said = _("系统出错，没有完成。错误已记录；请稍后用同一个 Idempotency-Key 重发。")
        return problems.bare(request, HTTPStatus.INTERNAL_SERVER_ERROR, "broken", said)
    return pages.render_bare("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """表单过期: what to do, instead of what went wrong inside."""
    sentence = _("这张表单已过期，没有提交。请返回上一页，刷新后再提交；浏览器须允许 Cookie。")
    return pages.refusal(request, sentence, HTTPStatus.FORBIDDEN, title=_("表单已过期"))
