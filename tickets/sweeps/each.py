"""One ticket after another through a real action, which locks it and checks again."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import Q, QuerySet

from common.errors import Refused
from common.logs import told
from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tickets import law
from tickets.models import Ticket

log = logging.getLogger(__name__)
BATCH = 500
FAILURES = 5  # of one ticket, one after another, before a person is told


def pages(tickets: QuerySet[Ticket], by: str, size: int = BATCH) -> Iterator[list[Ticket]]:
    """In order of that moment, page after page, so that refused rows at the head hold up nobody."""
    after = Q()
    while page := list(tickets.filter(after).order_by(by, "id")[:size]):
        moment, pk = getattr(page[-1], by), page[-1].pk  # before anybody moves them
        yield page
        after = Q(**{f"{by}__gt": moment}) | Q(**{by: moment, "pk__gt": pk})


def each(
    name: str, tickets: QuerySet[Ticket], act: Callable[[Ticket], object], at: datetime, *,
    by: str = "due_at", most: int | None = None,
) -> int:  # fmt: skip
    """逐件: one ticket a transaction; what is refused or fails is told and holds up no other.

    `most`: after so many that were done the rest waits for the next round.
    """
    done, kind = 0, f"sweep:{name}"
    open_ones = Incident.objects.filter(kind=kind, ended_at=None)
    known = set(open_ones.values_list("subject", flat=True))
    for ticket in chain.from_iterable(pages(tickets, by)):
        if done == most:
            break
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
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            log.exception("%s: %s", name, ticket.number)
            raise_incident(kind, ticket.number, detail=told(error), at=at, nth=FAILURES)
    return done
