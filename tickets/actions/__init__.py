"""Every verb of the chain: one function, one place (DESIGN §2 law 1).

One file per promise: `intake` and `matters` 有报必接, `handling` and `assists` 有接必处,
`outcome` 有处必果, `reply` 有果必复; `oversight` beside them.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any

from ._born import Place as Place
from .assists import answer_assist, enlist, waive_assist
from .evidence import attach
from .handling import (
    arrive,
    assign,
    claim,
    contact,
    dispatch,
    extend,
    hand_over,
    inform,
    inquire,
    note,
    phone,
    redirect,
    release,
    resume,
    route,
    send_back,
    suspend,
)
from .intake import (
    accept,
    acknowledge,
    answer,
    bring_in,
    confirm,
    decline,
    object,
    report,
    settle,
)
from .lapses import lapse_question, raise_turn
from .matters import amend, follow, link, merge, split, unmerge, withdraw
from .outcome import resolve, rework, verify
from .oversight import (
    answer_supervision,
    countersign,
    erase,
    grant,
    lift_supervision,
    raise_request,
    refuse,
    supervise,
    urge,
    void,
)
from .patrol import Fix as Fix
from .patrol import check_in
from .reply import close, follow_up, rate, reopen, reply, uphold

ON_TICKET: dict[str, Callable[..., Any]] = {
    verb.__name__: verb
    for verb in (
        accept, acknowledge, amend, answer, answer_assist, answer_supervision, arrive, assign,
        attach, claim, confirm, contact, decline, dispatch, enlist, extend, follow, follow_up,
        hand_over, inform, inquire, lift_supervision, link, merge, note, object, phone, rate,
        redirect, release, reopen, reply, resolve, resume, rework, send_back, split, supervise,
        suspend, unmerge, uphold, urge, verify, void, waive_assist, withdraw,
    )
}  # fmt: skip
"""Verbs that a page or the API may call on an existing ticket, by name."""
OBSERVED = frozenset(
    name for name, verb in ON_TICKET.items() if "observed_at" in signature(verb).parameters
)
"""Verbs that are done out there, where a device may say when."""

__all__ = [
    "OBSERVED", "ON_TICKET", "accept", "acknowledge", "amend", "answer", "answer_assist",
    "answer_supervision", "arrive", "assign", "attach", "bring_in", "check_in", "claim", "close",
    "confirm", "contact", "countersign", "decline", "dispatch", "enlist", "erase", "extend",
    "follow", "follow_up", "grant", "hand_over", "inform", "inquire", "lapse_question",
    "lift_supervision", "link", "merge", "note", "object", "phone", "raise_request", "raise_turn",
    "rate", "redirect", "refuse", "release", "reopen", "reply", "report", "resolve", "resume",
    "rework", "route", "send_back", "settle", "split", "supervise", "suspend", "unmerge", "uphold",
    "urge", "verify", "void", "waive_assist", "withdraw",
]  # fmt: skip
