"""Sweeps that move tickets: dispatched, resumed, passed and closed without anybody's doing."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common import clock
from common.actors import SYSTEM
from grids.models import Post
from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tickets import actions, law, turns
from tickets.actions.oversight import overdue_supervisions, remind_of_supervision
from tickets.limits import SETTLED_PASSES_AFTER
from tickets.models import Ticket
from tickets.states import State
from tickets.sweeps.each import each
from tickets.words import Origin, Turn, Urgency, VerifyBy

UNMANNED = "unmanned"


def route(*, at: datetime) -> int:
    """派单: urgent and trusted reports are accepted, accepted ones dispatched, orphans released."""
    _tell_unmanned(at)
    done = each("route", _to_accept(), lambda t: actions.accept(t, by=SYSTEM, at=at), at)
    done += each("route", _orphaned(at), lambda t: actions.release(t, by=SYSTEM, at=at), at)
    waiting = Ticket.objects.filter(state=State.ACCEPTED, needs_hand=False, has_request=False)
    return done + each("route", waiting, lambda t: actions.route(t, at=at), at)


def resume(*, at: datetime) -> int:
    """恢复: suspended tickets whose day has come."""
    due = Ticket.objects.filter(state=State.SUSPENDED, resume_at__lte=at)
    return each("resume", due, lambda t: actions.resume(t, by=SYSTEM, at=at), at)


def pass_unseen(*, at: datetime) -> int:
    """免核查: what needs no look; settled tickets not drawn pass after a day."""
    due = Ticket.objects.filter(state=State.RESOLVED, verify_by=VerifyBy.NONE).filter(
        Q(is_settled=False) | Q(resolved_at__lte=at - SETTLED_PASSES_AFTER)
    )
    return each("pass", due, lambda t: actions.verify(t, by=SYSTEM, at=at), at)


def close(*, at: datetime) -> int:
    """结案: rating windows that are over, and verified tickets with nobody left to answer."""
    nobody = ~Q(origin=Origin.RESIDENT) & Q(state=State.VERIFIED, followers_count=0)
    due = Ticket.objects.filter(Q(state=State.REPLIED, due_at__lte=at) | nobody)
    return each("close", due, lambda t: actions.close(t, by=SYSTEM, at=at), at)


def remind_of_supervisions(*, at: datetime) -> int:
    """督办超期提醒: once each."""
    late = overdue_supervisions(at).filter(ticket=OuterRef("pk"))
    due = Ticket.objects.open().filter(Exists(late))
    return each("supervisions", due, lambda t: remind_of_supervision(t, at=at), at)


def _to_accept() -> QuerySet[Ticket]:
    trusted = Q(urgency=Urgency.URGENT) | Q(source__in=law.trusted_sources())
    waiting = Ticket.objects.filter(state=State.REPORTED, category__isnull=False)
    # a transfer that a second person is asked about stays with the desk
    return waiting.filter(trusted, has_request=False)


def _orphaned(at: datetime) -> QuerySet[Ticket]:
    day = clock.local(at).date()
    posts = Post.objects.in_force(day).filter(person=OuterRef("handler"), unit=OuterRef("unit"))
    return Ticket.objects.filter(state=State.HANDLING).filter(~Exists(posts))


def _tell_unmanned(at: datetime) -> None:
    """升交: where nobody holds the post whose turn it is; one incident, the turn rises then."""
    empty = _unmanned(at)
    open_ones = Incident.objects.filter(kind=UNMANNED, ended_at=None)
    known = set(open_ones.values_list("subject", flat=True))
    for code in sorted(empty - known):
        raise_incident(UNMANNED, code, detail=_("无人在岗，轮到的工单已升交上一级。"), at=at)
    for code in sorted(known - empty):
        end_incident(UNMANNED, code, at=at)


def _unmanned(at: datetime) -> set[str]:
    """Codes of units, streets and grids that have a turn and nobody to take it."""
    day = clock.local(at).date()
    waiting = Ticket.objects.open()
    units = waiting.filter(turn=Turn.UNIT).exclude(unit_id__in=turns.manned_units(day))
    streets = waiting.filter(turn=Turn.DESK, subdistrict__isnull=False).exclude(
        subdistrict_id__in=turns.manned_streets(day)
    )
    walked = turns.walked_places(day)
    grids = waiting.filter(turn=Turn.GRID).exclude(
        Q(division_id__in=walked) | Q(community__isnull=False, community_id__in=walked)
    )
    return {
        *units.values_list("unit__code", flat=True),
        *streets.values_list("subdistrict__code", flat=True),
        *grids.values_list("division__code", flat=True),
    }
