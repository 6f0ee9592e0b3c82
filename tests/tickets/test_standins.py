"""代班 in the chain: the stand-in sees, takes the turn, acts, is told; the record says for whom."""

from datetime import timedelta

import pytest

from grids import standins
from grids.models import Person, Post
from notices.models import Incident, Notice
from tests.files import settled
from tests.grids.standins import away
from tests.promises.proof import all_is_well
from tests.tickets.pages import entered, statements, text_of
from tests.tickets.steps import fresh, last, not_visible, not_yours
from tests.world import ANSWER, World
from tickets import actions, boards, sweeps, tallies, timeline
from tickets.models import Approval, Ticket
from tickets.states import State

PAGES = ("/", "/approvals/", "/inbox/")


def turns(world: World, name: str) -> list[int]:
    """Ids in that person's queue, page by page as shown."""
    rows = boards.tickets_of(world.again(name), boards.MINE, world.at)
    return [row.pk for row in boards.page(rows, boards.BY_DUE, dressed=boards.listed).rows]


def extension(world: World) -> Approval:
    ticket = actions.extend(
        world.handled(), by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆"
    )
    return ticket.approvals.get()


def told(world: World, ticket: Ticket, verb: str) -> set[int]:
    sweeps.run("announce", at=world.at)
    return set(
        Notice.objects.filter(event_id=last(ticket, verb).pk).values_list("person_id", flat=True)
    )


def test_the_queue_of_the_absent_is_the_stand_ins(world: World) -> None:
    mine = world.handled()
    assert turns(world, "far_handler") == []
    away(world, world.handler, world.far_handler)
    assert turns(world, "far_handler") == [mine.pk]
    counted = tallies.tally(world.again("far_handler"), world.at, boards.MINE)
    assert counted == {boards.MINE: "1"}


def test_two_of_the_same_posts_are_counted_apart(world: World) -> None:
    """A statement kept for those who stand in for nobody is not used for those who do."""
    world.handled()
    for name, count in (("other_handler", "0"), ("clerk", "0")):
        assert tallies.tally(world.again(name), world.at, boards.MINE)[boards.MINE] == count
    away(world, world.handler, world.other_handler)
    assert tallies.tally(world.again("other_handler"), world.at, boards.MINE)[boards.MINE] == "1"
    assert tallies.tally(world.again("clerk"), world.at, boards.MINE)[boards.MINE] == "0"


def test_the_record_says_for_whom(world: World) -> None:
    ticket = world.handled()
    away(world, world.handler, world.far_handler)
    actions.note(ticket, by=world.again("far_handler"), at=world.at, text="已联系物业")
    event = last(ticket)
    assert (event.by, event.data["for"]) == (world.far_handler.actor_ref, world.handler.pk)
    shown = timeline.lines(ticket, world.again("head"), at=world.at)[-1]
    assert shown.who == f"{world.far_handler.name}（代 {world.handler.name}）"
    all_is_well(world.at)


def test_whoever_has_the_right_anyway_acts_for_nobody(world: World) -> None:
    ticket = world.dispatched()
    away(world, world.handler, world.other_handler)
    actions.claim(ticket, by=world.again("other_handler"), at=world.at)
    assert "for" not in last(ticket).data
    assert ticket.handler == world.other_handler


def test_what_a_stand_in_claims_stays_with_whose_post_it_is(world: World) -> None:
    ticket = world.dispatched()
    row = away(world, world.clerk, world.far_handler)
    actions.claim(ticket, by=world.again("far_handler"), at=world.at)
    assert (ticket.handler_id, last(ticket).data["for"]) == (world.clerk.pk, world.clerk.pk)
    standins.end(row.pk, by=world.again("clerk"), at=world.at)
    sweeps.run("route", at=world.at)
    assert (fresh(ticket).state, fresh(ticket).handler) == (State.HANDLING, world.clerk)
    with not_visible():
        actions.note(ticket, by=world.again("far_handler"), at=world.at, text="再看看")


def test_the_ticket_of_the_absent_is_not_taken_from_them(world: World) -> None:
    ticket = world.handled()
    away(world, world.handler, world.other_handler)
    sweeps.run("route", at=world.at)
    assert fresh(ticket).handler == world.handler
    all_is_well(world.at)


def test_a_grid_workers_stand_in_settles_for_them(world: World) -> None:
    away(world, world.grid_worker, world.other_grid_worker)
    ticket = actions.settle(
        by=world.again("other_grid_worker"), at=world.at, text="路面有油污", place=world.spot,
        category=world.categories["litter"], result="已冲洗干净", files=settled(),
    )  # fmt: skip
    assert last(ticket).data["for"] == world.grid_worker.pk
    all_is_well(world.at)


@pytest.mark.parametrize("name", ["shift_leader", "head"])
def test_who_stands_in_for_the_asker_neither_signs_nor_decides(world: World, name: str) -> None:
    approval = extension(world)
    away(world, world.handler, world.people[name])
    decide = actions.countersign if name == "head" else actions.grant
    with not_yours("这项申请"):
        decide(approval, by=world.again(name), at=world.at)
    waiting = boards.to_decide(world.again(name), world.at)
    assert not waiting.exists()


