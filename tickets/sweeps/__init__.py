"""Idempotent sweeps: safe twice at once, complete without the broker (DESIGN §4).

Each reads due ids without locks, then acts through the real action, which locks and checks again:
whoever comes second is refused and goes on. How often each runs stands in `tickets.periods`.
"""

from collections.abc import Callable
from datetime import datetime

from common import runs
from common.alone import alone
from notices import codes, retiring
from tickets import announcing
from tickets.attachments import sweeping
from tickets.figures import months
from tickets.sweeps import asking, delivering, erasing, moving, timing

SWEEPS: dict[str, Callable[..., int]] = {
    "route": moving.route,
    "resume": moving.resume,
    "pass": moving.pass_unseen,
    "close": moving.close,
    "supervisions": moving.remind_of_supervisions,
    "files": sweeping.sweep,
    "timers": timing.fire,
    "recompute": timing.recompute,
    "reconcile": timing.reconcile,
    "announce": announcing.sweep,
    "deliver": delivering.sweep,
    "notices": retiring.sweep,
    "codes": codes.sweep,
    "approvals": asking.approvals,
    "inquiries": asking.inquiries,
    "turns": asking.turns,
    "erase": erasing.sweep,
    "months": months.sweep,
}


ALONE = frozenset({"months", "recompute", "reconcile"})
"""What walks through all that is open or was due: a second one would walk beside the first."""


def run(name: str, *, at: datetime) -> int:
    """清扫: one sweep by name; returns how many rows it moved."""
    if name not in ALONE:
        return runs.noted(name, SWEEPS[name], at=at)
    with alone(f"sweep:{name}") as is_mine:
        return runs.noted(name, SWEEPS[name], at=at) if is_mine else 0
