"""Whose turn it is, and whether anybody is there to take it (DESIGN §3.2)."""

from datetime import date

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket
from tickets.proof import holders
from tickets.states import STATE_TURN, State
from tickets.words import Turn, VerifyBy

RISES = (Turn.GRID, Turn.REPORTER)


def turn(day: date) -> QuerySet[Ticket]:
    """The turn that state, verification, returns and contests name."""
    wanted = Case(
        When(state=State.ACCEPTED, returns__gte=2, then=Value(Turn.DISTRICT)),
        When(state=State.CONTESTED, contests__gte=2, then=Value(Turn.DISTRICT)),
        When(state=State.RESOLVED, verify_by=VerifyBy.SITE, then=Value(Turn.GRID)),
        When(state=State.RESOLVED, verify_by=VerifyBy.REPORTER, then=Value(Turn.REPORTER)),
        *(When(state=state, then=Value(turn)) for state, turn in STATE_TURN.items()),
    )
    return Ticket.objects.annotate(wanted=wanted).exclude(turn=wanted)


def rising(day: date) -> QuerySet[Ticket]:
    """When a grid worker's or reporter's look is overdue it becomes the desk's."""
    waits = Q(state=State.RESOLVED, turn__in=RISES)
    return Ticket.objects.filter(waits, turn_rises_at=None)


def desk(day: date) -> QuerySet[Ticket]:
    """受理员."""
    return _open(turn=Turn.DESK).exclude(state=State.RESOLVED).filter(~holders.desk(day))


def district(day: date) -> QuerySet[Ticket]:
    """区级受理员."""
    return _open(turn=Turn.DISTRICT).filter(~holders.district(day))


def unit(day: date) -> QuerySet[Ticket]:
    """承办单位."""
    return _open(turn=Turn.UNIT).filter(~holders.unit(day))


def handler(day: date) -> QuerySet[Ticket]:
    """处置人员."""
    return _open(turn=Turn.HANDLER).filter(~holders.handler(day))


def verifier(day: date) -> QuerySet[Ticket]:
    """核查人: never the handler."""
    somebody = Q(turn=Turn.GRID) & holders.grid(day, without="handler_id")
    somebody |= ~Q(turn=Turn.GRID) & holders.desk(day, without="handler_id")
    return _open(state=State.RESOLVED).filter(~somebody)


def _open(**where: str) -> QuerySet[Ticket]:
    return Ticket.objects.open().filter(**where)


RULES = (
    (_("轮到谁与状态、核查方式或不满次数不符"), turn),
    (_("待核查而没有转交受理员的时间"), rising),
    (_("轮到受理员，但所在街道和区里都没有在岗受理员"), desk),
    (_("轮到区级受理员，但区里没有在岗受理员"), district),
    (_("轮到承办单位，但单位无人在岗，街道值班长和区级受理员也没有"), unit),
    (_("处置人员已停用、不在本单位在岗，或与工单有利害关系"), handler),
    (_("没有可以核查的人：处置人员不能核查自己"), verifier),
)
