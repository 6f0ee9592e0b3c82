"""Due dates: none that nobody could keep, none forgotten, none lengthened by whoever owes it."""

from tests.files import settled as photos
from tests.tickets.steps import DAY, HOUR, clock, fresh, grant, request
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Category, Ticket, TimeLimit
from tickets.states import State
from tickets.words import Promise, Urgency

P = Promise


def limit(category: Category, promise: Promise, value: int, kind: str = "WORK_HOUR") -> None:
    TimeLimit.objects.create(promise=promise, category=category, value=value, kind=kind)


def settled(world: World) -> Ticket:
    category = world.categories["litter"]
    category.sample_percent = 0
    return actions.settle(
        by=world.grid_worker, at=world.at, text="纸箱", place=world.spot, category=category,
        result="已劝离", files=photos(),
    )  # fmt: skip


def test_what_passes_by_itself_breaks_no_promise(world: World) -> None:
    limit(world.categories["litter"], P.VERIFY, 2)
    ticket = settled(world)
    assert ticket.due_at == world.at + DAY
    assert sweeps.run("pass", at=world.at + DAY + HOUR) == 1
    verifying = clock(ticket, P.VERIFY)
    assert (fresh(ticket).state, verifying.state) == (State.CLOSED, "MET")
    assert verifying.breached_at is None


def test_what_passes_by_itself_waits_for_no_desk(world: World) -> None:
    settled(world)
    assert not Ticket.objects.my_turn(world.desk, world.at + HOUR).exists()


def test_the_first_category_corrects_the_date_the_reporter_is_told(world: World) -> None:
    limit(world.categories["litter"], P.RESOLVE, 20, "WORK_DAY")
    ticket = world.reported(category=None)
    actions.accept(
        ticket, by=world.desk, at=world.at + HOUR, category=world.categories["litter"]
    )  # fmt: skip
    known = world.reported()
    total = clock(ticket, P.TOTAL)
    assert (total.started_at, total.due_at) == (world.at, clock(known, P.TOTAL).due_at)


def test_a_category_changed_at_acceptance_leaves_the_date_as_told(world: World) -> None:
    limit(world.categories["advice"], P.RESOLVE, 20, "WORK_DAY")
    ticket = world.reported()
    told = clock(ticket, P.TOTAL).due_at
    actions.accept(ticket, by=world.desk, at=world.at, category=world.categories["advice"])
    assert clock(ticket, P.TOTAL).due_at == told


def test_an_extension_forgets_no_breach(world: World) -> None:
    ticket = world.handled()
    total = clock(ticket, P.TOTAL)
    total.due_at = total.soon_at = world.at + HOUR
    total.save(update_fields=["due_at", "soon_at"])
    late = world.at + 2 * HOUR
    actions.extend(ticket, by=world.handler, at=late, days=2, reason="MATERIAL", text="等材料")
    grant(world, ticket, at=late)
    total.refresh_from_db()
    assert total.due_at > late
    assert (total.breached_at, total.person) == (world.at + HOUR, world.handler)


def test_a_suspension_forgets_no_breach(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    late = due_at + HOUR
    actions.suspend(
        ticket, by=world.handler, at=late, resume_on=(late + 9 * DAY).date(), reason="BUDGET",
        text="等预算",
    )  # fmt: skip
    actions.countersign(request(ticket), by=world.head, at=late)
    actions.grant(request(ticket), by=world.leader, at=late)
    assert (clock(ticket, P.RESOLVE).state, clock(ticket, P.RESOLVE).breached_at) == (
        "PAUSED",
        due_at,
    )


def test_a_unit_gives_itself_no_longer_limit(world: World) -> None:
    advice = world.categories["advice"]
    limit(advice, P.RESOLVE, 20, "WORK_DAY")
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    actions.amend(ticket, by=world.handler, at=world.at + HOUR, category=advice)
    assert clock(ticket, P.RESOLVE).due_at == due_at
    actions.amend(ticket, by=world.desk, at=world.at + HOUR, urgency=Urgency.HIGH)
    assert clock(ticket, P.RESOLVE).due_at > due_at
