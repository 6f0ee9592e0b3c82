"""Whose rating a rating is, and who has not rated yet (DESIGN §3.3)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import NotYours
from grids.models import Person
from tickets.keys import ReporterKey
from tickets.models import Follower, Rating, Ticket
from tickets.words import Origin


def follower_of(ticket: Ticket, actor: Actor) -> Follower | None:
    """关注人: as whom the actor rates; None: as the reporter, or the desk for the reporter.

    A key of a merged ticket stands for its reporter, or for whom followed it.
    Raises NotYours for somebody who follows no more.
    """
    mine = _followed_by(ticket, actor)
    if mine is None:
        return None
    found = ticket.followers.filter(mine, ended_at=None).first()
    if found is None:
        raise NotYours(_("您已不再关注这张工单。"))
    return found


def has_rated(ticket: Ticket, follower: Follower | None) -> bool:
    """已评价: in this cycle."""
    return Rating.objects.filter(ticket=ticket, cycle=ticket.cycle, follower=follower).exists()


def all_rated(ticket: Ticket) -> bool:
    """都已评价: the reporter, where a resident, and every present follower."""
    rated: set[int | None] = set()
    rated |= set(ticket.ratings.filter(cycle=ticket.cycle).values_list("follower_id", flat=True))
    asked: set[int | None] = set()
    if ticket.followers_count:
        asked |= set(ticket.followers.filter(ended_at=None).values_list("pk", flat=True))
    if ticket.origin == Origin.RESIDENT:
        asked.add(None)
    return asked <= rated


def _followed_by(ticket: Ticket, actor: Actor) -> Q | None:
    if isinstance(actor, ReporterKey):
        if actor.follower_id is not None:
            return Q(pk=actor.follower_id) | Q(via=actor.follower_id)
        return None if ticket.pk in actor.own_ids else Q(merged__in=actor.own_ids)
    is_follower = isinstance(actor, Person) and ticket.reporter_person_id != actor.pk
    if is_follower and ticket.followers_count:
        own = Q(reporter__person=actor)
        return own if ticket.followers.filter(own, ended_at=None).exists() else None
    return None
