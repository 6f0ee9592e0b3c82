"""Who is told of what: ONE table, verb → roles, with the reason of each row. No ORM, no queries.

A desk has hundreds of tickets a day and reads them off its queue: it is told only of what rises
to it, is urgent or contested. Who did it is never told, nor who may not see the ticket, nor
whoever a report is about (`announcing`). Reporters with an account are told what DESIGN §5
promises them: accepted, delayed, answered, asked; and that it ended unanswered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tickets.states import State
from tickets.words import Promise, Urgency, VerifyBy


class Role(TextChoices):
    """因何告知: what a person is to the event."""

    DESK = "DESK", _("受理员")  # of the place; with no street the district's shift leaders
    SHIFT = "SHIFT", _("值班长")  # of the place; where nobody is, its desk
    DISTRICT = "DISTRICT", _("区级受理")  # shift leaders of the district; else its desk
    CLERK = "CLERK", _("单位收发员")  # of the unit; where there is none, its handlers
    UNIT = "UNIT", _("承办单位人员")  # all who can claim
    HEAD = "HEAD", _("单位负责人")
    HANDLER = "HANDLER", _("处置人员")
    FORMER = "FORMER", _("原处置人员")  # who was until this event
    FORMER_UNIT = "FORMER_UNIT", _("原承办单位")  # its clerks
    HELPER = "HELPER", _("协办单位")  # clerks and head of the unit that is or was asked
    ASKER = "ASKER", _("提出人")  # of the request, or of the question that is answered
    SIGNER = "SIGNER", _("会签人")
    DECIDER = "DECIDER", _("审批人")
    OPENER = "OPENER", _("督办人")
    LEADER = "LEADER", _("领导")
    GRID = "GRID", _("网格员")  # of the grid; where there is none, the community's lead
    REPORTER = "REPORTER", _("诉求人")
    FOLLOWER = "FOLLOWER", _("关注人")


@dataclass(frozen=True)
class Case:
    """一件事: an event with what held right after it, whenever it is asked."""

    verb: str
    to_state: str
    data: dict[str, Any]
    is_outside: bool = False  # done by the reporter or a follower
    urgency: str = Urgency.NORMAL
    verify_by: str = ""
    handler_id: int | None = None
    unit_id: int | None = None
    returns: int = 0  # how often the ticket was sent back until now
    contests: int = 0  # how often it was contested
    needs_signer: bool = False  # the request it is about is to be countersigned first

    @property
    def is_urgent(self) -> bool:
        """紧急, right after the event."""
        return self.urgency == Urgency.URGENT


Only = Callable[[Case], bool]


def _always(case: Case) -> bool:
    return True


@dataclass(frozen=True)
class Row:
    """一行: these are told, for this reason, if it is so."""

    told: tuple[Role, ...]
    because: str
    only: Only = _always


def _urgent(case: Case) -> bool:
    return case.is_urgent


def _became_urgent(case: Case) -> bool:
    return bool(case.data.get("set", {}).get("urgency") == Urgency.URGENT)


def _asked_to_look(case: Case) -> bool:
    return bool(case.data.get("confirmation") == "ASKED")


def _looked(case: Case) -> bool:
    return not _asked_to_look(case)


def _site(case: Case) -> bool:
    return case.to_state == State.RESOLVED and case.verify_by == VerifyBy.SITE


def _reporters_word(case: Case) -> bool:
    return case.to_state == State.RESOLVED and case.verify_by == VerifyBy.REPORTER


def _from_outside(case: Case) -> bool:
    return case.is_outside


def _unanswered(case: Case) -> bool:
    return bool(case.data.get("supervision"))


def _handled(case: Case) -> bool:
    return case.handler_id is not None


def _unclaimed(case: Case) -> bool:
    return case.unit_id is not None and case.handler_id is None


def _nowhere(case: Case) -> bool:
    return case.unit_id is None


def _second_return(case: Case) -> bool:
    return case.returns >= 2


def _contested(case: Case) -> bool:
    return case.to_state == State.CONTESTED


def _contested_again(case: Case) -> bool:
    return _contested(case) and case.contests >= 2


def _wants_call(case: Case) -> bool:
    return bool(case.data.get("call")) and not _contested(case)


def _signed_first(case: Case) -> bool:
    return case.needs_signer


def _urgent_unclaimed(case: Case) -> bool:
    return _became_urgent(case) and _unclaimed(case)


def _decided_at_once(case: Case) -> bool:
    return not case.needs_signer


R = Role
PUBLIC = (R.REPORTER, R.FOLLOWER)
NOBODY: tuple[Role, ...] = ()

TABLE: dict[str, tuple[Row, ...]] = {
    # 有报必接
    "report": (Row((R.DESK,), "an urgent one rings at the desk; the rest is its queue", _urgent),),
    "settle": (Row((R.GRID,), "drawn for a look on site", _site),),
    "import": (Row(NOBODY, "history is not news, and open rows are in the queue"),),
    "confirm": (
        Row((R.GRID,), "asked to look, and the question lapses", _asked_to_look),
        Row((R.ASKER,), "looked for whoever asked", _looked),
    ),
    "accept": (Row((R.REPORTER,), "accepted: the first thing promised"),),
    "answer": (Row(PUBLIC, "answered"),),
    "decline": (Row(PUBLIC, "answered: why not, and where to turn"),),
    "object": (Row((R.SHIFT,), "contested: a decision of the desk is questioned"),),
    "merge": (
        Row((R.HANDLER, R.FORMER, R.HELPER), "their work on it ends; the lead goes on"),
    ),
    "unmerge": (Row(NOBODY, "back in the desk's queue"),),
    "split": (Row(NOBODY, "the new ticket is in the queue"),),
    "link": (Row(NOBODY, "nothing changes"),),
    "follow": (Row(NOBODY, "nothing changes for those at work"),),
    "attach": (Row((R.HANDLER,), "new evidence from outside", _from_outside),),
    "acknowledge": (Row(NOBODY, "the desk says that it knows"),),
    "withdraw": (Row((R.FORMER_UNIT, R.CLERK), "nothing left to claim"),),
    "amend": (
        Row((R.DESK,), "urgent from now on", _became_urgent),
        Row((R.HANDLER,), "what is worked on is another matter now", _handled),
        Row((R.CLERK,), "urgent from now on and not claimed", _urgent_unclaimed),
    ),
    # 有接必处
    "dispatch": (
        Row((R.CLERK,), "the unit is to claim it"),
        Row((R.UNIT, R.HEAD), "urgent: whoever can claim at once, and the head", _urgent),
    ),
    "redirect": (
        Row((R.CLERK,), "the unit is to claim it"),
        Row((R.UNIT, R.HEAD), "urgent: whoever can claim at once, and the head", _urgent),
        Row((R.FORMER_UNIT, R.HELPER), "no longer theirs"),
    ),
    "claim": (Row(NOBODY, "who claims knows; others see it in the list"),),
    "assign": (Row((R.HANDLER, R.FORMER), "named, or no longer named"),),
    "hand_over": (Row((R.HANDLER,), "the work is theirs now"),),
    "release": (
        Row((R.CLERK, R.HEAD), "to be claimed again, the deadline goes on"),
        Row((R.FORMER,), "taken from them by somebody else"),
    ),
    "contact": (Row(NOBODY, "a step of the handler's own work"),),
    "arrive": (Row(NOBODY, "a step of the handler's own work"),),
    "phone": (Row(NOBODY, "the unit was on the telephone"),),
    "note": (Row(NOBODY, "a note waits for nobody"),),
    "inquire": (Row((R.REPORTER,), "asked, and the question expires"),),
    "inform": (Row((R.HANDLER, R.ASKER), "new facts, or the answer to what was asked"),),
    "send_back": (
        Row((R.FORMER_UNIT, R.FORMER, R.HELPER), "no longer theirs"),
        Row((R.DISTRICT,), "the second return rises to the district", _second_return),
    ),
    "enlist": (Row((R.HELPER,), "asked for its part, with a due time"),),
    "answer_assist": (Row((R.HANDLER,), "the lead waits for it"),),
    "waive_assist": (Row((R.HELPER,), "its part is no longer needed"),),
    "extend": (
        Row(PUBLIC, "delayed"),
        Row((R.HANDLER,), "another deadline; who asked hears of the decision"),
    ),
    "suspend": (
        Row(PUBLIC, "delayed"),
        Row((R.HANDLER,), "stands still; who asked hears of the decision"),
    ),
    "resume": (Row((R.HANDLER,), "the clock runs again"),),
    # 有处必果
    "resolve": (
        Row((R.GRID,), "asked to look on site before the turn rises", _site),
        Row((R.REPORTER,), "asked whether it is done", _reporters_word),
    ),
    "verify": (Row(NOBODY, "the answer is in the desk's queue"),),
    "rework": (Row((R.HANDLER, R.HEAD), "to be done again, the same deadline goes on"),),
    # 有果必复
    "reply": (Row(PUBLIC, "answered"),),
    "rate": (
        Row((R.SHIFT,), "contested", _contested),
        Row((R.DISTRICT,), "contested a second time: the district's", _contested_again),
        Row((R.SHIFT,), "somebody waits for a call", _wants_call),
    ),
    "follow_up": (Row(NOBODY, "the desk's own call"),),
    "reopen": (Row(PUBLIC, "accepted again"),),
    "uphold": (Row(PUBLIC, "answered: looked into again"),),
    "close": (Row(NOBODY, "the window was told with the answer"),),
    # 督办与审批
    "void": (
        Row(PUBLIC, "ended without an answer: silence would break the promise"),
        Row((R.HANDLER, R.FORMER, R.HELPER), "nothing left to do"),
    ),
    "urge": (
        Row((R.HANDLER, R.HEAD), "somebody waits for the unit", _handled),
        Row((R.CLERK, R.HEAD), "somebody waits for the unit", _unclaimed),
        Row((R.SHIFT,), "somebody waits for the desk", _nowhere),
    ),
    "supervise": (
        Row((R.SHIFT, R.HEAD, R.HANDLER), "a formal demand with a due date"),
        Row((R.CLERK,), "a formal demand, and nobody has claimed it", _unclaimed),
    ),
    "answer_supervision": (Row((R.OPENER,), "who demanded decides whether it will do"),),
    "lift_supervision": (Row((R.SHIFT, R.HEAD, R.HANDLER), "the demand is met"),),
    "ask": (
        Row((R.SIGNER,), "to be countersigned first", _signed_first),
        Row((R.DECIDER,), "to be decided", _decided_at_once),
    ),
    "countersign": (Row((R.DECIDER,), "to be decided now"),),
    "grant": (Row((R.ASKER,), "what became of the request"),),
    "refuse": (Row((R.ASKER,), "what became of the request"),),
    "remind": (
        Row((R.OPENER,), "nobody has answered the demand in time", _unanswered),
        Row((R.HANDLER,), "half the time is gone, or a demand stands unanswered", _handled),
        Row((R.CLERK,), "half the time is gone, or a demand stands unanswered", _unclaimed),
    ),
    "warn": (
        Row((R.HANDLER, R.HEAD), "little time is left", _handled),
        Row((R.CLERK, R.HEAD), "little time is left", _unclaimed),
        Row((R.SHIFT,), "little time is left at the desk", _nowhere),
    ),
    "escalate": (Row((R.HANDLER, R.HEAD, R.SHIFT, R.LEADER), "late: it is reported upward"),),
    "recompute": (Row(NOBODY, "a date follows its calendar; whoever looks sees it"),),
    "erase": (Row(NOBODY, "the retention rule, for what ended long ago"),),
}  # fmt: skip

SILENT = frozenset(verb for verb, rows in TABLE.items() if not any(row.told for row in rows))
"""Verbs of which nobody is ever told: their events are done with at birth."""


LAPSES: dict[tuple[str, str], tuple[Row, ...]] = {
    ("escalate", "approval"): (
        Row((R.DISTRICT,), "a request is overdue; from now on the district decides, too"),
    ),
    ("remind", "lapsed"): (Row((R.ASKER,), "the question was not answered in time"),),
    ("remind", "rises"): (Row((R.DESK,), "nobody has looked: the desk may verify"),),
}
"""What tells of no clock, by verb and by what stands in its data; instead of the rows above."""


def _steps(case: Case) -> tuple[Row, ...] | None:
    """时限的一步: who keeps that promise; None where it is the unit's (`TABLE`)."""
    if "step_due" not in case.data:
        return None
    if case.data.get("scope") == "ASSIST":
        return HELPERS[case.verb]
    match case.data["promise"]:
        case Promise.RATE:
            return REPORTERS[case.verb]
        case Promise.VERIFY:
            return (*LOOKERS, *DESKS[case.verb])
        case Promise.CLAIM | Promise.RESOLVE | Promise.ARRIVE:
            return None
        case _:
            return DESKS[case.verb]


