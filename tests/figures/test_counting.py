"""Every measure counted by hand, and divided as the page divides it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.figures.counting import DAY, counted, rate, scope
from tests.tickets.steps import clock, contested, rework
from tests.world import ANSWER, World
from tickets import actions
from tickets.figures import counting
from tickets.figures.counting import CATEGORY, STREET, UNIT, WEEK, composite
from tickets.figures.facts import Measure
from tickets.models import Clock, FigureRule, Ticket
from tickets.rates import COUNTED, OF_LEAD, Rate, promise_rates
from tickets.words import Promise

LATE = timedelta(days=12)


def resolved_late(world: World) -> Ticket:
    ticket = world.handled()
    return actions.resolve(
        ticket, by=world.handler, at=world.at + LATE, result="DONE", note="已清运",
        proposed_answer=ANSWER,
    )  # fmt: skip


def test_nothing_due_is_no_number(world: World) -> None:
    found = counted(world)
    assert (found.now, found.composite) == ({}, None)


def test_the_four_promises_are_those_of_the_rates(world: World) -> None:
    world.replied()
    resolved_late(world)
    world.reported()
    same = promise_rates(since=scope(world).since, until=scope(world).until)
    assert {promise: rate(world, Measure(promise.lower())) for promise in same} == same


def test_a_number_says_of_how_many(world: World) -> None:
    world.replied()
    resolved_late(world)
    assert rate(world, Measure.CLAIM) == Rate(2, 2)
    assert rate(world, Measure.REPLY) == Rate(1, 1)


def test_what_is_not_due_yet_is_not_counted(world: World) -> None:
    world.handled()
    assert Measure.RESOLVE not in counted(world, at=world.at + DAY).now
    assert rate(world, Measure.RESOLVE) == Rate(0, 1)


@pytest.mark.parametrize("measure", [Measure.RESPONDED, Measure.RESOLVE])
def test_merged_tickets_are_left_out(world: World, measure: Measure) -> None:
    lead = world.dispatched()
    actions.merge(world.dispatched(), by=world.desk, at=world.at, target=lead)
    assert rate(world, measure).due == 1


def test_a_word_with_the_reporter_in_the_first_half_is_a_response(world: World) -> None:
    for reached, after in ((True, DAY), (True, 4 * DAY), (False, DAY)):
        ticket = world.handled()
        actions.contact(ticket, by=world.handler, at=world.at + after, is_reached=reached)
    assert rate(world, Measure.RESPONDED) == Rate(1, 3)


def test_only_the_first_response_counts(world: World) -> None:
    ticket = world.handled()
    for after in (DAY, 4 * DAY):
        actions.contact(ticket, by=world.handler, at=world.at + after, is_reached=True)
    assert clock(ticket, Promise.RESOLVE).responded_at == world.at + DAY


def test_what_is_done_in_the_first_half_was_responded_to(world: World) -> None:
    world.verified()
    assert rate(world, Measure.RESPONDED) == Rate(1, 1)


def test_half_of_five_working_days_is_two_and_a_half(world: World) -> None:
    resolving = clock(world.handled(), Promise.RESOLVE)
    assert resolving.half_at is not None
    assert world.at + 2 * DAY < resolving.half_at < world.at + 3 * DAY


def test_clocks_from_before_have_no_half_and_are_left_out(world: World) -> None:
    world.handled()
    Clock.objects.update(half_at=None)
    assert rate(world, Measure.RESPONDED) == Rate(0, 0)


def rated(world: World, stars: int, *, is_solved: bool) -> None:
    actions.rate(
        world.replied(), by=world.shift_leader, at=world.at, stars=stars, is_solved=is_solved
    )


def test_solved_and_content_count_answers_only(world: World) -> None:
    world.replied()
    rated(world, 5, is_solved=True)
    rated(world, 2, is_solved=False)
    assert rate(world, Measure.SOLVED) == Rate(1, 2)
    content = rate(world, Measure.CONTENT)
    assert (float(content.met), content.due) == (1.3, 2)


def test_scores_are_the_laws(world: World) -> None:
    FigureRule.objects.create(code="score_2", value="0.5", text="试")
    rated(world, 2, is_solved=False)
    assert rate(world, Measure.CONTENT).value == 0.5


@pytest.mark.django_db
def test_the_score_of_three_rates() -> None:
    cells = {
        Measure.RESPONDED: Rate(1, 2), Measure.SOLVED: Rate(1, 1), Measure.CONTENT: Rate(3, 5),
    }  # fmt: skip
    assert composite(cells) == pytest.approx(30 * 0.5 + 35 + 35 * 0.6)
    assert composite(cells | {Measure.SOLVED: Rate(0, 0)}) is None


def test_a_breach_stays_with_who_held_the_ticket(world: World) -> None:
    ticket = world.dispatched()
    actions.redirect(
        ticket, by=world.desk, at=world.at + 3 * DAY, unit=world.units["office"], text="应由街道办"
    )
    actions.claim(ticket, by=world.office_handler, at=world.at + 3 * DAY)
    by_unit = counted(world).by[UNIT]
    assert by_unit[world.units["squad"].pk][Measure.CLAIM] == Rate(0, 1)
    assert by_unit[world.units["office"].pk][Measure.CLAIM] == Rate(1, 1)


def test_each_dimension_adds_up_to_the_whole(world: World) -> None:
    world.replied()
    world.reported(place=world.far_spot, by=world.far_desk)
    contested(world)
    world.handled(category=world.categories["advice"])
    found = counted(world)
    for name in (STREET, UNIT, CATEGORY, WEEK):
        for measure, whole in found.now.items():
            cells = [row[measure] for row in found.by[name].values() if measure in row]
            assert sum(cell.due for cell in cells) == whole.due, (name, measure)
            assert sum(cell.met for cell in cells) == whole.met, (name, measure)


def test_a_week_begins_on_the_districts_monday(world: World) -> None:
    sunday_late = world.at - timedelta(hours=1)
    world.reported(at=sunday_late)
    weeks = counted(world, first=world.at.date() - 7 * DAY).by[WEEK]
    assert {day.weekday() for day in weeks} == {0}


def test_the_time_before_is_counted_beside(world: World) -> None:
    world.replied()
    later = scope(world, first=(world.at + 20 * DAY).date(), last=(world.at + 39 * DAY).date(),
                  at=world.at + 40 * DAY)  # fmt: skip
    found = counting.count(later)
    assert (found.now, found.before[Measure.ACCEPT]) == ({}, Rate(1, 1))


def test_a_leader_of_a_street_sees_no_other_streets_numbers(world: World) -> None:
    world.replied()
    world.reported(place=world.far_spot, by=world.far_desk)
    assert counted(world, "leader").by[STREET].keys() == {world.places["street"].pk}
    assert len(counted(world, "district_leader").by[STREET]) == 2


def test_reports_about_oneself_are_not_ones_own_figures(world: World) -> None:
    ticket = world.accepted(category=world.categories["conduct"])
    assert rate(world, Measure.ACCEPT) == Rate(1, 1)
    Ticket.objects.filter(pk=ticket.pk).update(about_person=world.district_leader)
    assert rate(world, Measure.ACCEPT) == Rate(0, 0)


def test_all_of_it_costs_two_statements(world: World, django_assert_num_queries: Any) -> None:
    world.replied()
    contested(world)
    asked = scope(world)
    counting.count(asked)
    with django_assert_num_queries(2):
        counting.count(asked)


def test_a_month_is_read_from_its_index_alone(world: World) -> None:
    asked = scope(world)
    rows = Clock.objects.filter(OF_LEAD, COUNTED, due_at__gte=asked.since, due_at__lt=asked.until)
    with connection.cursor() as cursor:
        # nothing lies in the table: what is asked is whether that index is enough by itself
        for way in ("seqscan", "bitmapscan", "indexscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = rows.order_by().values("promise", "ticket_id", "half_at", "responded_at").explain()
    assert "Index Only Scan using clock_figures" in plan


def test_rework_goes_on_with_the_same_clock(world: World) -> None:
    rework(world, world.resolved())
    assert rate(world, Measure.RESOLVE) == Rate(0, 1)
