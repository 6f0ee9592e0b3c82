"""What leaves the house is written here, from the event and for its addressee, when it is sent.

The same number of statements for a whole round. Whom a delivery is no longer meant for (no longer
sees the ticket, has no address) gets no letter. Neither words nor names nor addresses of
a report stand in any of them: the link leads to where one has to log in.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from common import clock
from grids.models import Person, PhoneNumber
from notices.channels.messages import Message, NotSent
from notices.models import ENDPOINTS, Channel, Delivery, Preference
from tickets import letters, links, outlets, permits, standing, timeline
from tickets.audience import visible
from tickets.letters import Facts
from tickets.links import Purpose
from tickets.models import Event, Follower, Reporter, Ticket
from tickets.notices import PUBLIC, Role
from tickets.states import State
from tickets.tellings import OTHERS, details
from tickets.words import Promise

log = logging.getLogger(__name__)
PROMISED = "TOTAL"
"""The clock of the one date that a reporter is told."""
LINKS = {"answer": Purpose.RATE, "reply": Purpose.RATE, "inquire": Purpose.INFORM,
         "resolve": Purpose.CONFIRM}  # fmt: skip


@dataclass(frozen=True)
class _Address:
    """收件地址 and the language in which one is written to."""

    to: str
    language: str = ""


def render(
    deliveries: Sequence[Delivery], *, at: datetime, counts: Mapping[int, int] | None = None
) -> dict[int, Message | NotSent]:
    """写通知: by delivery. `counts`: how many more are told of in the same message.

    One that cannot be written is told as such, and holds up no other.
    """
    sheet = _Sheet(deliveries, at)
    found: dict[int, Message | NotSent] = {}
    for row in deliveries:
        try:
            message = sheet.message(row, (counts or {}).get(row.pk, 0))
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("deliver: %s cannot be written", row.pk)
            said = _("写不出这条通知：%(error)s。请运行 manage.py check_notices。")
            why = said % {"error": f"{type(error).__name__} {error}"[:200]}
            found[row.pk] = NotSent("unwritten", why, is_final=False, is_addressees=True)
            continue
        if message is not None:
            found[row.pk] = message
    return found


class _Sheet:
    """底稿: everything that these letters need, read once."""

    def __init__(self, deliveries: Sequence[Delivery], at: datetime) -> None:
        self.at = at
        self.events = Event.objects.in_bulk([row.event_id for row in deliveries])
        tickets = Ticket.objects.in_bulk({row.ticket_id for row in deliveries})
        self.tickets = tickets
        pairs: dict[int, set[int]] = defaultdict(set)
        for row in deliveries:
            if row.person_id is not None:
                pairs[row.person_id].add(row.ticket_id)
        self.people, self.seen = visible(pairs, at=at)
        for person in self.people.values():
            standing.remember(person, tickets.values(), at=at)
        self.names = timeline.names_of(self.events.values(), Ticket.objects.none(), can_read=False)
        self.promised = _promised(deliveries)
        self.followers = _followers(deliveries)
        self.addresses = _addresses(deliveries, self.people)

    def message(self, row: Delivery, more: int) -> Message | None:
        """一条; None for whom it is not meant any more."""
        event, ticket = self.events.get(row.event_id), self.tickets.get(row.ticket_id)
        address = self.addresses.get(row.pk)
        if event is None or ticket is None or address is None or not self._is_meant(row, ticket):
            return None
        with translation.override(address.language or settings.LANGUAGE_CODE):
            facts = self._facts(row, event, ticket)
            if more:
                facts = replace(
                    facts,
                    count=more + 1,
                    key="",
                    url=_url("inbox" if row.person_id else "queue"),
                )
        return letters.write(
            row.channel, facts, language=address.language, to=address.to, key=row.dedupe_key,
            data=_data(event, ticket, facts),
        )  # fmt: skip

    def _is_meant(self, row: Delivery, ticket: Ticket) -> bool:
        if row.endpoint_id is not None:
            return outlets.is_open(ticket)
        return row.person_id is None or (row.person_id, ticket.pk) in self.seen

    def _facts(self, row: Delivery, event: Event, ticket: Ticket) -> Facts:
        is_hidden = not outlets.is_open(ticket)
        key = self._key(row, event, ticket)
        return Facts(
            event.verb, str(timeline.title_of(event)), ticket.number,
            _("（内容限定）") if is_hidden else str(ticket.category or ""),
            str(ticket.subdistrict or ""), _moment(self._due(row, event, ticket)),
            str(State(event.to_state).label), str(Role(row.role).label) if row.role else "",
            ticket.is_urgent, _promise(event), bool(event.data.get("overdue")), 0,
            [] if is_hidden else self._details(row, event, ticket),
            links.address(key) if key else _url("ticket", ticket.number), key,
        )  # fmt: skip

    def _key(self, row: Delivery, event: Event, ticket: Ticket) -> str:
        """链接: by which a reporter or follower does what the event asks for."""
        purpose = LINKS.get(event.verb)
        if purpose is None or row.role not in PUBLIC:
            return ""
        known = self.followers if row.role == Role.FOLLOWER else {}
        follower = known.get((ticket.pk, row.addressee))
        if row.role == Role.FOLLOWER and follower is None:
            return ""  # follows no more, and is not the reporter
        return links.make(purpose, ticket, follower=follower, at=self.at)

    def _due(self, row: Delivery, event: Event, ticket: Ticket) -> datetime | None:
        if row.role not in PUBLIC:
            return _due(event, ticket)
        told = [value for seq, value in self.promised[ticket.pk] if seq <= event.seq]
        return datetime.fromisoformat(told[-1]) if told else None

    def _details(self, row: Delivery, event: Event, ticket: Ticket) -> list[str]:
        """What the record says besides, for who sees it as staff."""
        person = self.people.get(row.person_id or 0)
        is_told = person is not None and row.role not in PUBLIC
        if not is_told or OTHERS.keys() & event.data.keys():
            return []
        is_inside = person is not None and permits.is_inside(person, ticket, at=self.at)
        return details(event, self.names) if is_inside else []


def _addresses(deliveries: Sequence[Delivery], people: Mapping[int, Person]) -> dict[int, _Address]:
    """地址: telephones are decrypted here and nowhere before; three statements at most."""
    wishes = {
        (row.person_id, row.channel): row for row in Preference.objects.filter(person__in=people)
    }
    phones = dict(PhoneNumber.objects.filter(person__in=people).values_list("person", "number"))
    refs = {
        row.pk: int(row.reporter_ref.removeprefix(outlets.REPORTER_REF))
        for row in deliveries
        if row.reporter_ref
    }
    reporters = Reporter.objects.in_bulk(set(refs.values())) if refs else {}
    found: dict[int, _Address] = {}
    for row in deliveries:
        if row.channel in ENDPOINTS:
            found[row.pk] = _Address("")
        elif row.pk in refs:
            reporter = reporters.get(refs[row.pk])
            found[row.pk] = _Address((reporter and reporter.phone) or "")
        elif row.person_id is not None and row.person_id in people:
            wish, person = wishes.get((row.person_id, row.channel)), people[row.person_id]
            known = {Channel.EMAIL: person.email, Channel.SMS: phones.get(person.pk)}
            to = (wish and wish.address) or known.get(Channel(row.channel)) or ""
            found[row.pk] = _Address(to, wish.language if wish else "")
    return {
        row.pk: found[row.pk]
        for row in deliveries
        if row.pk in found and (found[row.pk].to or row.channel in ENDPOINTS)
    }


def _promised(deliveries: Sequence[Delivery]) -> dict[int, list[tuple[int, str]]]:
    """承诺的时间: of tickets of which a reporter is told, each time it was told or moved."""
    ids = {row.ticket_id for row in deliveries if row.role in PUBLIC}
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Event.objects.filter(ticket__in=ids, data__has_key="due").order_by("ticket_id", "seq")
    for ticket_id, seq, due in rows.values_list("ticket_id", "seq", "data__due") if ids else ():
        dates = [value for key, value in due.items() if key.partition("/")[0] == PROMISED]
        found[ticket_id] += [(seq, value) for value in dates if value]
    return found


def _followers(deliveries: Sequence[Delivery]) -> dict[tuple[int, str], Follower]:
    """关注: by ticket and by how a delivery names whom it is for."""
    ids = {row.ticket_id for row in deliveries if row.role == Role.FOLLOWER}
    found: dict[tuple[int, str], Follower] = {}
    if ids:
        rows = Follower.objects.filter(ticket__in=ids, ended_at=None).select_related("reporter")
        for one in rows.defer("reporter__name", "reporter__phone"):
            person = one.reporter.person_id if one.reporter else None
            ref = f"person:{person}" if person else f"{outlets.REPORTER_REF}{one.reporter_id}"
            found[one.ticket_id, ref] = one
    return found


def _promise(event: Event) -> str:
    """时限的名称: of the clock that a step is about."""
    name = event.data.get("promise", "")
    return str(Promise(name).label) if name in Promise.values else ""


def _due(event: Event, ticket: Ticket) -> datetime | None:
    """时限: as the event told it; where it told none, as it stands."""
    told = (event.data.get("due") or event.data.get("late") or {}).items()
    dates = [value for key, value in told if value and key.partition("/")[0] != PROMISED]
    return datetime.fromisoformat(min(dates)) if dates else ticket.due_at


def _data(event: Event, ticket: Ticket, facts: Facts) -> dict[str, str]:
    """数据: what another system gets; codes, and nothing personal."""
    return {
        "number": ticket.number, "verb": event.verb, "seq": str(event.seq),
        "at": event.at.isoformat(), "from": event.from_state, "to": event.to_state,
        "category": ticket.category.code if ticket.category else "",
        "division": ticket.division.code, "unit": ticket.unit.code if ticket.unit else "",
        "urgency": ticket.urgency, "due_at": ticket.due_at.isoformat() if ticket.due_at else "",
    }  # fmt: skip


def _moment(at: datetime | None) -> str:
    return clock.local(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _url(name: str, *args: Any) -> str:
    """Absolute, since it is read elsewhere; behind a login."""
    return f"{settings.HUBIN_SITE_URL}{reverse(name, args=args)}"
