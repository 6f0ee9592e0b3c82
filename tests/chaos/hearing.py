"""What left the house: each delivery made, sent, and heard; again only where it was interrupted."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from notices.models import Channel, Delivery, DeliveryState, Notice
from tests.chaos.findings import DOUBLED, LOST, WRONG, Evidence, Finding, Heard
from tests.chaos.spans import was_hit
from tickets.models import Event, Ticket
from tickets.notices import PUBLIC
from tickets.outlets import UPWARD

INTERRUPTING = frozenset({
    "worker killed", "pool child killed", "sweep killed", "database restarted",
})  # fmt: skip
"""Who sends dies, or cannot write what came of it."""
SETTLED = (DeliveryState.SENT, DeliveryState.DIGESTED)


def heard(evidence: Evidence, *, at: datetime) -> Iterator[Finding]:
    """听到: what other systems and mailboxes got, against the rows."""
    if evidence.hooks is not None:
        rows = Delivery.objects.filter(endpoint__isnull=False)
        yield from _judged({row.dedupe_key: row for row in rows}, evidence.hooks, evidence)
    if evidence.mails is not None:
        mails = list(Delivery.objects.filter(channel=Channel.EMAIL).select_related("person"))
        yield from _made(mails, evidence.first_event)
        sent = [row for row in mails if not _is_excused(row, at)]
        known = {message_id(row.dedupe_key): row for row in sent}
        yield from _judged(known, evidence.mails, evidence)


def message_id(key: str) -> str:
    """信的编号: the same at every try of the same delivery."""
    domain = parseaddr(settings.HUBIN_EMAIL_FROM)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _judged(
    known: dict[str, Delivery], came: Iterable[Heard], evidence: Evidence
) -> Iterator[Finding]:
    times: dict[str, list[Heard]] = defaultdict(list)
    for one in sorted(came, key=lambda one: one.at):
        times[one.key].append(one)
    interrupting = [one for one in evidence.faults if one.name in INTERRUPTING]
    for key, row in known.items():
        some = times.get(key, [])
        if row.state != DeliveryState.SENT or not some:
            yield Finding(LOST, f"delivery {row.pk} is {row.state}, heard {len(some)} times")
        for one in some[:-1]:  # whatever came after it came again
            if one.was_answered and not was_hit(one.at, interrupting):
                yield Finding(DOUBLED, f"delivery {row.pk}: heard at {one.at:.1f} and again")
    strange = (key for key in times.keys() - known if times[key][0].at < evidence.viewed_at)
    yield from (Finding(WRONG, f"heard of no delivery: {key}") for key in strange)


def _made(mails: Sequence[Delivery], first_event: int) -> Iterator[Finding]:
    """Whoever has a mailbox gets by it what is reported upward, each once."""
    upward = Event.objects.filter(pk__gt=first_event, verb=UPWARD).values("pk")
    told = Notice.objects.filter(event_id__in=upward).exclude(role__in=PUBLIC)
    wanted = set(told.exclude(person__email="").values_list("event_id", "person_id"))
    there = Counter((row.event_id, row.person_id) for row in mails if row.event_id > first_event)
    yield from (Finding(LOST, f"mail {one}") for one in sorted(wanted - there.keys()))
    yield from (Finding(WRONG, f"mail {one}") for one in sorted(there.keys() - wanted))
    yield from (Finding(DOUBLED, f"mail {one}") for one, count in there.items() if count > 1)


def _is_excused(row: Delivery, at: datetime) -> bool:
    """Told by another letter, or not meant for this person any more."""
    if row.state == DeliveryState.DIGESTED and row.digest_of is not None:
        return row.digest_of.state in SETTLED
    if row.state != DeliveryState.SKIPPED or row.person is None:
        return False
    return not Ticket.objects.visible_to(row.person, at).filter(pk=row.ticket_id).exists()
