"""巡查: what is to be visited today, and visits."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, TypedDict

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.api import ApiView, idempotency_key
from common.openapi import OneOf, Operation, Schema
from tickets import actions, patrols
from tickets.api import describe
from tickets.api.needs import fill, unfit
from tickets.api.refs import named
from tickets.api.shapes import Named
from tickets.api.verbs import observed
from tickets.forms.patrol import CheckInForm
from tickets.models import CheckIn, CheckInWay
from tickets.patrols import Round, Stand
from tickets.views.doors import person_of


class CheckInShown(TypedDict):
    """打卡: is_far 为 null 时位置不明，无法确认."""

    id: int
    code: str
    at: datetime
    visited_at: datetime
    way: Annotated[str, OneOf(CheckInWay)]
    metres: int | None
    is_far: bool | None
    ticket: str | None


class PointShown(TypedDict):
    """巡查点的今天: weekdays 从星期一起，1 为可去."""

    code: str
    name: str
    division: Named
    building: Named | None
    lat: float
    lng: float
    radius_m: int
    every_days: int
    weekdays: str
    stand: Annotated[str, OneOf(Stand)]
    next_on: date
    last_visited_at: datetime | None


class Rounds(TypedDict):
    """今日巡查."""

    day: date
    results: list[PointShown]


class Patrol(ApiView):
    """今日巡查."""

    scope = "tickets:read"
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            "list_patrol", _("今日巡查"), "patrol", {200: Rounds},
            about=_("我走的网格里的巡查点；还没去的在前。日子以当地零点为界。"),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        told: Rounds = {
            "day": clock.local(at).date(),
            "results": [_point(one) for one in patrols.today(person, at)],
        }
        return Response(told)


def check_in_body() -> Schema:
    """打卡的内容."""
    told = describe.of_form(CheckInForm)
    told["properties"] |= describe.observed_body()
    return told


class CheckIns(ApiView):
    """打卡."""

    scope = "tickets:write"
    operations: ClassVar[dict[str, Operation]] = {
        "POST": Operation(
            "check_in", _("打卡"), "patrol", {201: CheckInShown},
            about=_("扫码要带码，定位要带位置。太远的照样保存并标明；发现问题的先上报，再带工单编号。"),
            body=check_in_body, headers=("Idempotency-Key",), refusals=(400, 415, 422),
        )
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        person, at = person_of(request._request), clock.now()
        form = CheckInForm()
        body, moment = observed(request, is_told=True)
        fill(form, body)
        with unfit():
            given: dict[str, Any] = form.arguments(person, at=at) | moment
            point = given.pop("point")
            row = actions.check_in(
                point, by=person, at=at, idempotency_key=idempotency_key(request), **given
            )
        return Response(_shown(row, point.code), status=HTTPStatus.CREATED)


def _shown(row: CheckIn, code: str) -> CheckInShown:
    return {
        "id": row.pk, "code": code, "at": row.at, "visited_at": row.visited_at, "way": row.way,
        "metres": row.metres, "is_far": row.is_far,
        "ticket": row.ticket.number if row.ticket else None,
    }  # fmt: skip


def _point(one: Round) -> PointShown:
    point = one.point
    return {
        "code": point.code, "name": point.name, "division": named(point.division),
        "building": named(point.building), "lat": point.lat, "lng": point.lng,
        "radius_m": point.radius_m, "every_days": point.every_days, "weekdays": point.weekdays,
        "stand": one.stand, "next_on": one.next_on,
        "last_visited_at": one.last.visited_at if one.last else None,
    }  # fmt: skip
