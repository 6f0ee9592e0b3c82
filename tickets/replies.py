"""短信回复: what a reporter texts back is a rating where it plainly is one, and never a guess.

Whose it is, is found by the keyed hash of the number; of an answered ticket of the last week that
this rater has not rated yet there has to be just one. Everything else is told to the desk.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.secrets import lookup_hash, phone
from notices.incidents import raise_incident
from tickets import actions, raters
from tickets.keys import ReporterKey, need_key
from tickets.models import Follower, Ticket
from tickets.states import State

RECENT = timedelta(days=7)
KIND = "sms_reply"
UNKNOWN, SEVERAL, LATE, UNCLEAR, SHUT, REFUSED = (
    "unknown", "several", "late", "unclear", "shut", "refused",
)  # fmt: skip
SAID = {
    UNKNOWN: _("号码没有七天内答复过的工单，没有计入评价。"),
    SEVERAL: _("号码有几张工单在等评价，短信没有说明是哪一张，没有计入评价，请回访。"),
    LATE: _("工单已经评价或已经结案，又收到短信回复，没有计入评价，请看补充情况并回访。"),
    UNCLEAR: _("短信回复看不出是几星，没有计入评价，请看补充情况并回访。"),
    SHUT: _("收到一条短信回复，不是评价，工单也不能再补充，请回访。"),
    REFUSED: _("收到短信评价时工单已有变化，没有计入评价，请回访。"),
}
"""What the desk is told of each."""
WORDS = {"非常满意": 5, "很满意": 5, "满意": 4, "基本满意": 3, "不满意": 2, "非常不满意": 1,
         "很不满意": 1}  # fmt: skip
DIGIT = re.compile(r"([1-5])[星分]?")
SOLVED_FROM = 3


class Outcome(StrEnum):
    """结果: what became of a reply."""

    RATED = "rated"
    NOTED = "noted"


@dataclass(frozen=True)
class Rater:
    """评价人: the answered ticket, and as whom this number rates it; None: as its reporter."""

    ticket: Ticket
    follower: Follower | None

    @property
    def is_asked(self) -> bool:
        """待其评价: answered, and not rated by this one yet."""
        is_open = self.ticket.state == State.REPLIED
        return is_open and not raters.has_rated(self.ticket, self.follower)


def stars_of(text: str) -> int | None:
    """几星: one digit or the words of the scale, nothing else besides; pure."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\s。.,，!！~～]+", "", plain)
    found = DIGIT.fullmatch(plain)
    return int(found[1]) if found else WORDS.get(plain)


def take(number: str, text: str, *, at: datetime) -> Outcome:
    """收短信回复: rates, or tells the desk; raises nothing that the sender could mend."""
    found = list(_raters(lookup_hash(phone(number)), at))
    waiting = [one for one in found if one.is_asked]
    if not found:
        return _note("", UNKNOWN, at)
    newest = max(found, key=lambda one: one.ticket.replied_at or at)
    if not waiting:
        return _keep(newest, text, LATE, at)
    if len(waiting) > 1:
        return _note(newest.ticket.number, SEVERAL, at)
    return _rate(waiting[0], text, at)


def _rate(rater: Rater, text: str, at: datetime) -> Outcome:
    stars = stars_of(text)
    if stars is None:
        return _keep(rater, text, UNCLEAR, at)
    try:
        key = _key(rater, at)
        actions.rate(rater.ticket, by=key, at=at, stars=stars, is_solved=stars >= SOLVED_FROM)
    except Refused:
        return _note(rater.ticket.number, REFUSED, at)
    return Outcome.RATED


def _raters(number_hash: str, at: datetime) -> list[Rater]:
    if not number_hash:
        return []
    recent = Q(state__in=(State.REPLIED, State.CONTESTED, State.CLOSED), replied_at__gt=at - RECENT)
    own = Ticket.objects.filter(recent, reporter__phone_hash=number_hash)
    follows = Follower.objects.filter(reporter__phone_hash=number_hash, ended_at=None)
    rows = follows.select_related("ticket", "merged", "via__ticket", "via__merged").filter(
        ticket__in=Ticket.objects.filter(recent)
    )
    found = [Rater(ticket, None) for ticket in own.order_by("pk")]
    # nobody rates one ticket twice, once as its reporter and once as its follower
    known = {one.ticket.pk for one in found}
    followed = [row for row in rows.order_by("pk") if row.ticket_id not in known]
    return found + [Rater(row.ticket, row) for row in followed]


def _key(rater: Rater, at: datetime) -> ReporterKey:
    return need_key(rater.ticket, rater.follower, at=at)[0]


def _keep(rater: Rater, text: str, why: str, at: datetime) -> Outcome:
    """What they wrote is kept with their matter, where it may still be added to."""
    try:
        actions.inform(rater.ticket, by=_key(rater, at), at=at, text=text)
    except Refused:
        why = SHUT
    return _note(rater.ticket.number, why, at)


def _note(number: str, why: str, at: datetime) -> Outcome:
    raise_incident(KIND, number or UNKNOWN, detail=why, at=at)
    return Outcome.NOTED
