"""What events say of requests, helpers and supervision: asked, decided, answered. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from tickets.actions._clocks import TOLD
from tickets.actions._parties import CANCELS_ASSISTS
from tickets.models.approval import ApprovalState
from tickets.models.assist import AssistState
from tickets.models.oversight import SupervisionState
from tickets.proof.compare import Key, Said
from tickets.proof.facts import EventFacts
from tickets.record import plain

DECIDED = {"grant": ApprovalState.GRANTED, "refuse": ApprovalState.REFUSED}
NOT_ASKED = frozenset({"kind", "approval", "words", "set", "was", "missed", *TOLD})
"""What stands in the data of `ask` beside that which was asked for."""


def approvals(events: Sequence[EventFacts]) -> dict[Key, Said]:
    """审批: by its row; a change of state or unit ends what nobody has decided."""
    found: dict[Key, Said] = {}
    for event in events:
        said = found.get(event.key("approval") or 0)
        if event.verb == "ask" and (pk := event.key("approval")):
            found[pk] = Said(event.seq, _asked(event))
        elif event.verb == "countersign" and said:
            said.values["countersigned_by_id"] = event.person_id
            said.values["countersigned_at"] = plain(event.at)
        elif event.verb in DECIDED and said:
            _decide(said, DECIDED[event.verb], event, event.person_id)
        elif event.from_state != event.to_state or "unit_id" in event.part("set"):
            for pending in _in_state(found, ApprovalState.PENDING):
                _decide(pending, ApprovalState.SUPERSEDED, event, None)
    return found


def assists(events: Sequence[EventFacts]) -> dict[Key, Said]:
    """协办: by its row; some verbs end all that are open."""
    found: dict[Key, Said] = {}
    for event in events:
        said = found.get(event.key("assist") or 0)
        if event.verb == "enlist" and (pk := event.key("assist")):
            values = {
                "unit_id": event.value("unit"), "state": str(AssistState.OPEN),
                "asked_at": plain(event.at), "asked_seq": event.seq, "answered_by_id": None,
                "ended_at": None,
            }  # fmt: skip
            found[pk] = Said(event.seq, values)
        elif event.verb in ("answer_assist", "waive_assist") and said:
            said.values.update(state=event.value("result"), ended_at=plain(event.at))
            if event.verb == "answer_assist":
                said.values["answered_by_id"] = event.person_id
        elif event.verb in CANCELS_ASSISTS:
            for waiting in _in_state(found, AssistState.OPEN):
                waiting.values.update(state=str(AssistState.CANCELLED), ended_at=plain(event.at))
    return found


def supervisions(events: Sequence[EventFacts]) -> dict[Key, Said]:
    """督办: by its row; an older event does not say until when."""
    found: dict[Key, Said] = {}
    for event in events:
        said = found.get(event.key("supervision") or 0)
        if event.verb == "supervise" and (pk := event.key("supervision")):
            values = {
                "state": str(SupervisionState.OPEN), "opened_by_id": event.person_id,
                "opened_at": plain(event.at), "opened_seq": event.seq, "answered_at": None,
                "lifted_at": None,
            }  # fmt: skip
            until = event.value("until")
            found[pk] = Said(event.seq, values | ({"due_at": until} if until else {}))
        elif event.verb == "answer_supervision" and said:
            said.values.update(state=str(SupervisionState.ANSWERED), answered_at=plain(event.at))
        elif event.verb == "lift_supervision" and said:
            said.values.update(state=str(SupervisionState.LIFTED), lifted_at=plain(event.at))
    return found


def _asked(event: EventFacts) -> dict[str, Any]:
    return {
        "kind": event.value("kind"), "state": str(ApprovalState.PENDING),
        "asked_by_id": event.person_id, "asked_at": plain(event.at), "asked_seq": event.seq,
        "asks": {name: value for name, value in event.data.items() if name not in NOT_ASKED},
        "countersigned_by_id": None, "countersigned_at": None, "decider_id": None,
        "decided_at": None,
    }  # fmt: skip


def _decide(said: Said, state: ApprovalState, event: EventFacts, person_id: int | None) -> None:
    said.values.update(state=str(state), decider_id=person_id, decided_at=plain(event.at))


def _in_state(found: dict[Key, Said], state: str) -> Iterator[Said]:
    return (said for said in found.values() if said.values["state"] == state)
