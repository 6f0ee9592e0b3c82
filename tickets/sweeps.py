"""Idempotent sweeps: safe twice at once, complete without the broker (DESIGN §4).

Each reads due ids without locks, then does one ticket per transaction through the real action,
which locks and checks again: whoever comes second is refused and goes on.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common import clock
from common.actors import SYSTEM
from common.errors import Refused
from grids.models import Post
from notices import codes, retiring
from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tickets import actions, announcing, law, turns
from tickets.attachments import sweeping
from tickets.limits import SETTLED_PASSES_AFTER
from tickets.models import Ticket
from tickets.states import State
from tickets.words import Origin, Turn, Urgency, VerifyBy

log = logging.getLogger(__name__)
BATCH = 500
UNMANNED = "unmanned"
FAILURES = 5  # of one ticket, one after another, before a person is told


def route(*, at: datetime) -> int:
    """派单: urgent and trusted reports are accepted, accepted ones dispatched, orphans released."""
    _tell_unmanned(at)
    done = _each("route", _to_accept(), lambda t: actions.accept(t, by=SYSTEM, at=at), at)
    done += _each("route", _orphaned(at), lambda t: actions.release(t, by=SYSTEM, at=at), at)
    waiting = Ticket.objects.filter(state=State.ACCEPTED, needs_hand=False, has_request=False)
    return done + _each("route", waiting, lambda t: actions.route(t, at=at), at)


def resume(*, at: datetime) -> int:
    """恢复: suspended tickets whose day has come."""
    due = Ticket.objects.filter(state=State.SUSPENDED, resume_at__lte=at)
    return _each("resume", due, lambda t: actions.resume(t, by=SYSTEM, at=at), at)


def pass_unseen(*, at: datetime) -> int:
    """免核查: what needs no look; settled tickets not drawn pass after a day."""
    due = Ticket.objects.filter(state=State.RESOLVED, verify_by=VerifyBy.NONE).filter(
        Q(is_settled=False) | Q(resolved_at__lte=at - SETTLED_PASSES_AFTER)
    )
    return _each("pass", due, lambda t: actions.verify(t, by=SYSTEM, at=at), at)


def close(*, at: datetime) -> int:
    """结案: rating windows that are over, and verified tickets with nobody left to answer."""
    nobody = ~Q(origin=Origin.RESIDENT) & Q(state=State.VERIFIED, followers_count=0)
    due = Ticket.objects.filter(Q(state=State.REPLIED, due_at__lte=at) | nobody)
    return _each("close", due, lambda t: actions.close(t, by=SYSTEM, at=at), at)


SWEEPS: dict[str, Callable[..., int]] = {
    "route": route,
    "resume": resume,
    "pass": pass_unseen,
    "close": close,
    "files": sweeping.sweep,
    "announce": announcing.sweep,
    "notices": retiring.sweep,
    "codes": codes.sweep,
}
HOURLY = frozenset({"files", "notices"})
"""Not in every round of `sweep --loop`."""


def run(name: str, *, at: datetime) -> int:
    """清扫: one sweep by name; returns how many rows it moved."""
    return SWEEPS[name](at=at)


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


def _pages(tickets: QuerySet[Ticket]) -> Iterator[Ticket]:
    """In order of due date, page after page, so that refused rows at the head hold up nobody."""
    after = Q()
    while page := list(tickets.filter(after).order_by("due_at", "id")[:BATCH]):
        due_at, pk = page[-1].due_at, page[-1].pk  # before anybody moves them
        yield from page
        after = Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk)


def _each(
    name: str, tickets: QuerySet[Ticket], act: Callable[[Ticket], object], at: datetime
) -> int:
    done, kind = 0, f"sweep:{name}"
    open_ones = Incident.objects.filter(kind=kind, ended_at=None)
    known = set(open_ones.values_list("subject", flat=True))
    for ticket in _pages(tickets):
        try:
            act(ticket)
            done += 1
            if ticket.number in known:
                end_incident(kind, ticket.number, at=at)
        except law.NotReady as missing:
            log.error("%s: %s: %s", name, ticket.number, missing.sentence)
            raise_incident(kind, ticket.number, detail=missing.sentence, at=at)
        except Refused as refused:
            log.info("%s: %s: %s", name, ticket.number, refused.sentence)
        except Exception as error:
            log.exception("%s: %s", name, ticket.number)
            raise_incident(kind, ticket.number, detail=repr(error)[:400], at=at, nth=FAILURES)
    return done
