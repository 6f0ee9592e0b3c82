"""What the API answers, as types: mypy checks them, the schema is made from them."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from common.openapi import OneOf
from grids.models import Level, PostKind, UnitKind
from tickets.models.approval import ApprovalKind, ApprovalState
from tickets.models.assist import AssistState
from tickets.models.clock import ClockState
from tickets.models.oversight import SupervisionState
from tickets.states import State
from tickets.words import FileKind, Nature, Origin, Promise, Source, Turn, Urgency, VerifyBy

Light = Literal["red", "yellow", "green"]


class Named(TypedDict):
    """代码和名称."""

    code: str
    name: str


class PersonRef(TypedDict):
    """人员: 姓名和编号."""

    id: int
    name: str


class TicketRow(TypedDict):
    """工单（列表）: 看不到的内容为 null."""

    number: str
    version: int
    state: Annotated[str, OneOf(State)]
    state_text: str
    turn: Annotated[str, OneOf(Turn)]
    turn_text: str
    nature: Annotated[str, OneOf(Nature)]
    source: Annotated[str, OneOf(Source)]
    origin: Annotated[str, OneOf(Origin)]
    urgency: Annotated[str, OneOf(Urgency)]
    category: Named | None
    unit: Named | None
    handler: PersonRef | None
    division: Named
    community: Named | None
    subdistrict: Named | None
    summary: str | None
    address: str | None
    is_sensitive: bool
    has_request: bool
    due_at: datetime | None
    light: Light | None
    reported_at: datetime
    ended_at: datetime | None


class TicketPage(TypedDict):
    """一页工单: 按文字查找而命中太多、只排了最新一千张时 is_capped 为真."""

    results: list[TicketRow]
    next: str | None
    previous: str | None
    is_capped: NotRequired[bool]


class Option(TypedDict):
    """可选项."""

    value: str | int
    label: str


class Need(TypedDict):
    """要填的一项: 名称就是提交时的字段名."""

    name: str
    label: str
    kind: str
    is_required: bool
    help: str
    options: list[Option] | None


class AllowedAction(TypedDict):
    """现在可做的一个动作: 提交到 href."""

    verb: str
    label: str
    tone: str
    is_request: bool
    href: str
    needs: list[Need]


class Place(TypedDict):
    """地点: WGS-84."""

    lat: float | None
    lng: float | None
    address: str | None
    building: Named | None
    is_outside: bool


class ReporterShown(TypedDict):
    """诉求人: 一律掩码; 明文要写理由查看."""

    name: str
    phone: str | None
    is_anonymous: bool
    can_reveal: bool


class ClockLine(TypedDict):
    """时限."""

    promise: Annotated[str, OneOf(Promise)]
    label: str
    state: Annotated[str, OneOf(ClockState)]
    unit: Named | None
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    breached_at: datetime | None
    light: Light | None


class AssistRow(TypedDict):
    """协办."""

    id: int
    ticket: str
    ticket_version: int
    unit: Named
    state: Annotated[str, OneOf(AssistState)]
    asked_at: datetime
    due_at: datetime
    answered_by: PersonRef | None
    ended_at: datetime | None
    light: Light | None


class AssistPage(TypedDict):
    """一页协办."""

    results: list[AssistRow]
    next: str | None
    previous: str | None


class Reason(TypedDict):
    """理由."""

    code: str
    text: str


class ApprovalShown(TypedDict):
    """审批申请."""

    id: int
    kind: Annotated[str, OneOf(ApprovalKind)]
    kind_text: str
    state: Annotated[str, OneOf(ApprovalState)]
    state_text: str
    ticket: str
    ticket_version: int
    reason: Reason | None
    words: str | None
    days: int | None
    resume_at: str | None
    asked_by: PersonRef
    asked_at: datetime
    due_at: datetime
    light: Light | None
    decided_by: Annotated[str, OneOf(PostKind)]
    level: Annotated[str, OneOf(Level)]
    needs_countersign: bool
    countersigned_by: PersonRef | None
    countersigned_at: datetime | None
    decider: PersonRef | None
    decided_at: datetime | None
    allowed_decisions: list[Literal["countersign", "grant", "refuse"]]


class ApprovalPage(TypedDict):
    """一页申请."""

    results: list[ApprovalShown]
    next: str | None
    previous: str | None


class SupervisionShown(TypedDict):
    """督办."""

    state: Annotated[str, OneOf(SupervisionState)]
    opened_by: PersonRef
    due_at: datetime


class Counts(TypedDict):
    """次数."""

    returns: int
    redirects: int
    reworks: int
    contests: int
    extensions: int


class TicketShown(TicketRow):
    """工单: 看不到的内容为 null, 能做的动作在 allowed_actions."""

    seq: int
    text: str | None
    place: Place
    reporter: ReporterShown | None
    is_anonymous: bool
    is_on_behalf: bool
    reported_by: PersonRef | None
    about_unit: Named | None
    duty_phone: str | None
    verify_by: Annotated[str, OneOf(VerifyBy)]
    confirmation: str
    result_code: str
    cycle: int
    counts: Counts | None
    dispatched_at: datetime | None
    resolved_at: datetime | None
    replied_at: datetime | None
    resume_at: datetime | None
    clocks: list[ClockLine]
    assists: list[AssistRow]
    approval: ApprovalShown | None
    supervision: SupervisionShown | None
    merged_into: str | None
    merged: list[str]
    linked: list[str]
    allowed_actions: list[AllowedAction]


class AttachmentShown(TypedDict):
    """附件."""

    id: int
    kind: Annotated[str, OneOf(FileKind)]
    media_type: str
    at: datetime
    taken_at: datetime | None
    is_far: bool
    is_erased: bool
    width: int | None
    height: int | None
    duration_ms: int | None
    sha256: str
    href: str


class AttachmentList(TypedDict):
    """附件列表."""

    results: list[AttachmentShown]


class SaidWords(TypedDict):
    """一段文字."""

    label: str
    text: str


class EventShown(TypedDict):
    """一条流转记录."""

    seq: int
    at: datetime
    verb: str
    title: str
    who: str
    from_state: str
    to_state: str
    details: list[str]
    words: list[SaidWords]


class EventPage(TypedDict):
    """一段流转记录: 按序号; 不该看的不在其中."""

    results: list[EventShown]
    next: str | None
    previous: str | None


class Created(TypedDict):
    """新工单: follow_key 只给这一次, 重发同一请求时为 null."""

    ticket: TicketRow
    follow_key: str | None
    follow_url: str | None


class Done(TypedDict):
    """动作的结果: 做完后不再可见的工单为 null; 需要审批的 is_requested 为真."""

    verb: str
    number: str
    is_requested: bool
    new: str | None
    ticket: TicketRow | None


class Decided(TypedDict):
    """审批的结果."""

    decision: str
    approval: ApprovalShown | None
    ticket: TicketRow | None


class ContactShown(TypedDict):
    """联系方式明文: 查看已记录."""

    name: str
    phone: str


class CategoryShown(TypedDict):
    """类别."""

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
    """区划."""

    code: str
    name: str
    level: Annotated[str, OneOf(Level)]
    parent: str | None


class UnitShown(TypedDict):
    """承办单位."""

    code: str
    name: str
    kind: Annotated[str, OneOf(UnitKind)]
    parent: str | None


class CategoryList(TypedDict):
    """全部类别."""

    results: list[CategoryShown]


class DivisionList(TypedDict):
    """全部区划."""

    results: list[DivisionShown]


class UnitList(TypedDict):
    """全部在用单位."""

    results: list[UnitShown]


class IncidentShown(TypedDict):
    """异常."""

    id: int
    kind: str
    subject: str
    detail: str
    count: int
    first_at: datetime
    last_at: datetime
    ended_at: datetime | None


class IncidentPage(TypedDict):
    """一页异常."""

    results: list[IncidentShown]
    next: str | None
    previous: str | None


class PostShown(TypedDict):
    """岗位."""

    kind: Annotated[str, OneOf(PostKind)]
    kind_text: str
    unit: Named | None
    division: Named | None


class Me(TypedDict):
    """我: 是谁, 有什么岗位, 上报时要填什么, 有多少待办."""

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
