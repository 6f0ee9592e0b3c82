"""What the watermark says: when, where and by whom; the public is told of no member of staff."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from grids.models import Person
from tickets.models import Ticket


@dataclass(frozen=True)
class Mark:
    """水印文字: `inside` for staff, `outside` for who reported it."""

    inside: tuple[str, ...]
    outside: tuple[str, ...]


def mark_of(ticket: Ticket, by: Actor, *, at: datetime) -> Mark:
    """水印: time, place and name; a reporter's name never, of staff the name only inside."""
    begin = (f"{clock.local(at):%Y-%m-%d %H:%M}", _place(ticket))
    is_own = isinstance(by, Person) and by.pk == ticket.reporter_person_id
    if is_own or not isinstance(by, Person):
        who = (*begin, _("诉求人"))
        return Mark(who, who)
    unit = ticket.unit.name if ticket.unit else _("工作人员")
    return Mark((*begin, by.name), (*begin, unit))


def _place(ticket: Ticket) -> str:
    if ticket.address:
        return ticket.address
    if ticket.building is not None:
        return str(ticket.building)
    if not ticket._state.adding:
        return str(ticket.division)
    return "" if ticket.lat is None else f"{ticket.lat:.5f}, {ticket.lng:.5f}"
