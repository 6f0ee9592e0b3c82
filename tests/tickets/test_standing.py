"""Who sees what (DESIGN §3.6): every post against every kind of ticket.

A table says for each person what they read of a visible ticket: R reporter, C contact, W words,
P photos. Whoever is not named does not see the ticket at all.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from grids.models import Person, Post, PostKind
from tests.tickets.steps import HOUR, contested, replied_with_key, resolve
from tests.world import ANSWER, CAST, World
from tickets import actions, standing
from tickets.actions import Place
from tickets.keys import make_key
from tickets.models import Reporter, Ticket
from tickets.states import Who

ALL, NO_CONTACT, NOTHING = "CPRW", "PW", ""
DISTRICT = {
    "district_desk": ALL, "district_shift_leader": ALL, "inspector": ALL,
    "district_leader": NO_CONTACT, "auditor": NO_CONTACT,
}  # fmt: skip
STREET = {"desk": ALL, "other_desk": ALL, "shift_leader": ALL, "leader": NO_CONTACT}
GRID = {"grid_worker": NO_CONTACT, "community_lead": NO_CONTACT}
PLACE = DISTRICT | STREET | GRID
SQUAD = {"clerk": NO_CONTACT, "other_handler": NO_CONTACT}
AT_WORK = SQUAD | {"handler": ALL, "head": ALL}
GONE = SQUAD | {"handler": NO_CONTACT, "head": NO_CONTACT}
HELPING = {"office_handler": NO_CONTACT, "office_head": NO_CONTACT}


def reads(world: World, ticket: Ticket, *, later: timedelta = timedelta()) -> dict[str, str]:
    """What each of the cast reads of the ticket."""
    found = {}
    for name in [*(name for name, _kind, _where in CAST), "resident"]:
        person = world.again(name)
        if Ticket.objects.visible_to(person, world.at).filter(pk=ticket.pk).exists():
            groups = standing.sees(person, ticket, at=world.at + later)
            found[name] = "".join(sorted(group.value[0].upper() for group in groups))
    return found


def hidden(table: dict[str, str], *, but: dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(table, NOTHING) | but


def sensitive(world: World) -> Ticket:
    ticket = world.accepted(category=world.categories["alone"])
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["squad"])
    return actions.claim(ticket, by=world.handler, at=world.at)


def asked(world: World) -> Ticket:
    return actions.confirm(world.reported(), by=world.desk, at=world.at)


def helped(world: World) -> Ticket:
    return actions.enlist(
        world.handled(), by=world.handler, at=world.at, unit=world.units["office"], question="?"
    )


def helped_before(world: World) -> Ticket:
    return actions.answer_assist(
        helped(world), by=world.office_handler, at=world.at, assist_result="DONE", text="好"
    )


def redirected(world: World) -> Ticket:
    return actions.redirect(
        world.dispatched(), by=world.desk, at=world.at, unit=world.units["office"], text="属街道"
    )


def closed(world: World) -> Ticket:
    ticket, token = replied_with_key(world)
    return actions.rate(ticket, by=world.key_of(token), at=world.at, stars=5, is_solved=True)


def far(world: World) -> Ticket:
    return world.reported(by=world.far_desk, place=world.far_spot)


def somewhere(world: World) -> Ticket:
    return world.reported(by=world.district_desk, place=Place(address="某处"))


def own(world: World) -> Ticket:
    return world.reported(reporter=Reporter.build(person=world.resident))


def found_elsewhere(world: World) -> Ticket:
    return world.reported(by=world.other_grid_worker, origin="PATROL")


def taken_down_elsewhere(world: World) -> Ticket:
    return world.reported(by=world.other_grid_worker)


def merged(world: World) -> Ticket:
    lead = world.handled()
    ticket = world.reported(reporter=Reporter.build(person=world.resident))
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    lead.refresh_from_db()
    return lead


OFFICE_AT_WORK = {"office_handler": NO_CONTACT, "office_head": ALL}
ON_TURN = {"grid_worker": ALL, "community_lead": ALL}
FAR = {"far_desk": ALL, "other_grid_worker": NO_CONTACT}
TABLES: list[tuple[Callable[[World], Ticket], dict[str, str]]] = [
    (World.reported, PLACE),
    (World.dispatched, PLACE | SQUAD | {"handler": NO_CONTACT, "head": ALL}),
    (World.handled, PLACE | AT_WORK),
    (lambda world: world.handled(is_anonymous=True), PLACE | GONE),
    (sensitive, hidden(PLACE, but={name: ALL for name in PLACE if PLACE[name] == ALL}) | AT_WORK),
    (asked, PLACE | ON_TURN),
    (World.resolved, PLACE | AT_WORK | ON_TURN),
    (helped, PLACE | AT_WORK | HELPING),
    (helped_before, PLACE | AT_WORK | HELPING),
    (redirected, PLACE | GONE | OFFICE_AT_WORK),
    (contested, PLACE | AT_WORK),
    (closed, PLACE | GONE),
    (far, DISTRICT | FAR),
    (somewhere, DISTRICT),
    (own, PLACE | {"resident": ALL}),
    (found_elsewhere, PLACE | {"other_grid_worker": NO_CONTACT}),
    (taken_down_elsewhere, PLACE),
    (merged, PLACE | AT_WORK | {"resident": NOTHING}),
]


@pytest.mark.parametrize(("make", "table"), TABLES)
def test_everybody_reads_what_their_post_is_for(
    world: World, make: Callable[[World], Ticket], table: dict[str, str]
) -> None:
    assert reads(world, make(world)) == table


@pytest.mark.parametrize(
    ("make", "later"), [(asked, 2 * HOUR), (World.resolved, 4 * HOUR)], ids=["asked", "resolved"]
)
def test_a_grid_worker_reads_the_contact_only_while_it_is_their_turn(
    world: World, make: Callable[[World], Ticket], later: timedelta
) -> None:
    ticket = make(world)
    assert reads(world, ticket)["grid_worker"] == ALL
    assert reads(world, ticket, later=later)["grid_worker"] == NO_CONTACT


def test_an_anonymous_reporter_is_shown_to_no_grid_worker_either(world: World) -> None:
    assert reads(world, world.resolved(is_anonymous=True))["grid_worker"] == NO_CONTACT


def test_a_report_about_staff_is_hidden_from_the_unit(world: World) -> None:
    ticket = world.handled()
    actions.release(ticket, by=world.handler, at=world.at, text="回避")
    actions.redirect(ticket, by=world.desk, at=world.at, unit=world.units["office"], text="回避")
    actions.amend(ticket, by=world.desk, at=world.at, about_unit=world.units["squad"])
    assert reads(world, ticket) == PLACE | OFFICE_AT_WORK


def test_a_report_about_a_person_is_hidden_from_them_alone(world: World) -> None:
    ticket = world.handled()
    actions.amend(ticket, by=world.desk, at=world.at, about_person=world.shift_leader)
    assert reads(world, ticket) == {
        name: groups for name, groups in (PLACE | AT_WORK).items() if name != "shift_leader"
    }


def test_a_second_post_does_not_lead_around_that(world: World) -> None:
    Post.objects.create(person=world.clerk, kind=PostKind.DESK, division=world.places["street"])
    ticket = world.reported()
    actions.amend(ticket, by=world.desk, at=world.at, about_unit=world.units["squad"])
    assert standing.of(world.again("clerk"), ticket, at=world.at) == frozenset()
    assert standing.sees(world.again("clerk"), ticket, at=world.at) == frozenset()


def test_a_superuser_sees_nothing_by_that(world: World) -> None:
    ticket = world.reported()
    root = Person.objects.create(username="root", is_superuser=True, is_staff=True)
    assert not Ticket.objects.visible_to(root, world.at).exists()
    assert not standing.sees(root, ticket, at=world.at) & {
        standing.Group.CONTACT,
        standing.Group.REPORTER,
    }


@pytest.mark.parametrize("left", [{"is_active": False}, {"valid_to": "2026-11-23"}])
def test_who_left_the_post_sees_nothing_any_more(world: World, left: dict[str, Any]) -> None:
    ticket = world.reported()
    Post.objects.filter(person=world.desk).update(**left)
    assert "desk" not in reads(world, ticket)


def test_a_disabled_person_sees_nothing(world: World) -> None:
    world.reported()
    Person.objects.filter(pk=world.desk.pk).update(is_active=False)
    assert not Ticket.objects.visible_to(world.again("desk"), world.at).exists()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("desk", {Who.DESK}),
        ("shift_leader", {Who.DESK, Who.SHIFT}),
        ("district_desk", {Who.DESK, Who.DISTRICT}),
        ("district_shift_leader", {Who.DESK, Who.SHIFT, Who.DISTRICT}),
        ("grid_worker", {Who.GRID}),
        ("community_lead", {Who.GRID}),
        ("clerk", {Who.STAFF}),
        ("handler", {Who.STAFF, Who.HANDLER}),
        ("head", {Who.HEAD}),
        ("leader", {Who.LEADER}),
        ("inspector", {Who.INSPECTOR}),
        ("auditor", {Who.AUDITOR}),
        ("office_handler", {Who.HELPER}),
        ("office_head", {Who.HELPER}),
        ("far_desk", set()),
        ("fire_handler", set()),
        ("admin", set()),
        ("resident", set()),
    ],
)
def test_what_each_is_to_a_ticket(world: World, name: str, wanted: set[Who]) -> None:
    assert standing.of(world.people[name], helped(world), at=world.at) == wanted


def test_a_handler_whose_unit_lost_the_ticket_is_its_handler_no_more(world: World) -> None:
    ticket = world.handled()
    Post.objects.filter(person=world.handler).update(unit=world.units["fire"])
    assert standing.of(world.again("handler"), ticket, at=world.at) == frozenset()


def test_a_key_is_reporter_of_its_own_and_follower_of_the_lead(world: World) -> None:
    lead, (ticket, token) = world.reported(), world.reported_with_key()
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    key = world.key_of(token)
    assert standing.of(key, ticket, at=world.at) == {Who.REPORTER}
    assert standing.of(key, lead, at=world.at) == {Who.FOLLOWER}
    assert standing.of(key, world.reported(), at=world.at) == frozenset()


def test_a_followers_key_is_no_reporter(world: World) -> None:
    ticket = world.reported()
    key = world.key_of(actions.follow(ticket, by=world.desk, at=world.at)[1])
    assert standing.of(key, ticket, at=world.at) == {Who.FOLLOWER}


# --- my_turn 轮到我


def turn_of(world: World, ticket: Ticket, *, later: timedelta = timedelta()) -> set[str]:
    at = world.at + later
    return {
        name
        for name in [*(name for name, _kind, _where in CAST), "resident"]
        if Ticket.objects.my_turn(world.again(name), at).filter(pk=ticket.pk).exists()
    }


DESK = {"desk", "other_desk", "shift_leader"}
WALKERS = {"grid_worker", "community_lead"}


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (World.reported, DESK),
        (World.accepted, DESK),
        (World.dispatched, {"clerk", "handler", "other_handler"}),
        (World.handled, {"handler"}),
        (World.resolved, WALKERS),
        (World.verified, DESK),
        (World.replied, set()),
        (contested, DESK),
        (closed, set()),
        (asked, DESK | WALKERS),
        (helped, {"handler", "office_handler"}),
        (somewhere, {"district_desk", "district_shift_leader"}),
    ],
)
def test_whose_turn_it_is(world: World, make: Callable[[World], Ticket], wanted: set[str]) -> None:
    assert turn_of(world, make(world)) == wanted


def test_from_half_the_limit_it_is_the_desks(world: World) -> None:
    assert turn_of(world, world.resolved(), later=4 * HOUR) == DESK


def test_an_unmanned_unit_leaves_its_turn_to_the_desk(world: World) -> None:
    ticket = world.dispatched()
    Post.objects.filter(unit=world.units["squad"]).update(valid_to="2026-11-23")
    assert turn_of(world, ticket) == DESK
    actions.redirect(
        ticket, by=world.shift_leader, at=world.at, unit=world.units["office"], text="无人"
    )


def test_an_unmanned_desk_leaves_its_turn_to_the_district(world: World) -> None:
    ticket = world.reported()
    Post.objects.filter(division=world.places["street"]).update(is_active=False)
    assert turn_of(world, ticket) == {"district_desk", "district_shift_leader"}


def test_a_second_contest_is_the_districts_turn(world: World) -> None:
    ticket = contested(world)
    actions.reopen(ticket, by=world.desk, at=world.at, reason="NOT_SOLVED", text="再办")
    actions.dispatch(ticket, by=world.desk, at=world.at, unit=world.units["squad"])
    actions.claim(ticket, by=world.handler, at=world.at)
    resolve(world, ticket)
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.reply(ticket, by=world.other_desk, at=world.at, final_answer=ANSWER)
    key = world.key_of(make_key(ticket, at=world.at))
    actions.rate(ticket, by=key, at=world.at, stars=1, is_solved=False)
    assert turn_of(world, ticket) == {"district_desk", "district_shift_leader"}
