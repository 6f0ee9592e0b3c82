"""What a reporter may know of their matter: plain words, public steps, honest dates.

Nothing here names a member of staff or shows an internal text. Whoever follows somebody else's
report reads its steps and answers, not what its reporter wrote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import NotYours
from grids.models import Unit
from tickets import law, permits, raters
from tickets.keys import ReporterKey
from tickets.limits import window_end
from tickets.models import Clock, Event, FollowKey, Rating, Ticket, Words
from tickets.models.clock import ClockState
from tickets.states import Move, State
from tickets.words import PUBLIC_WORDS, Promise, WordsKind

ANSWERS = frozenset({"answer", "reply", "uphold", "decline"})
ENDS = frozenset({"rate", "uphold", "close"})
"""Steps that lead to CLOSED; the last of them did."""
ONES_OWN = frozenset({"urge", "rate", "contact", "follow_up", "inquire", "inform", "attach"})
"""Steps between one reporter and the staff: nobody else's business."""
PUBLIC_STEPS: dict[str, tuple[object, str, str]] = {
    # verb: title, icon, tone
    "report": (gettext_lazy("已收到诉求"), "file-plus", "info"),
    "import": (gettext_lazy("已收到诉求"), "file-plus", "info"),
    "settle": (gettext_lazy("巡查发现并当场处置"), "file-plus", "info"),
    "split": (gettext_lazy("诉求分成几件办理"), "arrows-split", "info"),
    "accept": (gettext_lazy("已受理"), "check", "info"),
    "answer": (gettext_lazy("已答复"), "message", "good"),
    "decline": (gettext_lazy("不予受理"), "ban", "bad"),
    "object": (gettext_lazy("已收到异议，重新审看"), "flag", "warn"),
    "merge": (gettext_lazy("与同样的诉求合并办理"), "git-merge", "info"),
    "unmerge": (gettext_lazy("恢复单独办理"), "arrows-split", "info"),
    "withdraw": (gettext_lazy("诉求已撤回"), "arrow-back-up", "neutral"),
    "dispatch": (gettext_lazy("已派给承办单位"), "route", "info"),
    "redirect": (gettext_lazy("改派另一承办单位"), "route", "warn"),
    "claim": (gettext_lazy("承办单位已签收，开始办理"), "user-check", "info"),
    "assign": (gettext_lazy("承办单位已签收，开始办理"), "user-check", "info"),
    "contact": (gettext_lazy("承办人员联系诉求人"), "phone", "neutral"),
    "arrive": (gettext_lazy("承办人员已到现场"), "map-pin", "info"),
    "inquire": (gettext_lazy("工作人员询问"), "help", "warn"),
    "inform": (gettext_lazy("补充了情况"), "message", "neutral"),
    "attach": (gettext_lazy("补充了照片或文件"), "paperclip", "neutral"),
    "urge": (gettext_lazy("催办"), "bell-ringing", "neutral"),
    "send_back": (gettext_lazy("原承办单位退回，正在重新安排"), "arrow-back-up", "warn"),
    "extend": (gettext_lazy("办理延期"), "clock", "warn"),
    "suspend": (gettext_lazy("暂缓办理"), "player-pause", "warn"),
    "resume": (gettext_lazy("恢复办理"), "player-play", "info"),
    "resolve": (gettext_lazy("承办单位报告处置完成"), "checklist", "info"),
    "verify": (gettext_lazy("核查通过"), "shield-check", "info"),
    "rework": (gettext_lazy("核查未通过，要求重新处置"), "refresh", "warn"),
    "reply": (gettext_lazy("已答复"), "message", "good"),
    "rate": (gettext_lazy("已评价"), "star", "good"),
    "follow_up": (gettext_lazy("工作人员回访"), "phone", "neutral"),
    "reopen": (gettext_lazy("重新办理"), "refresh", "warn"),
    "uphold": (gettext_lazy("复核后维持原办理结果"), "message", "neutral"),
    "close": (gettext_lazy("已结案"), "circle-check", "good"),
    "void": (gettext_lazy("已作废，不再办理"), "circle-x", "bad"),
    "erase": (gettext_lazy("内容已按规定删除"), "eye-off", "neutral"),
}


