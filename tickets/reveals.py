"""Reveal of contact data: with a reason, on the record, once (DESIGN §3.6)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Impossible, Invalid, NotVisible, NotYours
from common.texts import visible
from grids.models import Person
from tickets import standing
from tickets.models import Reporter, Reveal, Ticket
from tickets.standing import Group

LONGEST = 120


@dataclass(frozen=True)
class Contact:
    """联系方式, in clear."""

    name: str
    phone: str


def reveal(ticket: Ticket, *, by: Person, at: datetime, reason: str) -> Contact:
    """查看联系方式: logged before it is shown.

    Raises NotVisible, NotYours (no right to contacts), Impossible (nothing was left), Invalid.
    """
    reporter = check(ticket, by=by, at=at)
    why = " ".join(visible(reason).split())
    if not why or len(why) > LONGEST or "\x00" in why:
        raise Invalid(_("请写明查看理由，最多 120 字。"), field="reason")
    with transaction.atomic():
        Reveal.objects.create(ticket=ticket, person=by, reason=why, at=at)
    return Contact(reporter.name or "", reporter.phone or "")


def check(ticket: Ticket, *, by: Person, at: datetime) -> Reporter:
    """可否查看: whose contact it is; raises NotVisible, NotYours, Impossible."""
    if not Ticket.objects.visible_to(by, at).filter(pk=ticket.pk).exists():
        raise NotVisible(_("没有这张工单，请核对编号。"))
    if Group.CONTACT not in standing.sees(by, ticket, at=at):
        raise NotYours(_("您现在无权查看这张工单的联系方式。"))
    reporter = ticket.reporter
    if reporter is None or not (reporter.name or reporter.phone):
        raise Impossible(_("这张工单没有留下联系方式。"))
    return reporter
