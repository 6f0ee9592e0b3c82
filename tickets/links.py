"""Links in notices: each is for one thing, expires, and says honestly why it no longer works.

Nothing of them is stored. A link names what it is for, the ticket, the rater and the round, and is
signed; whether it was used stands in the ticket's record. It opens less than a follow key.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from common.errors import Gone, NotVisible
from tickets import progress
from tickets.keys import ReporterKey, home_of, key_of, need_key
from tickets.limits import window_end
from tickets.models import Follower, Ticket
from tickets.progress import Progress
from tickets.states import State
from tickets.words import Promise

NOBODYS = 0  # a key that was never given out: it reads, and every act asks for a real one


class Purpose(StrEnum):
    """用途: what a link is for."""

    RATE = "r"
    INFORM = "i"
    CONFIRM = "c"


VERBS = {
    Purpose.RATE: ("rate",),
    Purpose.INFORM: ("inform",),
    Purpose.CONFIRM: ("verify", "rework"),
}


class Tampered(NotVisible):
    """不完整: cut off or altered; tells nothing of any ticket."""

    code = "link_tampered"


class Expired(Gone):
    """过期."""

    code = "link_expired"


class Used(Gone):
    """用过: what it was for is done."""

    code = "link_used"


class Over(Gone):
    """不再适用: the matter went on without it."""

    code = "link_over"


class Merged(Gone):
    """已并单: the matter is another ticket's now."""

    code = "link_merged"


@dataclass(frozen=True)
class Link:
    """链接: what it says of itself."""

    purpose: Purpose
    ticket_id: int
    follower_id: int | None
    cycle: int
    until: datetime


def make(
    purpose: Purpose, ticket: Ticket, *, follower: Follower | None = None, at: datetime
) -> str:
    """做链接: its token; for the ticket's reporter, or one who follows it; for this round only."""
    until = at + timedelta(days=settings.HUBIN_LINK_DAYS)
    numbers = (ticket.pk, follower.pk if follower else 0, ticket.cycle, int(until.timestamp()))
    return _signer().sign(purpose + "-".join(int_to_base36(number) for number in numbers))


def address(token: str) -> str:
    """链接地址: as it stands in a notice."""
    return f"{settings.HUBIN_SITE_URL}{reverse('link', args=[token])}"


def read(token: str) -> Link:
    """读链接: or `Tampered`."""
    try:
        said = _signer().unsign(token)
        ticket, follower, cycle, until = map(base36_to_int, said[1:].split("-"))
        ends = datetime.fromtimestamp(until, tz=UTC)
        return Link(Purpose(said[0]), ticket, follower or None, cycle, ends)
    except (BadSignature, ValueError, IndexError):
        raise Tampered(
            _("这个链接不完整或被改动过。请从短信或邮件里原样打开，或拨打 12345。")
        ) from None


def look(token: str, *, at: datetime) -> tuple[Link, Progress]:
    """看链接: what it is for, and the matter; writes nothing.

    Raises Tampered, Expired, Merged, Over, Used, or Gone where its holder's keys were revoked.
    """
    link = read(token)
    ticket, follower = _bound(link)
    known = progress.of(*_reading(ticket, follower, at), at=at)
    _check(link, known, follower, at)
    return link, known


def ends(link: Link, known: Progress) -> datetime:
    """到何时: until when it can be done by it, which may be sooner than the link's own end."""
    if link.purpose == Purpose.RATE and known.lead.due_at is not None:
        return min(link.until, known.lead.due_at)
    if link.purpose == Purpose.INFORM and known.question is not None:
        asked_at = known.question.at
        return min(link.until, window_end(Promise.INQUIRE, known.lead, asked_at))
    return link.until


def actor(link: Link, *, at: datetime) -> ReporterKey:
    """行为人: the key in whose name the link acts."""
    return need_key(*_bound(link), at=at)[0]


def _signer() -> Signer:
    return Signer(sep=".", salt="tickets.links")


