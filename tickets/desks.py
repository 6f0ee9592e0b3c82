"""受理台: what the desk's page reads: its lists, and what lies around the ticket it decides on.

Each list is a path of its own, so that its statement is made once for all people of the same
posts (see `walks`).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.errors import NotYours
from grids.models import Person
from tickets import boards, law, lights, standing, walks
from tickets.actions._evidence import metres
from tickets.models import Approval, Category, Reporter, Ticket
from tickets.models.queries import TicketQuerySet
from tickets.models.ways import Ways
from tickets.standing import Group
from tickets.states import State
from tickets.turns import DESKS
from tickets.walks import Path, Walk

NEW, DISPATCH, VERIFY, REPLY, CONTEST, OTHER = (
    "new", "dispatch", "verify", "reply", "contest", "other",
)  # fmt: skip
APPROVALS = "approvals"
"""As the navigation counts them."""
STATES: dict[str, tuple[State, ...]] = {
    NEW: (State.REPORTED,), DISPATCH: (State.ACCEPTED,), VERIFY: (State.RESOLVED,),
    REPLY: (State.VERIFIED,), CONTEST: (State.CONTESTED,),
}  # fmt: skip
NAMED = tuple(state for states in STATES.values() for state in states)
TABS = {
    NEW: gettext_lazy("待受理"), DISPATCH: gettext_lazy("待派单"), VERIFY: gettext_lazy("待核查"),
    REPLY: gettext_lazy("待答复"), CONTEST: gettext_lazy("待复核"),
    OTHER: pgettext_lazy("turns", "其他"), APPROVALS: pgettext_lazy("plural", "审批"),
}  # fmt: skip
SIZE = 50
SUMMARY = 80
MOST_SIMILAR, MOST_EARLIER = 5, 5
LOOKED_AT = 50
"""So many rows inside the box are measured."""
METRES_OF_A_DEGREE = 111_195


@dataclass(frozen=True)
class Line:
    """一行: a ticket, what this person may read of it, and what is asked for."""

    ticket: Ticket
    summary: str
    light: lights.Light | None
    asked: str = ""

    @property
    def mark(self) -> tuple[int, int, str]:
        """What a change of the row changes."""
        return self.ticket.pk, self.ticket.version, self.light.colour if self.light else ""


@dataclass(frozen=True)
class Near:
    """相似: an open ticket of the same kind close by; a hint, never a merge by itself."""

    ticket: Ticket
    summary: str
    metres: int


@dataclass(frozen=True)
class Earlier:
    """此前的工单 of the same reporter; `more` where there are more than shown."""

    lines: Sequence[Line] = ()
    more: bool = False


def serves(person: Person, *, at: datetime) -> bool:
    """受理台的人: holds a post at a desk, or stands in for one."""
    return any(post.kind in DESKS for post in person.posts_at(at))


def require(person: Person, *, at: datetime) -> None:
    """须是受理台, else `NotYours`."""
    if not serves(person, at=at):
        raise NotYours(_("受理台只对受理员和值班长开放，您的工单在“我的待办”里。"))


def _path(wanted: Q) -> Path:
    def path(person: Person, at: datetime) -> tuple[TicketQuerySet, Ways]:
        rows, found = walks.turns(person, at)
        return rows.filter(wanted), found

    return path


PATHS: dict[str, Path] = {
    **{tab: _path(Q(state__in=states)) for tab, states in STATES.items()},
    OTHER: _path(~Q(state__in=NAMED)),
}


def walk(tab: str, person: Person, at: datetime) -> Walk:
    """一栏: of my turn, by what has to be done next."""
    return Walk(PATHS[tab], person, at, boards.BY_DUE.names())


def lines(tab: str, person: Person, at: datetime) -> tuple[list[Line], bool]:
    """列表: the most pressing first, and whether there are more; one statement."""
    if tab == APPROVALS:
        return _asked(person, at)
    page = boards.page(walk(tab, person, at), boards.BY_DUE, size=SIZE, dressed=_dressed)
    return told(page.rows, person, at), bool(page.next)


def told(tickets: list[Ticket], person: Person, at: datetime) -> list[Line]:
    """行: with the summary where `sees` allows."""
    standing.remember(person, tickets, at=at)
    return [Line(row, _readable(row, person, at), lights.of_ticket(row, at=at)) for row in tickets]


def digest(lines: Iterable[Line], counts: object) -> str:
    """摘要 of what is shown; while it stays the page need not be told anew."""
    shown = repr(([one.mark for one in lines], counts))
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def following(tab: str, number: str, person: Person, at: datetime) -> str:
    """下一张: the first of the list that is not this one; empty when there is none."""
    found, _more = lines(tab, person, at)
    return next((one.ticket.number for one in found if one.ticket.number != number), "")


def similar(ticket: Ticket, person: Person, *, at: datetime) -> list[Near]:
    """相似的在办工单: same category, near in place and time, nearest first; one statement."""
    category = law.categories().get(ticket.category_id or 0)
    if category is None or ticket.is_sensitive or not _has_window(category):
        return []
    if ticket.lat is None or ticket.lng is None:
        return []
    place = ticket.lat, ticket.lng
    rows = _around(ticket, category, place, person, at)
    found = [
        Near(row, "", round(metres((row.lat or 0.0, row.lng or 0.0), place)))
        for row in _dressed(rows)[:LOOKED_AT]
    ]
    close = [one for one in found if one.metres <= category.similar_metres]
    nearest = sorted(close, key=lambda one: (one.metres, one.ticket.pk))[:MOST_SIMILAR]
    standing.remember(person, [one.ticket for one in nearest], at=at)
    return [Near(one.ticket, _readable(one.ticket, person, at), one.metres) for one in nearest]


def earlier(ticket: Ticket, person: Person, *, at: datetime) -> Earlier:
    """此前的工单 of this reporter, newest first; one statement, none for an anonymous one."""
    reporter = ticket.reporter
    if reporter is None or ticket.is_anonymous:
        return Earlier()
    if Group.REPORTER not in standing.sees(person, ticket, at=at):
        return Earlier()
    theirs = _theirs(reporter)
    if theirs is None:
        return Earlier()
    rows = Ticket.objects.visible_to(person, at).filter(pk__in=theirs, is_anonymous=False)
    found = sorted(_dressed(rows.exclude(pk=ticket.pk)), key=lambda row: -row.pk)
    standing.remember(person, found, at=at)
    found = [row for row in found if Group.REPORTER in standing.sees(person, row, at=at)]
    return Earlier(told(found[:MOST_EARLIER], person, at), len(found) > MOST_EARLIER)


def _has_window(category: Category) -> bool:
    return bool(category.similar_metres and category.similar_hours)


def _around(
    ticket: Ticket, category: Category, place: tuple[float, float], person: Person, at: datetime
) -> TicketQuerySet:
    lat, lng = place
    high = category.similar_metres / METRES_OF_A_DEGREE * 1.01
    wide = high / max(cos(radians(lat)), 0.01)
    window = timedelta(hours=category.similar_hours)
    rows = Ticket.objects.visible_to(person, at).filter(
        ended_at=None, is_sensitive=False, category=category,
        about_unit=None, about_person=None,
        lat__isnull=False, lat__range=(lat - high, lat + high), lng__range=(lng - wide, lng + wide),
        reported_at__range=(ticket.reported_at - window, ticket.reported_at + window),
    )  # fmt: skip
    north, east = F("lat") - lat, (F("lng") - lng) * cos(radians(lat))
    return rows.exclude(pk=ticket.pk).order_by(north * north + east * east)


def _theirs(reporter: Reporter) -> QuerySet | None:
    ways = []
    if reporter.person_id is not None:
        ways.append(Q(reporter_person=reporter.person_id))
    if reporter.phone_hash:
        ways.append(Q(reporter__phone_hash=reporter.phone_hash))
    newest = [
        Ticket.objects.filter(way).order_by("-id").values("pk")[: LOOKED_AT + 1] for way in ways
    ]
    if not newest:
        return None
    first, *others = newest
    return first.union(*others) if others else first


def _asked(person: Person, at: datetime) -> tuple[list[Line], bool]:
    rows = boards.with_request(boards.to_decide(person, at)).order_by(*boards.BY_DUE.names())
    found = list(rows[: SIZE + 1])
    standing.remember(person, [row.ticket for row in found], at=at)
    return [_line_of(row, person, at) for row in found[:SIZE]], len(found) > SIZE


def _line_of(row: Approval, person: Person, at: datetime) -> Line:
    can_read = Group.WORDS in standing.sees(person, row.ticket, at=at)
    summary = (getattr(row, "summary", "") or "")[:SUMMARY] if can_read else ""
    light = lights.of_span(row.asked_at, row.due_at, at=at)
    return Line(row.ticket, summary, light, str(row.get_kind_display()))


def _dressed(rows: TicketQuerySet) -> TicketQuerySet:
    return rows.with_summary(SUMMARY)


def _readable(ticket: Ticket, person: Person, at: datetime) -> str:
    can_read = Group.WORDS in standing.sees(person, ticket, at=at)
    return (getattr(ticket, "summary", "") or "") if can_read else ""
