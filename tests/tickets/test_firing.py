"""Due steps: reminded, warned, late, reported upward; each once, whatever was down meanwhile."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Incident, Notice
from tests.plans import Read, reads
from tests.promises.proof import all_is_well
from tests.races import race
from tests.tickets.steps import DAY, HOUR, clock, fresh, grant, request
from tests.tickets.timers import armed, came, fire, steps
from tests.world import World
from tickets import actions, announcing, sweeps, timeline
from tickets.actions import timing
from tickets.models import Clock, EscalationPlan, EscalationStep, Event, Ticket, TimeLimit, Timer
from tickets.models.timer import TimerState
from tickets.words import Promise

P = Promise
SECOND = timedelta(seconds=1)
COPIED = [field.attname for field in Clock._meta.concrete_fields if field.name not in ("id", "lap")]


def test_the_steps_of_a_clock_come_one_after_another(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    said = []
    for _step in range(5):
        fire(armed(ticket, P.RESOLVE).due_at)
        event = steps(ticket, P.RESOLVE)[-1]
        said.append((event.verb, event.data["nth"], event.data["overdue"]))
    assert said == [
        ("remind", 1, False), ("warn", 2, False), ("warn", 3, True), ("escalate", 4, True),
        ("escalate", 5, True),
    ]  # fmt: skip
    assert came(ticket, P.RESOLVE) == [(1, 0), (2, 0), (3, 0), (4, 0), (5, 1)]
    assert armed(ticket, P.RESOLVE).due_at == due_at + 3 * DAY


def test_nothing_comes_before_it_is_due(world: World) -> None:
    ticket = world.reported()
    assert fire(armed(ticket, P.ACCEPT).due_at - SECOND) == 0
    assert steps(ticket) == []


def test_a_breach_is_written_at_its_instant_though_nobody_moves(world: World) -> None:
    ticket = world.handled()
    late = clock(ticket, P.RESOLVE)
    fire(late.due_at + SECOND)
    now = clock(ticket, P.RESOLVE)
    assert (now.breached_at, now.unit, now.person) == (late.due_at, world.units["squad"],
                                                       world.handler)  # fmt: skip
    told = [event.data["late"] for event in steps(ticket, P.RESOLVE) if "late" in event.data]
    assert told == [{late.key: late.due_at.isoformat()}]


def test_a_breach_of_the_desk_is_nobodys_of_the_unit(world: World) -> None:
    ticket = world.reported()
    fire(clock(ticket, P.ACCEPT).due_at + SECOND)
    now = clock(ticket, P.ACCEPT)
    assert now.breached_at == now.due_at
    assert (now.unit, now.person) == (None, None)


def asked(world: World) -> tuple[Ticket, datetime]:
    """A handled ticket with a request for more time, an hour before it is due."""
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    actions.extend(
        ticket, by=world.handler, at=due_at - HOUR, days=2, reason="MATERIAL", text="等材料到货"
    )
    fire(due_at + SECOND)
    return ticket, due_at


def test_a_request_asked_in_time_holds_the_breach_back(world: World) -> None:
    ticket, _due_at = asked(world)
    assert clock(ticket, P.RESOLVE).breached_at is None


def test_its_refusal_writes_the_breach_with_the_date_of_then(world: World) -> None:
    ticket, due_at = asked(world)
    actions.refuse(request(ticket), by=world.head, at=due_at + HOUR, text="来得及")
    assert clock(ticket, P.RESOLVE).breached_at == due_at
    all_is_well(due_at + HOUR)


def test_its_grant_forgives_and_counts_from_the_grant(world: World) -> None:
    ticket, due_at = asked(world)
    grant(world, ticket, at=due_at + HOUR)
    now = clock(ticket, P.RESOLVE)
    assert now.breached_at is None
    assert now.due_at > due_at + DAY
    all_is_well(due_at + HOUR)


def test_after_a_week_of_outage_all_is_recorded_and_one_message_told(world: World) -> None:
    ticket = world.handled()
    back = clock(ticket, P.RESOLVE).due_at + 7 * DAY
    fire(back)
    events = steps(ticket, P.RESOLVE)
    due = [event.data["step_due"] for event in events]
    assert len(events) == 10
    assert due == sorted(due)
    assert {event.at for event in events} == {back}
    told = [event for event in steps(ticket) if event.announced_at is None]
    assert [(event.verb, event.data.get("overtaken")) for event in told] == [("escalate", None)]
    announcing.sweep(at=back)
    assert Notice.objects.filter(event_id__in=[e.pk for e in steps(ticket)],
                                 person=world.handler).count() == 1  # fmt: skip
    all_is_well(back)


def test_two_sweeps_at_once_make_each_step_once(committed_world: World) -> None:
    world = committed_world
    tickets = [world.reported() for _nth in range(6)]
    at = world.at + 3 * HOUR
    found = race(lambda: fire(at), lambda: fire(at), lambda: fire(at))
    assert not [one for one in found if isinstance(one, Exception)]
    assert [came(ticket, P.ACCEPT) for ticket in tickets] == [[(1, 0)]] * 6
    assert [len(steps(ticket, P.ACCEPT)) for ticket in tickets] == [1] * 6
    assert fire(at) == 0


def test_one_bad_row_holds_up_no_other(world: World) -> None:
    bad, good = world.reported(), world.reported()
    # somebody wrote where the next event belongs
    Event.objects.create(
        ticket=bad, seq=bad.seq + 1, verb="note", by="system", at=world.at, to_state=bad.state,
        from_state=bad.state, data={}, prev_hash="", hash="",
    )  # fmt: skip
    at = world.at + 3 * HOUR
    for _time in range(5):
        fire(at)
    assert came(good, P.ACCEPT) == [(1, 0)]
    incident = Incident.objects.get(kind="sweep:timers")
    assert (incident.subject, incident.count) == (bad.number, 5)
    assert incident.raised_at is not None


def cost(at: datetime) -> int:
    with CaptureQueriesContext(connection) as queries:
        fire(at)
    return sum("SAVEPOINT" not in one["sql"] for one in queries)


def test_a_batch_costs_the_same_for_one_ticket_as_for_many(world: World) -> None:
    world.reported()
    at = world.at + 3 * HOUR
    alone = cost(at)
    for _nth in range(12):
        world.reported()
    assert cost(at) == alone <= 24


def many_armed(world: World, count: int) -> None:
    """One clock copied many times, a minute apart, each with its timer and its limit by law."""
    first = clock(world.reported(), P.ACCEPT)
    minute = timedelta(minutes=1)
    known = {name: getattr(first, name) for name in COPIED} | {"legal_value": 1}
    Clock.objects.bulk_create(
        Clock(**known | {"legal_due_at": world.at + nth * minute}, lap=nth + 1)
        for nth in range(1, count + 1)
    )
    made = Clock.objects.filter(ticket=first.ticket, lap__gt=1).order_by("lap")
    Timer.objects.bulk_create(
        Timer(ticket_id=one.ticket_id, clock=one, generation=0, nth=1, verb="remind",
              due_at=world.at + (one.lap - 1) * minute)
        for one in made
    )  # fmt: skip


def test_only_what_is_due_is_read(world: World) -> None:
    many_armed(world, 1000)
    at = world.at + timedelta(minutes=10, seconds=1)
    assert reads(lambda: timing.due_ids(at), "tickets_timer", "tickets_clock") == [
        Read("tickets_timer", "timer_due", 10), Read("tickets_clock", "clock_legal_due", 10),
    ]  # fmt: skip


def test_a_limit_by_law_is_a_fact_of_its_own(world: World) -> None:
    TimeLimit.objects.filter(promise=P.RESOLVE, urgency="").update(
        legal_value=7, legal_kind="WORK_DAY", legal_counting="CIVIL"
    )
    ticket = world.handled()
    resolving = clock(ticket, P.RESOLVE)
    assert resolving.legal_due_at is not None
    assert resolving.legal_due_at > resolving.due_at
    fire(resolving.due_at + SECOND)
    assert clock(ticket, P.RESOLVE).legal_breached_at is None
    fire(resolving.legal_due_at + SECOND)
    now = clock(ticket, P.RESOLVE)
    assert (now.breached_at, now.legal_breached_at) == (resolving.due_at, resolving.legal_due_at)
    assert [e.verb for e in steps(ticket) if e.data.get("legal")] == ["escalate"]
    all_is_well(resolving.legal_due_at + SECOND)


def test_the_window_for_rating_has_one_reminder_and_then_ends(world: World) -> None:
    ticket = world.replied()
    rating = clock(ticket, P.RATE)
    fire(rating.due_at - SECOND)
    fire(rating.due_at)
    assert [event.verb for event in steps(ticket, P.RATE)] == ["remind"]
    assert clock(ticket, P.RATE).breached_at is None
    sweeps.run("close", at=rating.due_at + SECOND)
    assert fresh(ticket).state == "CLOSED"
    all_is_well(rating.due_at + SECOND)


def test_every_step_of_every_clock_is_in_the_record(world: World) -> None:
    ticket = world.handled()
    fire(clock(ticket, P.RESOLVE).due_at + 3 * DAY)
    fired = Timer.objects.filter(ticket=ticket, state=TimerState.FIRED)
    seqs = set(fired.values_list("event_seq", flat=True))
    assert seqs == {event.seq for event in steps(ticket)}
    assert Event.objects.filter(ticket=ticket).count() == fresh(ticket).seq


@pytest.mark.parametrize("stage", ["accepted", "dispatched", "resolved", "verified"])
def test_whoever_has_the_turn_is_told(world: World, stage: str) -> None:
    ticket = getattr(world, stage)()
    fire(ticket.due_at + SECOND)
    announcing.sweep(at=ticket.due_at + SECOND)
    ids = [event.pk for event in steps(ticket)]
    assert Notice.objects.filter(event_id__in=ids).exists()


def test_the_record_says_which_limit_and_folds_what_comes_again(world: World) -> None:
    ticket = world.dispatched()
    for days in range(1, 5):
        fire(clock(ticket, P.CLAIM).due_at + days * DAY + SECOND)
    told = timeline.folded(timeline.lines(ticket, world.handler, at=world.at + 9 * DAY))
    often = [line for line in told if line.verb == "escalate" and "签收" in line.details[0]]
    assert [line.details[0] for line in often] == ["签收时限：已超期"]
    assert often[0].times == 4
    assert often[0].since is not None
    assert often[0].since < often[0].at


WHO = [
    # stage, promise, share of its time, who is told, who is not
    ("reported", P.ACCEPT, 0.55, "desk", "handler"),
    ("reported", P.ACCEPT, 0.85, "shift_leader", "handler"),
    ("handled", P.RESOLVE, 0.55, "handler", "shift_leader"),
    ("resolved", P.VERIFY, 0.55, "grid_worker", "handler"),
    ("verified", P.REPLY, 0.85, "shift_leader", "handler"),
]


@pytest.mark.parametrize(("stage", "promise", "share", "who", "other"), WHO)
def test_whoever_keeps_a_promise_hears_of_its_time(
    world: World, stage: str, promise: P, share: float, who: str, other: str
) -> None:
    ticket = getattr(world, stage)()
    found = clock(ticket, promise)
    at = found.started_at + (found.due_at - found.started_at) * share
    while armed(ticket, promise).due_at <= at:
        fire(armed(ticket, promise).due_at)
    announcing.sweep(at=at)
    ids = [event.pk for event in steps(ticket, promise)]
    told = set(Notice.objects.filter(event_id__in=ids).values_list("person_id", flat=True))
    assert world.people[who].pk in told
    assert world.people[other].pk not in told


def test_a_long_outage_with_two_late_clocks_tells_exactly_once(world: World) -> None:
    ticket = world.dispatched()
    fire(clock(ticket, P.RESOLVE).due_at + 20 * DAY + 10 * HOUR)
    lead = [event for event in steps(ticket) if event.data["scope"] == "LEAD"]
    assert sum(event.announced_at is None for event in lead) == 1


@pytest.mark.parametrize("count", [4, 6])
def test_a_plan_that_was_cut_or_grew_goes_on(world: World, count: int) -> None:
    ticket = world.handled()
    late = clock(ticket, P.RESOLVE).due_at + 5 * DAY
    fire(late)
    plan = EscalationPlan.objects.get(promise="")
    plan.steps.filter(nth=5).delete()
    plan.steps.filter(nth=4).update(at_kind="EVERY_WORK_DAYS", at_value=1)
    if count == 6:
        plan.steps.filter(nth=4).update(at_kind="AFTER_HOURS", at_value=24)
        EscalationStep.objects.create(
            plan=plan, nth=5, at_kind="AFTER_HOURS", at_value=30, verb="escalate"
        )
        EscalationStep.objects.create(
            plan=plan, nth=6, at_kind="EVERY_WORK_DAYS", at_value=1, verb="escalate"
        )
    before = len(steps(ticket, P.RESOLVE))
    fire(late + 2 * DAY)
    assert before < len(steps(ticket, P.RESOLVE)) <= before + 3
    assert armed(ticket, P.RESOLVE).due_at > late + 2 * DAY
