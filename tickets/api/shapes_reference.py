"""What the API answers about reference data, incidents and me."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict

from common.openapi import OneOf
from grids.models import Level, PostKind, UnitKind
from tickets.api.shapes import Named, Need, PersonRef
from tickets.words import Urgency, VerifyBy


class CategoryShown(TypedDict):
    """类别: major ones have no parent."""

    code: str
    name: str
    parent: str | None
    urgency: Annotated[str, OneOf(Urgency)]
    verify_by: Annotated[str, OneOf(VerifyBy)]
    is_sensitive: bool
    is_dangerous: bool
    is_about_staff: bool
    is_active: bool


class DivisionShown(TypedDict):
    """区划: district, subdistrict, community or grid."""

    code: str
    name: str
    level: Annotated[str, OneOf(Level)]
    parent: str | None


class UnitShown(TypedDict):
    """承办单位: in use."""

    code: str
    name: str
    kind: Annotated[str, OneOf(UnitKind)]
    parent: str | None


class CategoryList(TypedDict):
    """类别: all of them."""

    results: list[CategoryShown]


class DivisionList(TypedDict):
    """区划: all of today."""

    results: list[DivisionShown]


class UnitList(TypedDict):
    """单位: all in use."""

    results: list[UnitShown]


class IncidentShown(TypedDict):
    """异常: something somebody has to look at."""

    id: int
    kind: str
    subject: str
    detail: str
    count: int
    first_at: datetime
    last_at: datetime
    ended_at: datetime | None
    note: str


class IncidentPage(TypedDict):
    """一页异常: one page."""

    results: list[IncidentShown]
    next: str | None
    previous: str | None


class PostShown(TypedDict):
    """岗位: of a unit or a division; of a stand-in also whose it is."""

    kind: Annotated[str, OneOf(PostKind)]
    kind_text: str
    unit: Named | None
    division: Named | None
    standing_in_for: PersonRef | None


class Me(TypedDict):
    """我: who I am, my posts, what a report of mine needs, what waits for me."""

    id: int
    username: str
    name: str
    posts: list[PostShown]
    is_staff: bool
    reports_as: Literal["behalf", "patrol", "staff", "own"]
    report_needs: list[Need]
    sees_incidents: bool
    turns: str
    approvals: str
    unread: str