@dataclass(frozen=True)
class Step:
    """一步: something that happened, as a reporter may read it."""

    verb: str
    at: datetime
    title: str
    icon: str
    tone: str
    is_own: bool
    text: str = ""


@dataclass(frozen=True)
class Pledge:
    """承诺: the one date the reporter was told, and what became of it."""

    due_at: datetime
    kind: str  # running, late, paused, kept, answered, broken
    ended_at: datetime | None
    notes: tuple[str, ...] = ()
    """Why it is another date than the one told first, and whether it may move yet."""


@dataclass(frozen=True)
class Progress:
    """进度: one reporter's matter, whether on its own or merged into a lead."""

    key: ReporterKey
    ticket: Ticket
    lead: Ticket
    steps: tuple[Step, ...]  # newest first
    answer: Step | None
    question: Step | None
    report: str
    pledge: Pledge | None
    rating: Rating | None
    moves: tuple[Move, ...]

    @property
    def is_merged(self) -> bool:
        return self.lead.pk != self.ticket.pk

    @property
    def is_upheld(self) -> bool:
        """维持原办理结果: what ended the matter, as it stands now."""
        return _is_upheld(self.steps)

    @property
    def is_follower(self) -> bool:
        """关注别人的诉求: its place is told no closer than the community."""
        return self.key.follower_id is not None

    def may(self, verb: str) -> bool:
        """可做: has this key a button for that verb now?"""
        return any(move.verb == verb for move in self.moves)


def of(key: ReporterKey, ticket: Ticket, *, at: datetime) -> Progress:
    """进度: read with a handful of statements, whatever the length of the history."""
    lead = ticket.merged_into or ticket
    steps = sorted(_steps(key, ticket, lead), key=lambda step: step.at)[::-1]
    answer = next((step for step in steps if step.verb in ANSWERS and step.text), None)
    rating = _rating(key, lead)
    moves = permits.allowed(key, lead, at=at)
    birth = steps[-1] if steps else None
    return Progress(
        key=key, ticket=ticket, lead=lead, answer=answer, report=birth.text if birth else "",
        # what stands on the page anyway is not repeated in the history
        steps=tuple(
            replace(step, text="") if step is answer or step is birth else step
            for step in steps
        ),
        question=_open_question(steps, lead, at), pledge=_pledge(lead, steps, at), rating=rating,
        moves=tuple(moves),
    )  # fmt: skip


def matters(key: ReporterKey) -> dict[str, Ticket]:
    """自己的诉求: by number; several where the report was split."""
    return {row.number: row for row in Ticket.objects.filter(pk__in=key.own_ids).order_by("pk")}


def _steps(key: ReporterKey, ticket: Ticket, lead: Ticket) -> Iterable[Step]:
    wanted = Q(ticket=ticket)
    if lead.pk != ticket.pk:
        merged = Event.objects.filter(ticket=ticket, verb="merge").order_by("seq").last()
        wanted |= Q(ticket=lead, at__gte=merged.at if merged else lead.reported_at)
    rows = Event.objects.filter(wanted, verb__in=PUBLIC_STEPS).order_by("ticket_id", "seq")
    events = {event.pk: event for event in rows if _is_step(event)}
    own = _own_refs(key)
    mine = {pk for pk, event in events.items() if _is_mine(event, key, own)}
    texts = _texts(events, mine)
    units = _units(events.values())
    for event in events.values():
        if event.verb in ONES_OWN and event.pk not in mine:
            continue
        title, icon, tone = PUBLIC_STEPS[event.verb]
        said = [_detail(event, units), texts.get(event.pk, "")]
        text = "\n".join(part for part in said if part)
        yield Step(event.verb, event.at, str(title), icon, tone, event.by in own, text)


def _is_step(event: Event) -> bool:
    # an assignment inside the unit is its own affair, unless it stands for the claim
    return event.verb != "assign" or event.from_state != event.to_state


