"""有报必接: every report is taken up. Report, confirm, accept, answer, decline."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import SYSTEM, Actor
from common.errors import Invalid, NotYours
from common.idempotency import once
from common.listing import listed
from grids.models import Person, Unit
from tickets import checklists, external, keys, law, limits, observing, permits, standing
from tickets.actions import _approval, _evidence
from tickets.actions._born import (
    Place,
    bear,
    categorise,
    default_urgency,
    new_cycle,
    settle_place,
)
from tickets.actions._move import hand
from tickets.actions.matters import lock_with_merged, release_merged
from tickets.attachments import Prepared
from tickets.attachments.storing import kept
from tickets.checklists import NO_CHECKS
from tickets.external import Theirs
from tickets.models import Approval, Category, Client, Reporter, Ticket
from tickets.states import State, Who
from tickets.texts import check_answer, check_optional, check_text
from tickets.words import FileKind, Nature, Origin, Promise, Source, Urgency, VerifyBy, WordsKind

FOUND = Nature.TIP
"""What staff find on their rounds tells of something amiss; nobody asks for help."""
CONFIRMATIONS = ("EXISTS", "NOT", "UNABLE")


def report(
    *, by: Actor, at: datetime, text: str, place: Place, source: str, origin: str,
    nature: str = Nature.HELP, category: Category | None = None, urgency: str = "",
    reporter: Reporter | None = None, is_on_behalf: bool = False, is_anonymous: bool = False,
    idempotency_key: str = "", body: Any = None, files: Sequence[Prepared] = (),
    theirs: Theirs | None = None, notes: Sequence[str] = (), observed_at: datetime | None = None,
) -> tuple[Ticket, str]:  # fmt: skip
    """上报: a new ticket in REPORTED and, for residents, the follow key (shown once).

    The same `idempotency_key` with the same `body` gives the first ticket again, without a key.
    `theirs`: the number by which another system hands it in; `notes`: what it says to the desk;
    `observed_at`: when the device says it was seen.
    Raises `Invalid` naming text, address, point, nature, source, urgency, category or external,
    and `HandedIn` for a number that was handed in before.
    """
    plain = check_text(text)
    _check_choices(nature=(Nature, nature), source=(Source, source), origin=(Origin, origin))
    _check_choices(urgency=(Urgency, urgency or Urgency.NORMAL))
    token = ""
    said = body or [plain, str(place), source, origin, nature, urgency, is_anonymous]

    def make() -> Ticket:
        nonlocal token
        ticket = Ticket(
            nature=nature, source=source, origin=origin, reported_at=at,
            urgency=urgency or default_urgency(category), is_on_behalf=is_on_behalf,
            is_anonymous=is_anonymous, **_handed_in_by(by),
        )  # fmt: skip
        settle_place(ticket, place, at=at)
        categorise(ticket, category)
        with external.once(ticket, by, theirs, at=at) as data:
            _add_reporter(ticket, reporter, by, at)
            bear(
                ticket, "report", by=by, at=at, state=State.REPORTED, text=plain, files=written,
                also=[(WordsKind.NOTE, note) for note in notes],
                data=data | observing.told(observed_at, at=at),
            )  # fmt: skip
        if origin == Origin.RESIDENT:
            token = keys.make_key(ticket, at=at)
        return ticket

    author = SYSTEM if origin == Origin.RESIDENT and not is_on_behalf else by
    with kept(files, _site(place), by=author, at=at) as written, transaction.atomic():
        said = [said, *(file.sha256 for file in files)] if files else said
        return _once("report", idempotency_key, said, by, at, make), token


def settle(
    *, by: Person, at: datetime, text: str, place: Place, category: Category, result: str,
    nature: str = FOUND, checks: Mapping[str, str] = NO_CHECKS, idempotency_key: str = "",
    files: Sequence[Prepared] = (), observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """自行处置: a grid worker reports what was handled on the spot; → RESOLVED.

    Shown by photos from before and after; what the category asks at 办结 is asked here, too.
    A drawn sample (share by category) is verified as the category says, the rest pass after a day.
    """
    plain, outcome = check_text(text), check_text(result, field="result")
    _check_choices(nature=(Nature, nature))

    def make() -> Ticket:
        ticket = Ticket(
            source=Source.GRID_APP, origin=Origin.PATROL, nature=nature, reported_at=at,
            urgency=default_urgency(category), reported_by=by, handler=by, is_settled=True,
            resolved_at=at, result_code="DONE",
        )  # fmt: skip
        settle_place(ticket, place, at=at)
        if Who.GRID not in standing.of(by, ticket, at=at):
            raise NotYours(_("自行处置只限您负责的网格，其他地点请用上报。"))
        categorise(ticket, category)
        for kind in (FileKind.BEFORE, FileKind.AFTER):
            _evidence.require(files, kind)
        asked = checklists.recorded("resolve", ticket, checks, by=by, note=outcome)
        ticket.is_sampled = _is_drawn(ticket, at, category.sample_percent)
        ticket.verify_by = ticket.verify_by if ticket.is_sampled else VerifyBy.NONE
        bear(
            ticket, "settle", by=by, at=at, state=State.RESOLVED, text=plain,
            also=[(WordsKind.RESULT, outcome)], files=written,
            data=permits.for_whom(by, ticket, "settle", at=at)
            | {"result": "DONE", "sampled": ticket.is_sampled} | asked
            | observing.told(observed_at, at=at),
        )  # fmt: skip
        return ticket

    with kept(files, _site(place), by=by, at=at) as written, transaction.atomic():
        said = [plain, outcome, str(place), category.pk, nature, *(one.sha256 for one in files)]
        said += sorted(map("=".join, checks.items()))
        return _once("settle", idempotency_key, said, by, at, make)


def bring_in(
    *, at: datetime, text: str, place: Place, profile: str, source_id: str,
    reported_at: datetime, category: Category | None, nature: str = Nature.HELP,
    ended_at: datetime | None = None, origin: str = Origin.RESIDENT, urgency: str = "",
) -> Ticket | None:  # fmt: skip
    """迁入: a row of another system. Closed rows are historic: no clocks, outside the rates.

    Open rows start their accept clock now. Returns None when (profile, source_id) is known.
    """
    plain = check_text(text)
    _check_choices(nature=(Nature, nature), origin=(Origin, origin))
    _check_choices(urgency=(Urgency, urgency or Urgency.NORMAL))
    if reported_at > at or (ended_at is not None and not reported_at <= ended_at <= at):
        raise Invalid(
            _("时间先后不对：上报和结束不能在将来，结束不能早于上报。"), field="reported_at"
        )
    with transaction.atomic():
        if Ticket.objects.filter(source_profile=profile, source_id=source_id).exists():
            return None
        ticket = Ticket(
            source=Source.IMPORT, origin=origin, nature=nature, reported_at=reported_at,
            urgency=urgency or default_urgency(category), source_profile=profile,
            source_id=source_id, is_historic=ended_at is not None,
        )  # fmt: skip
        settle_place(ticket, place, at=at)
        categorise(ticket, category)
        is_over = ended_at is not None
        state = State.CLOSED if is_over else State.REPORTED
        bear(ticket, "import", by=SYSTEM, at=at, state=state, text=plain, ended_at=ended_at)
        return ticket


def confirm(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None,
    confirm_result: str = "", text: str = "", observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """核实: the desk asks whether it exists; the grid worker answers exists, not or unable.

    Lapses at half the accept limit, counted in its own time; the accept clock goes on.
    """
    with hand(ticket, "confirm", by=by, at=at, seen=seen) as h:
        who = standing.of(by, h.ticket, at=at)
        if not standing.is_confirmer(who, h.ticket, at):
            accepting = h.clocks.find(Promise.ACCEPT)
            h.ticket.confirmation = "ASKED"
            h.ticket.confirm_until = limits.half_of(accepting) if accepting else at
        elif confirm_result in CONFIRMATIONS:
            h.ticket.confirmation = confirm_result
        else:
            raise Invalid(_("请选择核实结果：存在、不存在或无法核实。"), field="confirm_result")
        h.observed(observed_at)
        h.data["confirmation"] = h.ticket.confirmation
        h.say(WordsKind.NOTE, check_optional(text))
    return ticket


def accept(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None,
    category: Category | None = None, about_unit: Unit | None = None,
    about_person: Person | None = None,
) -> Ticket:  # fmt: skip
    """受理: REPORTED → ACCEPTED. Needs a minor category, from the report or given here."""
    with hand(ticket, "accept", by=by, at=at, seen=seen) as h:
        is_first = h.ticket.category_id is None
        if category is not None and category.pk != h.ticket.category_id:
            categorise(h.ticket, category)
            h.ticket.urgency = max_urgency(h.ticket.urgency, category.urgency)
        if h.ticket.category_id is None:
            raise Invalid(_("请先选择类别，再受理。"), field="category")
        h.ticket.about_unit = about_unit or h.ticket.about_unit
        h.ticket.about_person = about_person or h.ticket.about_person
        _check_concerned(h.ticket)
        if is_first:
            h.clocks.retell()
        h.to(State.ACCEPTED)
    return ticket


def answer(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, answer: str
) -> Ticket:
    """直接答复: enquiry, suggestion, praise or known progress is answered, nothing dispatched."""
    with hand(ticket, "answer", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.ANSWER, check_answer(answer))
        h.ticket.replied_by = by
        h.ticket.replied_at = at
        h.to(State.REPLIED)
    return ticket


def decline(
    ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None, reason: str, answer: str
) -> Ticket:
    """不予受理: by a second person, too, except for a transfer to 110/119/120; always answered."""
    row = law.find_reason("decline", reason)
    if row is not None and row.is_emergency_transfer:
        return perform_decline(ticket, by=by, at=at, seen=seen, reason=reason, answer=answer)

    def needs() -> _approval.Request:
        asks = {"reason": law.reason("decline", reason).code}
        return _approval.Request(asks, ((WordsKind.ANSWER, check_text(answer, field="answer")),))

    return _approval.ask(ticket, "decline", by=by, at=at, seen=seen, needs=needs)


def perform_decline(
    ticket: Ticket, *, by: Actor, at: datetime, reason: str, answer: str,
    seen: int | None = None, granted: Approval | None = None,
) -> Ticket:  # fmt: skip
    """不予受理 (执行): REPORTED → DECLINED, after a grant or as a transfer."""
    with transaction.atomic():
        lock_with_merged(ticket)
        is_granted = granted is not None
        with hand(ticket, "decline", by=by, at=at, seen=seen, is_granted=is_granted) as h:
            h.perform(granted)
            h.data["reason"] = reason
            h.say(WordsKind.ANSWER, check_text(answer, field="answer"))
            h.to(State.DECLINED)
        release_merged(ticket, at=at)
    return ticket


def object(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, text: str
) -> Ticket:
    """异议: the reporter, once, says what was overlooked; DECLINED → REPORTED, a new cycle."""
    with hand(ticket, "object", by=by, at=at, seen=seen) as h:
        h.say(WordsKind.FACTS, check_text(text))
        h.ticket.objected_at = at
        new_cycle(h.ticket)
        h.to(State.REPORTED)
    return ticket


def acknowledge(ticket: Ticket, *, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """知悉: the desk has seen the urgent ticket; it stops ringing."""
    with hand(ticket, "acknowledge", by=by, at=at, seen=seen) as h:
        h.ticket.acknowledged_at = at
    return ticket


def _once(
    verb: str, key: str, said: Any, by: Actor, at: datetime, make: Callable[[], Ticket]
) -> Ticket:
    if not key:
        return make()
    made: list[Ticket] = []

    def act() -> dict[str, int]:
        made.append(make())
        return {"ticket": made[0].pk}

    first = once(by.actor_ref, f"{verb}:{key}", said, at=at, act=act)
    return made[0] if made else Ticket.objects.get(pk=first["ticket"])


def _handed_in_by(by: Actor) -> dict[str, Any]:
    return {
        "reported_by": by if isinstance(by, Person) else None,
        "client": by if isinstance(by, Client) else None,
    }


def _check_concerned(ticket: Ticket) -> None:
    category = law.categories().get(ticket.category_id or 0)
    is_named = ticket.about_unit_id is not None or ticket.about_person_id is not None
    if category is not None and category.is_about_staff and not is_named:
        raise Invalid(
            _("这类诉求反映的是工作人员，请选择被反映的单位，工单才不会派给它。"),
            field="about_unit",
        )


def max_urgency(one: str, other: str) -> str:
    """较急的一个."""
    order = list(Urgency)
    return max(one, other, key=lambda value: order.index(Urgency(value)))


def _site(place: Place) -> Ticket:
    """What a photo's watermark can say of the place before there is a ticket."""
    address = place.address or str(place.building or place.division or "")
    return Ticket(address=address, lat=place.lat, lng=place.lng)


def _add_reporter(ticket: Ticket, reporter: Reporter | None, by: Actor, at: datetime) -> None:
    if ticket.origin != Origin.RESIDENT:
        return
    is_own = isinstance(by, Person) and not ticket.is_on_behalf
    if isinstance(by, Person) and is_own and not standing.is_staff(by, at=at):
        reporter = reporter or Reporter.build()
        reporter.person = reporter.person or by
    if reporter is None:
        return
    reporter.is_anonymous = ticket.is_anonymous
    reporter.save()
    ticket.reporter = reporter
    ticket.reporter_person = reporter.person


def _is_drawn(ticket: Ticket, at: datetime, percent: int) -> bool:
    # reproducible afterwards, and not known to the worker beforehand
    seed = f"{ticket.reported_by_id}:{at.isoformat()}:{ticket.division_id}"
    return int(hashlib.sha256(seed.encode()).hexdigest(), 16) % 100 < percent


def _check_choices(**given: tuple[Any, str]) -> None:
    for field, (choices, value) in given.items():
        if value not in choices.values:
            raise Invalid(
                _("%(field)s 不能是“%(value)s”，可选：%(choices)s。")
                % {"field": field, "value": value, "choices": listed(choices.values)},
                field=field,
            )