def test_who_stands_in_for_the_decider_decides_and_the_record_says_so(world: World) -> None:
    approval = extension(world)
    away(world, world.shift_leader, world.desk)
    actions.countersign(approval, by=world.head, at=world.at)
    assert boards.to_decide(world.again("desk"), world.at).get() == approval
    actions.grant(approval, by=world.again("desk"), at=world.at)
    assert last(approval.ticket, "grant").data["for"] == world.shift_leader.pk
    all_is_well(world.at)


def test_where_only_the_askers_stand_in_could_decide_it_rises(world: World) -> None:
    away(world, world.shift_leader, world.desk)
    ticket = actions.void(
        world.reported(), by=world.again("desk"), at=world.at, reason="DUPLICATE", text="重复"
    )
    assert ticket.approvals.get().level == "DISTRICT"


def test_a_head_whose_stand_in_asks_need_not_sign(world: World) -> None:
    away(world, world.head, world.handler)
    assert not extension(world).needs_countersign


def test_the_stand_in_of_the_handler_does_not_verify(world: World) -> None:
    ticket = world.resolved()
    away(world, world.handler, world.grid_worker)
    with not_yours("核查"):
        actions.verify(ticket, by=world.again("grid_worker"), at=world.at)


def test_the_stand_in_is_told(world: World) -> None:
    away(world, world.clerk, world.other_handler)
    ticket = world.dispatched()
    assert told(world, ticket, "dispatch") == {world.clerk.pk, world.other_handler.pk}


def test_the_askers_stand_in_is_not_asked_to_decide(world: World) -> None:
    away(world, world.handler, world.shift_leader)
    away(world, world.head, world.other_handler)
    approval = extension(world)
    assert told(world, approval.ticket, "ask") == {world.head.pk, world.other_handler.pk}


def test_a_report_about_somebody_is_not_their_stand_ins_to_read(world: World) -> None:
    ticket = actions.accept(
        world.reported(category=world.categories["conduct"]), by=world.desk, at=world.at,
        about_person=world.handler,
    )  # fmt: skip
    away(world, world.handler, world.inspector)
    assert not Ticket.objects.visible_to(world.again("inspector"), world.at).exists()
    away(world, world.clerk, world.desk)
    assert Ticket.objects.visible_to(world.again("desk"), world.at).get() == ticket


def test_a_turn_rises_where_the_stand_in_left_with_one_incident(world: World) -> None:
    squad = world.units["squad"]
    ticket = world.dispatched()
    Post.objects.filter(unit=squad).exclude(person=world.clerk).update(is_active=False)
    away(world, world.clerk, world.far_handler)
    sweeps.run("route", at=world.at)
    assert (turns(world, "shift_leader"), Incident.objects.count()) == ([], 0)
    Person.objects.filter(pk=world.far_handler.pk).update(is_active=False)
    for _again in range(2):
        sweeps.run("route", at=world.at)
    assert turns(world, "shift_leader") == [ticket.pk]
    assert Incident.objects.get(ended_at=None).subject == squad.code
    later = world.at + timedelta(days=3)  # the clerk is back
    sweeps.run("route", at=later)
    assert not Incident.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("page", PAGES)
def test_standing_in_costs_pages_no_statement(nine: World, page: str) -> None:
    nine.handled()
    before = statements(entered(nine.other_handler), page)
    away(nine, nine.handler, nine.other_handler)
    assert statements(entered(nine.other_handler), page) == before


def test_pages_say_who_stands_in_for_whom(nine: World) -> None:
    ticket = nine.handled()
    away(nine, nine.handler, nine.far_handler)
    page = f"/t/{ticket.number}/"
    assert f"{nine.far_handler.name}代班" in text_of(entered(nine.desk).get(page))
    assert f"您在代 {nine.handler.name} 的班" in text_of(entered(nine.far_handler).get("/"))
    away(nine, nine.clerk, nine.other_handler)
    assert f"{nine.clerk.name}（{nine.other_handler.name}代班）" in text_of(
        entered(nine.head).get(page)
    )


def test_a_ticket_page_costs_no_more_and_names_both(nine: World) -> None:
    ticket = nine.handled()
    page = f"/t/{ticket.number}/"
    of_head, of_handler = (statements(entered(one), page) for one in (nine.head, nine.handler))
    away(nine, nine.handler, nine.far_handler)
    actions.note(ticket, by=nine.again("far_handler"), at=nine.at, text="已联系物业")
    deputy = entered(nine.far_handler)
    assert f"{nine.far_handler.name}（代 {nine.handler.name}）" in text_of(deputy.get(page))
    assert statements(entered(nine.head), page) == of_head
    assert statements(deputy, page) == of_handler


def test_the_stand_in_does_the_whole_of_it(world: World) -> None:
    ticket = world.handled()
    away(world, world.handler, world.far_handler)
    away(world, world.desk, world.shift_leader)
    deputy = world.again("far_handler")
    actions.resolve(
        ticket, by=deputy, at=world.at, result="DONE", note="已清运", proposed_answer=ANSWER
    )
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.reply(ticket, by=world.again("shift_leader"), at=world.at, final_answer=ANSWER)
    assert last(ticket, "resolve").data["for"] == world.handler.pk
    assert "for" not in last(ticket, "reply").data
    all_is_well(world.at)
