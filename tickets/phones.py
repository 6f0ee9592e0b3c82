"""按电话查找: whose reports came from one number; with a reason, on the record (DESIGN §3.6)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common.attempts import Allowance, failed, wait
from common.errors import Invalid, NotYours, TooMany
from common.secrets import lookup_hash, phone
from common.texts import visible
from grids.models import Person, PostKind
from tickets import boards, standing
from tickets.models import Follower, PhoneLookup, Ticket
from tickets.reveals import LONGEST
from tickets.standing import Group

MAY = frozenset({PostKind.DESK, PostKind.SHIFT_LEADER, PostKind.INSPECTOR})
LOOKUPS = Allowance("phone_lookup", limit=30, window=timedelta(hours=1))
CALLS = Allowance("intake_call", limit=120, window=timedelta(hours=1))
"""Whoever takes reports down all day looks up each caller."""
MOST = 100
SHORTEST, LONGEST_NUMBER = 5, 20


def may_look(person: Person, *, at: datetime) -> bool:
    """可查: those who may read the contacts of a whole area."""
    return any(post.kind in MAY for post in person.posts_at(at))


def find(
    number: str, *, by: Person, at: datetime, reason: str, allowance: Allowance = LOOKUPS
) -> list[Ticket]:
    """查找: logged before anything is shown, the newest hundred.

    Of tickets whose contacts this person may read; followers count as well.
    Raises NotYours, Invalid, TooMany.
    """
    if not may_look(by, at=at):
        raise NotYours(_("只有受理员、值班长和督查员可以按电话查找。"))
    plain = phone(number)
    if not (plain.isascii() and plain.isdigit() and SHORTEST <= len(plain) <= LONGEST_NUMBER):
        raise Invalid(_("请填写完整的电话号码，只写数字，如 13900001234。"), field="phone")
    why = " ".join(visible(reason).split())
    if not why or len(why) > LONGEST or "\x00" in why:
        raise Invalid(_("请写明查找理由，最多 120 字。"), field="reason")
    if failed(allowance, by.actor_ref, at=at):
        said = _("一小时内最多按电话查找 %(most)s 次，请稍后再查。") % {"most": allowance.limit}
        raise TooMany(said, wait=wait(allowance, by.actor_ref, at=at))
    wanted = lookup_hash(plain)
    with transaction.atomic():
        found = _found(wanted, by, at)
        PhoneLookup.objects.create(
            person=by, phone_hash=wanted, reason=why, found=len(found), at=at
        )
    return found


def _found(wanted: str, by: Person, at: datetime) -> list[Ticket]:
    seen = Ticket.objects.visible_to(by, at)
    # one after the other: both at once would read the whole table
    followers = Follower.objects.filter(reporter__phone_hash=wanted, ended_at=None)
    reported = seen.filter(reporter__phone_hash=wanted).order_by("-id")[:MOST]
    ids = {*followers.values_list("ticket_id", flat=True)[:MOST]}
    ids |= {*reported.values_list("pk", flat=True)}
    rows = seen.filter(pk__in=ids).order_by("-id")
    tickets = list(boards.listed(rows)[:MOST])
    standing.remember(by, tickets, at=at)
    return [row for row in tickets if Group.CONTACT in standing.sees(by, row, at=at)]
