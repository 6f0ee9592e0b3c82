"""Where each ticket is to come to, and which act is next on its way; nothing is asked here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

CATEGORIES = ("0501", "0502", "0602", "0604", "0902", "0999", "1005")
NORMAL = ("0902", "0999", "1005")
AIMS = (
    "claim", "grant", "merge", "reply", "suspend", "rework", "accept", "refuse", "unmerge",
    "reopen", "resolve", "amend", "verify", "ask",
)  # fmt: skip
ENDS = frozenset({"claim", "grant", "refuse", "ask", "suspend", "unmerge", "amend"})
"""They come to an end in somebody's hands."""
AGAIN = frozenset({"rework", "reopen"})
"""They come to an end where they are in hand once more."""
ANSWER = "您好，问题已于今日上午到场处理完毕，并安排专人复查。"
DESK, OTHER_DESK, SHIFT, LEADER = "desk_003_1", "desk_003_2", "shift_003_1", "leader_003"
ASKS = frozenset({"extend", "suspend"})
SOFT = ASKS | {"merge", "amend", "rate", "reopen"}
"""What may be too late by now, and is left undone then."""
WAITS = 30  # times that it looks for somewhere to be merged into
PATIENCE = 4  # times that an act is refused before the way goes on without it


@dataclass(frozen=True)
class Act:
    """一步: which verb, by the first of these who may, with what; `decides` a request."""

    verb: str
    who: tuple[str, ...]
    body: Mapping[str, Any]
    decides: int | None = None

    @property
    def recorded(self) -> str:
        """As the event of it is called."""
        return "ask" if self.verb in ASKS else self.verb


@dataclass
class Trip:
    """一张工单 under way: what it is to come to, and what was done."""

    nth: int
    aim: str
    category: str
    number: str = ""
    state: str = ""
    unit: str = ""
    target: str = ""
    waited: int = 0
    is_ended: bool = False
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def end(self) -> None:
        """了结: whatever it was to come to, now it is to be answered, and rests no more."""
        self.aim, self.is_ended = "reply", True

    def wants(self, verb: str) -> bool:
        """Still to be done, and not in vain."""
        return not self.done[verb] and self.refused[verb] < PATIENCE


@dataclass(frozen=True)
class Cast:
    """角色: by unit who handles and who heads it, and who walks the grids."""

    handlers: Mapping[str, str]
    heads: Mapping[str, str]
    walkers: tuple[str, ...]


def next_act(trip: Trip, found: Mapping[str, Any], cast: Cast) -> Act | bool | None:
    """下一步: an act, None to wait for somebody else, True where it has come."""
    trip.state = found["state"]
    trip.unit = (found["unit"] or {}).get("code", "") or trip.unit
    match trip.state:
        case "REPORTED" if found["urgency"] != "URGENT":
            return Act("accept", (DESK,), {"category": trip.category})
        case "REPORTED":
            return None
        case "ACCEPTED" if trip.done["reopen"]:
            return Act("dispatch", (DESK,), {"unit": trip.unit, "text": "再办一次"})
        case "ACCEPTED":
            return None
        case "DISPATCHED":
            return _dispatched(trip, found, cast)
        case "HANDLING":
            return _handling(trip, found, cast)
        case "RESOLVED":
            return _resolved(trip, cast)
        case _:
            return _later(trip, cast)


def _dispatched(trip: Trip, found: Mapping[str, Any], cast: Cast) -> Act | bool | None:
    if trip.aim == "accept":
        return True
    if trip.aim in ("merge", "unmerge") and trip.wants("merge"):
        if trip.target:
            return Act("merge", (DESK,), {"target": trip.target})
        trip.waited += 1
        if trip.waited < WAITS:
            return None
    if trip.aim == "amend" and trip.wants("amend") and found["urgency"] != "URGENT":
        return Act("amend", (DESK,), {"urgency": "URGENT", "text": "有人受伤，要快"})
    return Act("claim", (cast.handlers.get(trip.unit, ""),), {})


def _handling(trip: Trip, found: Mapping[str, Any], cast: Cast) -> Act | bool | None:
    handler = cast.handlers.get(trip.unit, "")
    if trip.aim in ("grant", "refuse", "suspend", "ask"):
        act = _request(trip, found, handler, cast)
        if act is not None:
            return act
    if trip.aim in ENDS or (trip.aim in AGAIN and trip.done[trip.aim]):
        return True
    needs = {"result": "DONE", "note": "已到场", "proposed_answer": ANSWER}
    return Act("resolve", (handler,), needs)


def _request(trip: Trip, found: Mapping[str, Any], handler: str, cast: Cast) -> Act | None:
    """申请: asked for, signed and decided; nothing where it is decided or left to others."""
    pending = found["approval"]
    if pending is None:
        # an extension is refused at once where the limit ran out
        verb = "suspend" if trip.aim in ("suspend", "refuse") else "extend"
        return _asked(verb, handler, found) if trip.wants("ask") and trip.wants(verb) else None
    if trip.aim == "ask":
        return None
    verb = "refuse" if trip.aim == "refuse" else "grant"
    if verb == "grant" and trip.wants("countersign") and cast.heads.get(trip.unit):
        return Act("countersign", (cast.heads[trip.unit],), {}, pending["id"])
    decider = LEADER if trip.aim in ("suspend", "refuse") else SHIFT
    words = {"text": "同意" if verb == "grant" else "再想办法"}
    return Act(verb, (decider,), words, pending["id"]) if trip.wants(verb) else None


def _asked(verb: str, handler: str, found: Mapping[str, Any]) -> Act:
    if verb == "extend":
        return Act(verb, (handler,), {"reason": "MATERIAL", "days": 1, "text": "等材料到货"})
    day = datetime.fromisoformat(found["now"]).date() + timedelta(days=1)
    needs = {"reason": "BUDGET", "resume_on": day.isoformat(), "text": "等预算"}
    return Act(verb, (handler,), needs)


def _resolved(trip: Trip, cast: Cast) -> Act | bool:
    if trip.aim == "resolve":
        return True
    lookers = (*cast.walkers, OTHER_DESK)
    if trip.aim == "rework" and trip.wants("rework"):
        return Act("rework", lookers, {"reason": "NOT_DONE", "text": "还堆着"})
    return Act("verify", lookers, {})


def _later(trip: Trip, cast: Cast) -> Act | bool:
    match trip.state:
        case "SUSPENDED" if trip.aim == "reply":
            return Act("resume", (cast.handlers.get(trip.unit, ""),), {"text": "材料到了"})
        case "VERIFIED" if trip.aim != "verify":
            return Act("reply", (OTHER_DESK,), {"final_answer": ANSWER})
        case "REPLIED" if trip.aim == "reopen" and trip.wants("rate"):
            return Act("rate", (DESK,), {"stars": 1, "is_solved": False})
        case "CONTESTED" | "CLOSED" if trip.aim == "reopen" and trip.wants("reopen"):
            needs = {"reason": "NOT_SOLVED", "text": "还在", "category": trip.category}
            return Act("reopen", (DESK,), needs)
        case "MERGED" if trip.aim == "unmerge" and trip.wants("unmerge"):
            return Act("unmerge", (DESK,), {"text": "不是一件事"})
    return True
