"""The whole workflow as ONE table (DESIGN §3.1, §3.2). No ORM.

Pages' buttons, `docs/chain.md` and the database guard are derived from here. A row says who may
ask for the verb in which states, where it leads, and which needs its form has.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.words import Promise, Turn


class State(TextChoices):
    """工单状态: says what is so."""

    REPORTED = "REPORTED", _("待受理")
    ACCEPTED = "ACCEPTED", _("待派单")
    DISPATCHED = "DISPATCHED", _("待签收")
    HANDLING = "HANDLING", _("处置中")
    SUSPENDED = "SUSPENDED", pgettext_lazy("state", "挂账")
    RESOLVED = "RESOLVED", _("待核查")
    VERIFIED = "VERIFIED", _("待答复")
    REPLIED = "REPLIED", _("待评价")
    CONTESTED = "CONTESTED", _("待复核")
    DECLINED = "DECLINED", pgettext_lazy("state", "不予受理")
    MERGED = "MERGED", _("已并单")
    WITHDRAWN = "WITHDRAWN", _("已撤回")
    VOIDED = "VOIDED", _("已作废")
    CLOSED = "CLOSED", _("已结案")


ENDED = frozenset({State.DECLINED, State.MERGED, State.WITHDRAWN, State.VOIDED, State.CLOSED})
OPEN = tuple(state for state in State if state not in ENDED)
BORN = frozenset({State.REPORTED, State.ACCEPTED, State.RESOLVED, State.CLOSED})
"""States a row may be inserted in: report, split, settle, import."""


class Who(StrEnum):
    """身份: what a person or key is to one ticket (computed by `standing.of`)."""

    SYSTEM = "SYSTEM"
    ANYONE = "ANYONE"
    REPORTER = "REPORTER"
    FOLLOWER = "FOLLOWER"
    CLIENT = "CLIENT"  # another system that handed it in
    GRID = "GRID"
    DESK = "DESK"
    SHIFT = "SHIFT"
    DISTRICT = "DISTRICT"
    STAFF = "STAFF"  # clerk or handler of the present unit
    HEAD = "HEAD"
    HANDLER = "HANDLER"  # the one named on the ticket
    HELPER = "HELPER"  # clerk, handler or head of a unit with an open assist
    LEADER = "LEADER"
    INSPECTOR = "INSPECTOR"
    AUDITOR = "AUDITOR"


WHO_ZH = {
    Who.SYSTEM: _("系统"),
    Who.ANYONE: _("任何人"),
    Who.REPORTER: _("诉求人"),
    Who.FOLLOWER: _("关注人"),
    Who.CLIENT: _("来源系统"),
    Who.GRID: _("网格员"),
    Who.DESK: _("受理员"),
    Who.SHIFT: _("值班长"),
    Who.DISTRICT: _("区级受理员"),
    Who.STAFF: _("承办单位人员"),
    Who.HEAD: _("单位负责人"),
    Who.HANDLER: _("处置人员"),
    Who.HELPER: _("协办单位人员"),
    Who.LEADER: _("领导"),
    Who.INSPECTOR: _("督查员"),
    Who.AUDITOR: _("审计员"),
}


@dataclass(frozen=True)
class Move:
    """One row: `to` empty means the state stays. `approval`: performed by a granted request."""

    verb: str
    zh: object
    promise: str  # which of the four promises' files it lives in
    frm: tuple[State, ...]
    to: tuple[State, ...]
    who: frozenset[Who]
    needs: tuple[str, ...] = ()
    approval: bool = False
    button: bool = True
    tone: str = "default"
    hint: object = field(default="")


S = State
_START: tuple[State, ...] = ()
_DESK = frozenset({Who.DESK})
_DESK_SYSTEM = frozenset({Who.DESK, Who.SYSTEM})
_SYSTEM = frozenset({Who.SYSTEM})
_GRID = frozenset({Who.GRID})
_UNIT = frozenset({Who.STAFF, Who.HEAD, Who.HANDLER})
_ASKERS = _DESK | _UNIT
_ACTING = frozenset({Who.DESK, Who.GRID, Who.STAFF, Who.HEAD, Who.HANDLER, Who.HELPER})
_REPORTING = frozenset({Who.REPORTER, Who.FOLLOWER})
_CLIENT = frozenset({Who.CLIENT})
_VERIFIERS = frozenset({Who.GRID, Who.DESK, Who.REPORTER, Who.SYSTEM})
_BEFORE_OUTCOME = (S.REPORTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING)
I, H, O, R, V = "intake", "handling", "outcome", "reply", "oversight"  # noqa: E741

TRANSITIONS: tuple[Move, ...] = (
    # 有报必接
    Move("report", pgettext_lazy("verb", "上报"), I, _START, (S.REPORTED,), frozenset({Who.ANYONE}), button=False),
    Move("settle", pgettext_lazy("verb", "自行处置"), I, _START, (S.RESOLVED,), frozenset({Who.GRID}), button=False),
    Move("import", _("迁入"), I, _START, (S.REPORTED, S.CLOSED), _SYSTEM, button=False),
    Move("confirm", pgettext_lazy("verb", "核实"), I, (S.REPORTED,), (), frozenset({Who.DESK, Who.GRID}), ("confirm_result", "text")),
    Move("accept", pgettext_lazy("verb", "受理"), I, (S.REPORTED,), (S.ACCEPTED,), _DESK_SYSTEM, ("category", "about_unit", "about_person"), tone="primary"),
    Move("answer", _("直接答复"), I, (S.REPORTED, S.ACCEPTED), (S.REPLIED,), _DESK, ("answer",)),
    Move("decline", pgettext_lazy("verb", "不予受理"), I, (S.REPORTED,), (S.DECLINED,), _DESK, ("reason", "answer"), approval=True, tone="danger"),
    Move("object", _("异议"), I, (S.DECLINED,), (S.REPORTED,), frozenset({Who.REPORTER}), ("text",)),
    Move("merge", _("并单"), I, _BEFORE_OUTCOME, (S.MERGED,), _DESK, ("target",)),
    Move("unmerge", _("取消并单"), I, (S.MERGED,), (S.ACCEPTED, S.REPORTED), _DESK_SYSTEM, ("text",)),
    Move("split", _("拆单"), I, _BEFORE_OUTCOME, (), _DESK, ("text",)),
    Move("link", _("关联"), I, OPEN, (), _DESK, ("target",)),
    Move("follow", _("关注"), I, OPEN, (), _REPORTING | _DESK, ("follower",)),
    Move("attach", _("附件"), I, OPEN, (), _ACTING | _REPORTING | _CLIENT, ("files", "photo_kind")),
    Move("acknowledge", _("知悉"), I, OPEN, (), _DESK),
    Move("withdraw", _("撤回"), I, (S.REPORTED, S.ACCEPTED, S.DISPATCHED), (S.WITHDRAWN,), frozenset({Who.REPORTER, Who.CLIENT}), ("text",)),
    Move("amend", _("更正"), I, OPEN, (), _ASKERS, ("amend_category", "amend_urgency", "amend_nature", "amend_place", "about_unit", "about_person", "text")),
    # 有接必处
    Move("dispatch", _("派单"), H, (S.ACCEPTED,), (S.DISPATCHED,), _DESK_SYSTEM, ("unit", "text"), tone="primary"),
    Move("redirect", pgettext_lazy("verb", "转派"), H, (S.DISPATCHED,), (S.DISPATCHED,), _DESK, ("unit", "text")),
    Move("claim", _("签收"), H, (S.DISPATCHED,), (S.HANDLING,), frozenset({Who.STAFF}), tone="primary"),
    Move("assign", _("指派"), H, (S.DISPATCHED, S.HANDLING), (S.HANDLING,), frozenset({Who.HEAD, Who.DESK}), ("handler",)),
    Move("hand_over", _("移交"), H, (S.HANDLING,), (S.HANDLING,), frozenset({Who.HANDLER}), ("handler", "text")),
    Move("release", _("释放"), H, (S.HANDLING,), (S.DISPATCHED,), frozenset({Who.HANDLER, Who.HEAD, Who.DESK, Who.SYSTEM}), ("text",)),
    Move("contact", _("联系诉求人"), H, (*_BEFORE_OUTCOME, S.SUSPENDED), (), frozenset({Who.HANDLER, Who.DESK}), ("is_reached", "note")),
    Move("arrive", pgettext_lazy("verb", "到场"), H, (S.HANDLING,), (), frozenset({Who.HANDLER}), ("position", "before_photos")),
    Move("phone", _("电话通报"), H, (S.DISPATCHED, S.HANDLING), (), _DESK, ("spoken_to",)),
    Move("note", pgettext_lazy("verb", "备注"), H, OPEN, (), _ACTING, ("text",)),
    Move("inquire", pgettext_lazy("verb", "询问"), H, OPEN, (), _ASKERS, ("question",)),
    Move("inform", pgettext_lazy("verb", "补充"), H, OPEN, (), _REPORTING | _CLIENT, ("text",)),
    Move("send_back", _("申请退单"), H, (S.DISPATCHED, S.HANDLING), (S.ACCEPTED,), _ASKERS, ("reason", "text"), approval=True),
    Move("enlist", pgettext_lazy("verb", "协办"), H, (S.HANDLING,), (), frozenset({Who.HANDLER, Who.HEAD}), ("unit", "question")),
    Move("answer_assist", _("协办反馈"), H, (S.HANDLING, S.SUSPENDED), (), frozenset({Who.HELPER}), ("assist_result", "text")),
    Move("waive_assist", _("免于协办"), H, (S.HANDLING, S.SUSPENDED), (), frozenset({Who.DESK, Who.HANDLER}), ("assist", "text")),
    Move("extend", _("申请延期"), H, (S.HANDLING,), (), _ASKERS, ("days", "reason", "text"), approval=True),
    Move("suspend", _("申请挂账"), H, (S.HANDLING,), (S.SUSPENDED,), _ASKERS, ("resume_on", "reason", "text"), approval=True),
    Move("resume", _("恢复"), H, (S.SUSPENDED,), (S.HANDLING,), frozenset({Who.HANDLER, Who.DESK, Who.SYSTEM}), ("text",)),
    # 有处必果
    Move("resolve", pgettext_lazy("verb", "办结"), O, (S.HANDLING,), (S.RESOLVED,), frozenset({Who.HANDLER}), ("result", "checks", "note", "proposed_answer", "after_photos"), tone="primary"),
    Move("verify", pgettext_lazy("verb", "核查通过"), O, (S.RESOLVED,), (S.VERIFIED,), _VERIFIERS, ("checks", "note_optional"), tone="primary"),
    Move("rework", pgettext_lazy("verb", "返工"), O, (S.RESOLVED,), (S.HANDLING, S.ACCEPTED), frozenset({Who.GRID, Who.DESK, Who.REPORTER}), ("reason", "text"), tone="danger"),
    # 有果必复
    Move("reply", _("答复"), R, (S.VERIFIED,), (S.REPLIED,), _DESK, ("final_answer", "override"), tone="primary"),
    Move("rate", pgettext_lazy("verb", "评价"), R, (S.REPLIED,), (S.CLOSED, S.CONTESTED), _REPORTING | _DESK, ("stars", "is_solved", "rate_reason", "comment", "wants_call"), tone="primary"),
    Move("follow_up", pgettext_lazy("verb", "回访"), R, (S.REPLIED, S.CONTESTED), (), _DESK, ("is_reached", "note")),
    Move("reopen", _("重办"), R, (S.CONTESTED, S.CLOSED, S.DECLINED), (S.ACCEPTED,), _DESK, ("category", "reason", "text"), tone="primary"),
    Move("uphold", _("维持原办理结果"), R, (S.CONTESTED,), (S.CLOSED,), _DESK, ("answer",)),
    Move("close", _("结案"), R, (S.REPLIED, S.VERIFIED), (S.CLOSED,), _SYSTEM, button=False),
    # 督办与审批
    Move("void", _("申请作废"), V, (*_BEFORE_OUTCOME, S.SUSPENDED, S.RESOLVED), (S.VOIDED,), _ASKERS | _GRID, ("reason", "text"), approval=True, tone="danger"),
    Move("urge", _("催办"), V, OPEN, (), _REPORTING | _CLIENT | _DESK, ("text",)),
    Move("supervise", pgettext_lazy("verb", "督办"), V, OPEN, (), frozenset({Who.LEADER, Who.INSPECTOR}), ("demand", "due_on")),
    Move("answer_supervision", _("督办反馈"), V, OPEN, (), _DESK | _UNIT, ("text",)),
    Move("lift_supervision", _("销号"), V, tuple(State), (), frozenset({Who.LEADER, Who.INSPECTOR}), ("text",)),
    Move("ask", _("提出审批"), V, OPEN, (), _ASKERS | _GRID, button=False),
    Move("countersign", _("会签"), V, OPEN, (), frozenset({Who.HEAD}), button=False),
    Move("grant", _("同意"), V, OPEN, (), frozenset({Who.DESK, Who.LEADER}), button=False),
    Move("refuse", _("驳回"), V, OPEN, (), frozenset({Who.HEAD, Who.DESK, Who.LEADER}), button=False),
    Move("remind", _("提醒"), V, OPEN, (), _SYSTEM, button=False),
    Move("warn", _("预警"), V, OPEN, (), _SYSTEM, button=False),
    Move("escalate", _("逾期上报"), V, OPEN, (), _SYSTEM, button=False),
    Move("recompute", _("重算"), V, OPEN, (), _SYSTEM, button=False),
    Move("erase", _("脱敏"), V, tuple(ENDED), (), _SYSTEM, button=False),
)  # fmt: skip

MOVES: dict[str, Move] = {move.verb: move for move in TRANSITIONS}

STATE_TURN: dict[State, Turn] = {
    S.REPORTED: Turn.DESK,
    S.ACCEPTED: Turn.DESK,
    S.DISPATCHED: Turn.UNIT,
    S.HANDLING: Turn.HANDLER,
    S.SUSPENDED: Turn.DESK,
    S.RESOLVED: Turn.DESK,  # or whom verify_by names
    S.VERIFIED: Turn.DESK,
    S.REPLIED: Turn.REPORTER,
    S.CONTESTED: Turn.DESK,  # the second time the district
    **dict.fromkeys(ENDED, Turn.NOBODY),
}

STATE_CLOCK: dict[State, Promise] = {
    S.REPORTED: Promise.ACCEPT,
    S.ACCEPTED: Promise.DISPATCH,
    S.DISPATCHED: Promise.CLAIM,
    S.SUSPENDED: Promise.SUSPEND,
    S.RESOLVED: Promise.VERIFY,
    S.VERIFIED: Promise.REPLY,
    S.REPLIED: Promise.RATE,
    S.CONTESTED: Promise.FOLLOW_UP,
}
"""The clock a state starts on entering and ends on leaving; RESOLVE, ARRIVE, TOTAL span several."""


def state_changes() -> frozenset[tuple[State, State]]:
    """流转: every (from, to) that changes the state; the database guard allows exactly these."""
    return frozenset(
        (frm, to) for move in TRANSITIONS for frm in move.frm for to in move.to if frm != to
    )
