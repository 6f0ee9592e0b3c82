"""What an erasure reaches beside the words: contacts and keys that nothing unerased needs."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tickets import keys
from tickets.models import FollowKey, Reporter, Ticket, Words


def standing_words(ticket: Ticket) -> QuerySet[Words]:
    """未脱敏文本: what an erasure would empty."""
    return Words.objects.filter(ticket=ticket).exclude(salt="")


def idle_contacts(ticket: Ticket) -> list[Reporter]:
    """可清空的联系方式: of its reporter and followers, where no other unerased ticket needs them.

    The rows are locked: of two tickets erased at once the later one sees what the earlier did.
    """
    followers = ticket.followers.filter(reporter__isnull=False)
    own = Q(pk=ticket.reporter_id or 0) | Q(pk__in=followers.values("reporter"))
    rows = list(Reporter.objects.select_for_update(no_key=True).filter(own).order_by("pk"))
    others = _unerased().exclude(pk=ticket.pk)
    return [row for row in rows if _has_contact(row) and not others.filter(_needs(row)).exists()]


def empty_contacts(reporters: list[Reporter]) -> None:
    """清空联系方式: name, number and what finds them."""
    Reporter.objects.filter(pk__in=[row.pk for row in reporters]).update(
        name=None, phone=None, phone_hash="", phone_last4=""
    )


def idle_keys(ticket: Ticket) -> list[FollowKey]:
    """可吊销的钥匙: those that open this ticket and nothing else that is unerased."""
    found = keys.reaching(ticket)
    opened = {key.pk: keys.opened_by(key) - {ticket.pk} for key in found}
    asked = set().union(*opened.values())
    standing = set(_unerased().filter(pk__in=asked).values_list("pk", flat=True))
    return [key for key in found if not opened[key.pk] & standing]


def _unerased() -> QuerySet[Ticket]:
    standing = Words.objects.filter(ticket=OuterRef("pk")).exclude(salt="")
    return Ticket.objects.filter(Q(ended_at=None) | Exists(standing))


def _needs(row: Reporter) -> Q:
    return Q(reporter=row) | Q(followers__reporter=row, followers__ended_at=None)


def _has_contact(row: Reporter) -> bool:
    return bool(row.name or row.phone or row.phone_hash or row.phone_last4)