def _own_refs(key: ReporterKey) -> frozenset[str]:
    """A reporter may have been given more than one key."""
    rows = FollowKey.objects.filter(Q(follower_id=key.follower_id), ticket_id=key.ticket_id)
    return frozenset(f"key:{pk}" for pk in rows.values_list("pk", flat=True))


def _is_mine(event: Event, key: ReporterKey, own: frozenset[str]) -> bool:
    if event.by in own:
        return True
    is_reporters = key.follower_id is None and event.ticket_id in key.own_ids
    # taken down for the reporter, or said on the telephone; but the desk urges in its own name,
    # and what staff photographed is told with the answer
    is_theirs = event.verb in ("urge", "attach")
    return is_reporters and not event.by.startswith("key:") and not is_theirs


def _texts(events: dict[int, Event], mine: set[int]) -> dict[int, str]:
    rows = Words.objects.filter(event__in=events, kind__in=PUBLIC_WORDS).order_by("id")
    return {
        row.event_id: row.text
        for row in rows
        if row.kind == WordsKind.ANSWER or row.event_id in mine
    }


def _units(events: Iterable[Event]) -> dict[int, str]:
    ids = {event.data.get("set", {}).get("unit_id") for event in events} - {None}
    return dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _detail(event: Event, units: dict[int, str]) -> str:
    """What the codes of the event say to a reporter."""
    data: dict[str, Any] = event.data
    reason = law.reason_text(event.verb, data["reason"]) if "reason" in data else ""
    match event.verb:
        case "dispatch" | "redirect":
            return units.get(data.get("set", {}).get("unit_id"), "")
        case "split" if "ticket" in data:
            return _("另一件事已单列出来办理，可在本页上方打开。")
        case "contact" | "follow_up":
            return _("已联系上") if data.get("reached") else _("没有联系上")
        case "extend":
            return _("延长 %(days)s 个工作日：%(reason)s") % {**data, "reason": reason}
        case "rate":
            return _("%(stars)s 星") % data
        case "decline" | "suspend" | "void" | "rework":
            return reason
        case _:
            return ""


def _open_question(steps: list[Step], lead: Ticket, at: datetime) -> Step | None:
    if not lead.is_open:
        return None
    for step in steps:  # newest first
        if step.verb == "inform" and step.is_own:
            return None
        if step.verb == "inquire" and step.text:
            return step if at < window_end(Promise.INQUIRE, lead, step.at) else None
    return None


def _is_upheld(steps: Sequence[Step]) -> bool:
    return next((step.verb for step in steps if step.verb in ENDS), "") == "uphold"


def _pledge(lead: Ticket, steps: Sequence[Step], at: datetime) -> Pledge | None:
    clock = Clock.objects.filter(ticket=lead, promise=Promise.TOTAL, cycle=lead.cycle).first()
    if clock is None or clock.state == ClockState.CANCELLED:
        return None
    if clock.state == ClockState.PAUSED:
        return Pledge(clock.due_at, "paused", None)
    if clock.state == ClockState.RUNNING:
        kind = "late" if at > clock.due_at else "running"
        return Pledge(clock.due_at, kind, None, tuple(_notes(clock)))
    is_kept = clock.ended_at is not None and clock.ended_at <= clock.due_at
    # nobody boasts of an answer that did not content its reader
    is_disputed = lead.state == State.CONTESTED or _is_upheld(steps)
    in_time = "answered" if is_disputed else "kept"
    return Pledge(clock.due_at, in_time if is_kept else "broken", clock.ended_at)


def _notes(clock: Clock) -> Iterable[str]:
    if clock.has_paused:
        yield _("暂缓办理的期间不计时，日期已经顺延。")
    if clock.extension_days:
        yield _("经批准延长了 %(days)s 个工作日。") % {"days": clock.extension_days}
    if clock.is_provisional:
        yield _("这个日期所在年份的放假安排还没有公布，公布后可能调整。")


def _rating(key: ReporterKey, lead: Ticket) -> Rating | None:
    try:
        follower = raters.follower_of(lead, key)
    except NotYours:
        return None
    return Rating.objects.filter(ticket=lead, cycle=lead.cycle, follower=follower).first()
