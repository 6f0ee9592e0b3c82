"""What follows from a move for those beside it: participations, requests, helpers (DESIGN §3.3)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tickets.models import Approval, Assist, Participation, Ticket
from tickets.models.approval import ApprovalState
from tickets.models.assist import AssistState
from tickets.models.clock import ClockState
from tickets.models.parties import ParticipationRole

if TYPE_CHECKING:
    from tickets.actions._clocks import Clocks

CANCELS_ASSISTS = frozenset({"send_back", "redirect", "merge", "void", "withdraw"})


def follow_changes(ticket: Ticket, before: dict[str, Any], *, at: datetime) -> None:
    """参与: ends the part of who left, begins the part of who came."""
    if ticket.unit_id != before["unit_id"]:
        if before["unit_id"] is not None:
            leave(ticket, ParticipationRole.LEAD, at=at)
        if ticket.unit_id is not None:
            join(ticket, ParticipationRole.LEAD, ticket.unit_id, at=at)
    if ticket.handler_id != before["handler_id"]:
        if before["handler_id"] is not None:
            leave(ticket, ParticipationRole.HANDLER, at=at)
        if ticket.handler_id is not None and ticket.unit_id is not None:
            join(
                ticket, ParticipationRole.HANDLER, ticket.unit_id,
                person_id=ticket.handler_id, at=at,
            )  # fmt: skip


def join(
    ticket: Ticket, role: str, unit_id: int, *, at: datetime, person_id: int | None = None
) -> None:
    """加入."""
    Participation.objects.create(
        ticket=ticket, role=role, unit_id=unit_id, person_id=person_id, started_at=at
    )


def leave(ticket: Ticket, role: str, *, at: datetime, unit_id: int | None = None) -> None:
    """离开: ends every open part of that role, or only that unit's."""
    rows = Participation.objects.filter(ticket=ticket, role=role, ended_at=None)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    rows.update(ended_at=at)


def supersede_request(ticket: Ticket, *, at: datetime) -> None:
    """失效: any other change of state ends a pending request."""
    if ticket.has_request:
        Approval.objects.filter(ticket=ticket, state=ApprovalState.PENDING).update(
            state=ApprovalState.SUPERSEDED, decided_at=at
        )
        ticket.has_request = False


def cancel_assists(ticket: Ticket, clocks: "Clocks", *, at: datetime) -> None:
    """取消协办: the helpers are no longer needed; their clocks stop."""
    if not ticket.open_assists:
        return
    for assist in Assist.objects.select_for_update().filter(ticket=ticket, state=AssistState.OPEN):
        end_assist(assist, AssistState.CANCELLED, at=at)
        clocks.end_assist(assist, ClockState.CANCELLED)
    ticket.open_assists = 0


def end_assist(assist: Assist, state: AssistState, *, at: datetime) -> None:
    """结束协办: its state, its end and the unit's part."""
    assist.state = state
    assist.ended_at = at
    assist.save(update_fields=["state", "ended_at", "answered_by"])
    leave(assist.ticket, ParticipationRole.ASSIST, unit_id=assist.unit_id, at=at)