def _bound(link: Link) -> tuple[Ticket, Follower | None]:
    ticket = Ticket.objects.select_related("merged_into").filter(pk=link.ticket_id).first()
    rows = Follower.objects.select_related("ticket", "merged", "via__ticket", "via__merged")
    follower = rows.filter(pk=link.follower_id).first() if link.follower_id else None
    if ticket is None or (link.follower_id and follower is None):
        raise Tampered(_("这个链接指的诉求不在这里。请拨打 12345 查询。"))
    return ticket, follower


def _reading(
    ticket: Ticket, follower: Follower | None, at: datetime
) -> tuple[ReporterKey, Ticket]:  # fmt: skip
    found = key_of(ticket, follower, at=at)
    if found is not None:
        return found
    home, holder = home_of(ticket, follower)
    follower_id = holder.pk if holder else None
    return ReporterKey(NOBODYS, home.pk, follower_id, home.merged_into_id), home


def _check(link: Link, known: Progress, follower: Follower | None, at: datetime) -> None:
    said = {"number": known.lead.number, "own": known.ticket.number}
    if at >= link.until:
        raise Expired(
            _("这个链接已经过期。请打开上报时保存的查询链接，或拨打 12345，报编号 %(number)s。")
            % said
        )
    if known.lead.pk != link.ticket_id and follower is None:
        raise Merged(
            _("您的诉求 %(own)s 已并入同样的诉求 %(number)s，这个链接不再用。"
              "请打开上报时保存的查询链接，或拨打 12345，报编号 %(number)s。") % said
        )  # fmt: skip
    if follower is not None and follower.ended_at is not None:
        raise Over(_("您已不再关注诉求 %(number)s，这个链接不再用。有疑问请拨打 12345。") % said)
    if known.lead.cycle != link.cycle:
        raise Over(
            _("诉求 %(number)s 后来重新办理，这个链接是上一轮的。新的答复出来会再告诉您，"
              "有疑问请拨打 12345。") % said
        )  # fmt: skip
    if not any(known.may(verb) for verb in VERBS[link.purpose]):
        raise _done(link.purpose, known)
    if link.purpose == Purpose.INFORM and known.question is None:
        raise _answered(known)


def _done(purpose: Purpose, known: Progress) -> Gone:
    """Why what it is for cannot be done now."""
    said = {"number": known.lead.number}
    if purpose == Purpose.RATE and known.rating is not None:
        return Used(
            _("您已经评价过诉求 %(number)s，每次办理只评价一次。还有问题请拨打 12345。") % said
        )
    is_rated = purpose == Purpose.RATE and known.lead.state in (State.CLOSED, State.CONTESTED)
    if is_rated:
        return Over(_("诉求 %(number)s 的评价已经截止。问题仍没有解决的，请拨打 12345。") % said)
    if purpose == Purpose.CONFIRM and _has_confirmed(known):
        return Used(_("诉求 %(number)s 您已经确认过，接下来会给您答复。") % said)
    if purpose == Purpose.CONFIRM:
        return Over(_("诉求 %(number)s 现在不需要您确认。有疑问请拨打 12345。") % said)
    return Over(_("诉求 %(number)s 已办理完毕，这个链接不再用。有新情况请拨打 12345。") % said)


def _has_confirmed(known: Progress) -> bool:
    last = next(
        (step for step in known.steps if step.verb in ("resolve", "verify", "rework")), None
    )
    return last is not None and last.verb != "resolve" and last.is_own


def _answered(known: Progress) -> Gone:
    """The question was answered, or nobody waits for the answer any more."""
    last = next((step for step in known.steps if step.verb in ("inquire", "inform")), None)
    said = {"number": known.lead.number}
    if last is not None and last.verb == "inform":
        return Used(
            _("您已经回答过，办理人员看得到。还要补充请打开上报时保存的查询链接，"
              "或拨打 12345，报编号 %(number)s。") % said
        )  # fmt: skip
    return Over(
        _("工作人员的询问已经过了回答期限，办理照常进行。要补充请打开上报时保存的查询链接，"
          "或拨打 12345，报编号 %(number)s。") % said
    )  # fmt: skip
