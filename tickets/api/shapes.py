"""What the API answers, as types: mypy checks them, the schema is made from them."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from common.openapi import OneOf
from grids.models import Level, PostKind
from tickets.models.approval import ApprovalKind, ApprovalState
from tickets.models.assist import AssistState
from tickets.models.clock import ClockState
from tickets.models.oversight import SupervisionState
from tickets.models.patrol import CheckInWay
from tickets.states import State
from tickets.words import FileKind, Nature, Origin, Promise, Source, Turn, Urgency, VerifyBy

Light = Literal["red", "yellow", "green"]
Duration = str
"""ISO 8601, as P0DT03H20M00S; working time where the limit counts that."""


class Named(TypedDict):
    """代码和名称: a thing of a list."""

    code: str
    name: str


class PersonRef(TypedDict):
    """人员: name and id."""

    id: int
    name: str


class ExternalShown(TypedDict):
    """外部编号: by which number another system knows it."""

    system: str
    kind: str
    id: str


class TicketRow(TypedDict):
    """工单: a row of a list; null is what this person may not see."""

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
    remaining: Duration | None
    is_provisional: bool
    light: Light | None
    reported_at: datetime
    ended_at: datetime | None
    external: list[ExternalShown]


class TicketPage(TypedDict):
    """一页工单: is_capped where a search ranked only the newest thousand matches."""

    results: list[TicketRow]
    next: str | None
    previous: str | None
    is_capped: NotRequired[bool]


class Option(TypedDict):
    """可选项: one of a closed list."""

    value: str | int
    label: str


class Need(TypedDict):
    """要填的一项: name is that of the member to send; choices are listed, or to be had there."""

    name: str
    label: str
    kind: str
    is_required: bool
    help: str
    options: list[Option] | None
    options_from: str | None


class AllowedAction(TypedDict):
    """可做的动作: POST to href."""

    verb: str
    label: str
    tone: str
    is_request: bool
    href: str
    needs: list[Need]


class Place(TypedDict):
    """地点: in WGS-84; sensitive matters are in no map."""

    lat: float | None
    lng: float | None
    address: str | None
    building: Named | None
    is_outside: bool


class ReporterShown(TypedDict):
    """诉求人: masked; in clear only against a reason."""

    name: str
    phone: str | None
    is_anonymous: bool
    can_reveal: bool


class Standing(TypedDict):
    """现状: what is left of a clock, and its light."""

    remaining: Duration | None
    light: Light | None


class ClockLine(TypedDict):
    """时限: one clock."""

    promise: Annotated[str, OneOf(Promise)]
    label: str
    state: Annotated[str, OneOf(ClockState)]
    unit: Named | None
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    breached_at: datetime | None
    legal_due_at: datetime | None
    legal_breached_at: datetime | None
    is_provisional: bool
    remaining: Duration | None
    light: Light | None


class DeadlineShown(TypedDict):
    """时限说明: one due date, and the sentences that lead to it."""

    promise: Annotated[str, OneOf(Promise)]
    label: str
    state: Annotated[str, OneOf(ClockState)]
    due_at: datetime
    is_provisional: bool
    sentences: list[str]


class DeadlineList(TypedDict):
    """时限说明: of one ticket's cycle."""

    results: list[DeadlineShown]


class AssistRow(TypedDict):
    """协办: another unit asked for its part."""

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
    """一页协办: one page."""

    results: list[AssistRow]
    next: str | None
    previous: str | None


class Reason(TypedDict):
    """理由: code and text."""

    code: str
    text: str


class ApprovalShown(TypedDict):
    """审批申请: what was asked and what this person may decide."""

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
    """一页申请: one page."""

    results: list[ApprovalShown]
    next: str | None
    previous: str | None


class SupervisionShown(TypedDict):
    """督办: a leader's demand."""

    state: Annotated[str, OneOf(SupervisionState)]
    opened_by: PersonRef
    due_at: datetime


class VisitShown(TypedDict):
    """到访打卡: is_far 为 null 时位置不明，无法确认."""

    point: str
    name: str
    person: PersonRef
    at: datetime
    visited_at: datetime
    way: Annotated[str, OneOf(CheckInWay)]
    metres: int | None
    accuracy_m: int | None
    is_far: bool | None


class Counts(TypedDict):
    """次数: how often it came back."""

    returns: int
    redirects: int
    reworks: int
    contests: int
    extensions: int


class TicketShown(TicketRow):
    """工单: null is what this person may not see; allowed_actions what they may do now."""

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
    check_ins: list[VisitShown]
    merged_into: str | None
    merged: list[str]
    linked: list[str]
    allowed_actions: list[AllowedAction]


class AttachmentShown(TypedDict):
    """附件: a photo, sound, film or paper."""

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
    """附件列表: what this person may see."""

    results: list[AttachmentShown]


class SaidWords(TypedDict):
    """一段文字: said with an event."""

    label: str
    text: str


class EventShown(TypedDict):
    """流转记录: one event."""

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
    """流转记录: by number; what is not this person's to see is left out."""

    results: list[EventShown]
    next: str | None
    previous: str | None


class Created(TypedDict):
    """新工单: follow_key is given this once; null when the request is repeated.

    `ticket` is null where it lies in another street and is no longer the asker's to see.
    """

    number: str
    ticket: TicketRow | None
    follow_key: str | None
    follow_url: str | None


class Done(TypedDict):
    """动作的结果: ticket is null where it is no longer this person's to see."""

    verb: str
    number: str
    is_requested: bool
    new: str | None
    ticket: TicketRow | None


class Decided(TypedDict):
    """审批的结果: both as they are now."""

    decision: str
    approval: ApprovalShown | None
    ticket: TicketRow | None


class ContactShown(TypedDict):
    """联系方式: in clear; the look is on the record."""

    name: str
    phone: str
