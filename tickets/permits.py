"""May this actor do this verb on this ticket now? One answer for the hand and for the buttons.

Order of answers (DESIGN §3.5): not visible 404, impossible in this state 409, somebody else's
turn 403, impossible for another reason 409. Stale 412 and needs 422 follow in the hand.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Gone, Impossible, NotVisible, NotYours, Refused
from common.listing import listed, noted
from grids.models import Person
from tickets import standing
from tickets.guards import GUARDS
from tickets.models import Client, Ticket
from tickets.standing import Reader
from tickets.states import MOVES, TRANSITIONS, WHO_ZH, Move, State, Who
from tickets.words import Turn

RATED = frozenset({State.CONTESTED, State.CLOSED})
OUTSIDE = frozenset({Who.REPORTER, Who.FOLLOWER, Who.CLIENT})

NEXT_STEPS = {
    State.ACCEPTED: ("dispatch", Who.DESK),
    State.HANDLING: ("resolve", Who.HANDLER),
    State.RESOLVED: ("verify", Who.DESK),
    State.CONTESTED: ("reopen", Who.DESK),
}
"""Steps that somebody looks for, and that may have to wait for somebody else."""


def require(
    actor: Actor, ticket: Ticket, verb: str, *, at: datetime, is_granted: bool = False
) -> Move:
    """许可: returns the table's row or raises NotVisible, Impossible, NotYours or Gone.

    `is_granted`: something else stands for the actor's right, an approval or the act that this
    one follows from; the state must still allow it.
    """
    move = MOVES[verb]
    if is_granted:
        _check_state(move, ticket, frozenset())
        return move
    who = look(actor, ticket, at=at)
    _judge(move, ticket, actor, who, at)
    return move


def look(actor: Actor, ticket: Ticket, *, at: datetime) -> frozenset[Who]:
    """看: what the actor is to a ticket they may know of; raises NotVisible."""
    who = standing.of(actor, ticket, at=at)
    if not who and not _may_see(actor, ticket, at):
        raise NotVisible(_("没有这张工单，请核对编号。"))
    return who


def allowed(actor: Actor, ticket: Ticket, *, at: datetime) -> list[Move]:
    """可做: the buttons of this actor on this ticket now, in the table's order."""
    who = standing.of(actor, ticket, at=at)
    found = []
    for move in TRANSITIONS:
        if not move.button or not who & move.who:
            continue
        try:
            _judge(move, ticket, actor, who, at)
        except Refused:
            continue
        found.append(move)
    return found


def is_inside(person: Reader, ticket: Ticket, *, at: datetime) -> bool:
    """内部: sees the ticket as staff, not only as its reporter or follower."""
    standings = standing.of(person, ticket, at=at)
    return not standings or bool(standings - OUTSIDE)


def for_whom(actor: Actor, ticket: Ticket, verb: str, *, at: datetime) -> dict[str, int]:
    """代谁: for the record, whose right a stand-in uses; nothing where a post of one's own does."""
    if not isinstance(actor, Person) or len(selves := actor.selves(at)) == 1:
        return {}
    move = MOVES[verb]
    for one in (actor.pk, *sorted(selves - {actor.pk})):
        who = standing.of_one(actor, ticket, one, at=at)
        if not _is_theirs(move, who):
            continue
        try:
            _judge(move, ticket, actor, who, at)
        except Refused:
            continue
        return {} if one == actor.pk else {"for": one}
    return {}


def held_back(actor: Actor, ticket: Ticket, *, at: datetime) -> str:
    """受阻: why the next step of this person's cannot be taken yet; empty where it can."""
    verb, whose = NEXT_STEPS.get(State(ticket.state), ("", Who.SYSTEM))
    who = standing.of(actor, ticket, at=at)
    if whose not in who:
        return ""
    try:
        _judge(MOVES[verb], ticket, actor, who, at)
    except Refused as refused:
        return refused.sentence
    return ""


def _judge(move: Move, ticket: Ticket, actor: Actor, who: frozenset[Who], at: datetime) -> None:
    _check_state(move, ticket, who)
    if not _is_theirs(move, who):
        raise NotYours(_not_yours(move, ticket, who))
    guard = GUARDS.get(move.verb)
    if guard is not None:
        guard(ticket, actor, who, at)


def _is_theirs(move: Move, who: frozenset[Who]) -> bool:
    return Who.ANYONE in move.who or bool(who & move.who)


def _check_state(move: Move, ticket: Ticket, who: frozenset[Who]) -> None:
    if not move.frm or ticket.state in move.frm:
        return
    if move.verb == "rate" and ticket.state in RATED:
        raise Gone(_("评价已结束。如问题仍未解决，请拨打 12345。"))
    raise Impossible(_impossible(move, ticket, who))


def _may_see(actor: Actor, ticket: Ticket, at: datetime) -> bool:
    if not isinstance(actor, Person | Client):
        return False
    return Ticket.objects.visible_to(actor, at).filter(pk=ticket.pk).exists()


def _not_yours(move: Move, ticket: Ticket, who: frozenset[Who]) -> str:
    names = listed(str(WHO_ZH[one]) for one in Who if one in move.who)
    return _("“%(verb)s”要由%(who)s来做；工单 %(number)s 现在轮到%(turn)s。") % {
        "verb": move.zh,
        "who": names,
        "number": ticket.number,
        "turn": _holder(ticket, who),
    }


def _holder(ticket: Ticket, who: frozenset[Who]) -> str:
    turn = str(ticket.get_turn_display())
    held = {Turn.UNIT: ticket.unit, Turn.HANDLER: ticket.handler}.get(Turn(ticket.turn))
    if held is None or (who <= OUTSIDE and who):  # the public is told of no member of staff
        return turn
    return noted(turn, held)


def _impossible(move: Move, ticket: Ticket, who: frozenset[Who]) -> str:
    said = {"verb": move.zh, "number": ticket.number, "state": ticket.get_state_display()}
    if move.verb == "claim" and ticket.handler is not None and who - OUTSIDE:
        return _("工单 %(number)s 已由%(holder)s签收。") % {
            "number": ticket.number,
            "holder": ticket.handler,
        }
    return _("工单 %(number)s 现在是“%(state)s”，不能%(verb)s。请刷新后再看。") % said