HELPERS = {
    "remind": (Row((R.HELPER,), "half the time for its part is gone"),),
    "warn": (Row((R.HELPER, R.HANDLER), "its part is missing"),),
    "escalate": (Row((R.HELPER, R.HANDLER, R.HEAD, R.SHIFT), "its part is late"),),
}
REPORTERS = {
    "remind": (Row(PUBLIC, "the window for rating is half over"),),
    "warn": (Row(PUBLIC, "the window for rating is nearly over"),),
    "escalate": (Row(NOBODY, "a window that ends breaks no promise"),),
}
LOOKERS = (
    Row((R.GRID,), "asked to look, and has not", _site),
    Row((R.REPORTER,), "asked whether it is done, and has not said", _reporters_word),
)
DESKS = {
    "remind": (Row((R.DESK,), "half the desk's time is gone"),),
    "warn": (Row((R.SHIFT,), "little of the desk's time is left, or none"),),
    "escalate": (Row((R.SHIFT, R.DISTRICT, R.LEADER), "the desk is late: it is reported upward"),),
}
"""Whose promise runs out decides who hears of it, not who happens to stand on the ticket."""


def _rows(case: Case) -> tuple[Row, ...]:
    found = _steps(case)
    if found is not None:
        return found
    for (verb, key), rows in LAPSES.items():
        if case.verb == verb and key in case.data:
            return rows
    return TABLE.get(case.verb, ())


def told(case: Case) -> tuple[Role, ...]:
    """告知谁: roles in the table's order, each once."""
    return tuple(dict.fromkeys(role for row in _rows(case) if row.only(case) for role in row.told))
