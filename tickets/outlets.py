"""Who is told outside of the inbox: which channel a verb goes by unless somebody wishes otherwise,
which robots and systems hear of a ticket, and reporters who have a telephone and no account.

Sensitive tickets and reports about staff are told to no robot and no system (DESIGN §6).
"""

from collections.abc import Iterable, Iterator, Sequence

from notices.announce import Told
from notices.channels.ways import way
from notices.models import Channel, Endpoint
from tickets import standing, textings
from tickets.audience import Audience
from tickets.models import Event, Reporter, Ticket
from tickets.notices import PUBLIC, Case

REPORTER_REF = "reporter:"
ALARMS = frozenset({"report", "dispatch", "redirect", "assign", "hand_over", "amend", "warn"})
"""Of an urgent ticket, what sends somebody out at once."""
UPWARD = "escalate"
NO_CHANNELS: frozenset[str] = frozenset()


def to_person(event: Event, person_id: int, role: str, case: Case) -> Told:
    """告知一人."""
    return Told(
        event.pk, event.ticket_id, person_id, role, event.at, event.verb,
        by_default(case, role), wakes(event, case),
    )  # fmt: skip


def by_default(case: Case, role: str) -> frozenset[str]:
    """默认渠道: e-mail for what is reported upward, a text message for that and for emergencies.

    The work messenger is for all of one's work; reporters have their telephone.
    """
    text = frozenset({Channel.SMS}) if textings.has(case.verb) else NO_CHANNELS
    if role in PUBLIC:
        return text
    found = {Channel.ZHEDING}
    if case.verb == UPWARD:
        found.add(Channel.EMAIL)
    is_alarm = case.is_urgent and case.verb in ALARMS
    return frozenset(found | text) if case.verb == UPWARD or is_alarm else frozenset(found)


def wakes(event: Event, case: Case) -> bool:
    """不顾免打扰: emergencies, and steps that say so."""
    return case.is_urgent or bool(event.data.get("ignores_quiet"))


def of(audience: Audience, events: Sequence[Event]) -> Iterator[Told]:
    """站外: robots and systems that look after the place, and telephones of reporters."""
    yield from _endpoints(audience, events)
    if way(Channel.SMS) is not None:
        yield from _reporters(audience, events)


def is_open(ticket: Ticket) -> bool:
    """可对外: nothing of a sensitive ticket or a report about staff leaves the house."""
    is_about_staff = ticket.category is not None and ticket.category.is_about_staff
    is_about = ticket.about_unit_id is not None or ticket.about_person_id is not None
    return not (ticket.is_sensitive or is_about or is_about_staff)


def _endpoints(audience: Audience, events: Sequence[Event]) -> Iterator[Told]:
    rows = Endpoint.objects.filter(is_active=True).defer("url", "secret").order_by("pk")
    outlets = [row for row in rows if way(row.kind) is not None]
    for event in events if outlets else ():
        ticket, case = audience.tickets[event.ticket_id], audience.case(event)
        for row in outlets:
            if is_open(ticket) and _hears(row, ticket, case):
                yield Told(
                    event.pk, ticket.pk, None, "", event.at, event.verb, frozenset({row.kind}),
                    wakes(event, case), endpoint_id=row.pk,
                )  # fmt: skip


def _hears(row: Endpoint, ticket: Ticket, case: Case) -> bool:
    if row.verbs and case.verb not in row.verbs:
        return False
    is_here = row.division is None or standing.covers(row.division, ticket)
    return is_here and row.unit_id in (None, case.unit_id)


def _reporters(audience: Audience, events: Sequence[Event]) -> Iterator[Told]:
    wanted = [(event, audience.outside(event)) for event in events if textings.has(event.verb)]
    known = _with_phones({pk for _event, found in wanted for pk in found})
    for event, found in wanted:
        case = audience.case(event)
        for pk in found.keys() & known:
            yield Told(
                event.pk, event.ticket_id, None, found[pk], event.at, event.verb,
                frozenset({Channel.SMS}), wakes(event, case), reporter_ref=f"{REPORTER_REF}{pk}",
            )  # fmt: skip


def _with_phones(wanted: Iterable[int]) -> set[int]:
    rows = Reporter.objects.filter(pk__in=wanted, person=None).exclude(phone_hash="")
    return set(rows.values_list("pk", flat=True)) if wanted else set()
