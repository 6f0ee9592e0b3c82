"""督办: due when the office closes, the opener told when nobody answers, list and paper."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from common import clock
from common.errors import Invalid
from grids import workdays
from grids.models import CalendarSlot
from notices.models import Notice
from tests.promises.proof import all_is_well
from tests.tickets.pages import entered, statements, text_of
from tests.tickets.steps import last
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Supervision, Ticket

PAGE = "/supervisions/"
DAY = timedelta(days=1)
DEMAND = "三日内清完现场并书面反馈；逾期将在例会通报。"


def supervised(world: World, ticket: Ticket | None = None, days: int = 1) -> Ticket:
    return actions.supervise(
        ticket or world.handled(), by=world.leader, at=world.at, demand=DEMAND,
        due_on=(world.at + days * DAY).date(),
    )  # fmt: skip


def page(client: Client, **asked: Any) -> str:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return text_of(answer)


def paper(client: Client, ticket: Ticket, **asked: Any) -> str:
    answer = client.get(f"/t/{ticket.number}/supervision.pdf", asked)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    sheets = PdfReader(BytesIO(answer.content)).pages
    return "".join(sheet.extract_text() for sheet in sheets).replace("\n", "")


def told(world: World, ticket: Ticket, verb: str) -> set[int]:
    sweeps.run("announce", at=world.at + 3 * DAY)
    event = last(ticket, verb)
    return set(Notice.objects.filter(event_id=event.pk).values_list("person_id", flat=True))


# --- due


def test_an_answer_is_due_when_the_office_closes(world: World) -> None:
    supervised(world)
    due_at = clock.local(Supervision.objects.get().due_at)
    assert f"{due_at:%F %H:%M}" == "2026-11-24 17:30"


def test_the_afternoon_slot_is_the_one_that_counts(world: World) -> None:
    CalendarSlot.objects.filter(calendar__code="office", weekday=1).update(closes_min=720)
    CalendarSlot.objects.create(
        calendar=CalendarSlot.objects.filter(calendar__code="office")[0].calendar,
        weekday=1, opens_min=810, closes_min=1020,
    )  # fmt: skip
    supervised(world)
    assert f"{clock.local(Supervision.objects.get().due_at):%H:%M}" == "17:00"


def test_a_day_off_is_refused_with_the_next_working_day(world: World) -> None:
    with pytest.raises(Invalid, match=r"2026-11-28 不上班.*2026-11-30") as refused:
        supervised(world, days=5)
    assert refused.value.field == "due_on"
    assert not Supervision.objects.exists()


@pytest.mark.parametrize("days", [-1, 400])
def test_a_date_that_is_over_or_far_is_refused(world: World, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        supervised(world, days=days)
    assert refused.value.field == "due_on"


def test_an_office_that_never_opens_is_told(world: World) -> None:
    ticket = world.handled()
    CalendarSlot.objects.filter(calendar__code="office").delete()
    with pytest.raises(Invalid, match="机关日历没有工作日"):
        supervised(world, ticket)


def test_the_next_working_day_is_found_over_a_weekend(world: World) -> None:
    assert workdays.of_office(date(2026, 11, 27)) == date(2026, 11, 27)
    assert workdays.of_office(date(2026, 11, 28)) == date(2026, 11, 30)


# --- unanswered


def test_who_demanded_it_is_told_once_that_nobody_answered(world: World) -> None:
    ticket = supervised(world)
    assert sweeps.run("supervisions", at=world.at + DAY) == 0
    later = Supervision.objects.get().due_at
    assert [sweeps.run("supervisions", at=later) for _again in range(2)] == [1, 0]
    assert told(world, ticket, "remind") == {world.leader.pk, world.handler.pk}
    assert Supervision.objects.get().overdue_at == later
    all_is_well(later)


def test_what_was_answered_in_time_reminds_nobody(world: World) -> None:
    ticket = supervised(world)
    actions.answer_supervision(ticket, by=world.handler, at=world.at, text="已清完")
    assert sweeps.run("supervisions", at=world.at + 3 * DAY) == 0
    assert told(world, ticket, "answer_supervision") == {world.leader.pk}
    assert "overdue" not in last(ticket).data


def test_a_late_answer_is_told_as_late(world: World) -> None:
    ticket = supervised(world)
    actions.answer_supervision(ticket, by=world.handler, at=world.at + 2 * DAY, text="已清完")
    assert last(ticket).data["overdue"] is True
    told(world, ticket, "answer_supervision")
    assert "超期反馈" in text_of(entered(world.leader).get("/inbox/"))


# --- the list


def test_open_ones_stand_by_due_date(world: World) -> None:
    later, sooner = supervised(world, days=3), supervised(world, days=1)
    shown = page(entered(world.leader))
    assert shown.index(sooner.number) < shown.index(later.number)
    assert "三日内清完现场" in shown


@pytest.mark.parametrize(
    ("name", "sees"),
    [("leader", True), ("handler", True), ("head", True), ("desk", True), ("inspector", True),
     ("far_desk", False), ("fire_handler", False), ("far_office_handler", False)],
)  # fmt: skip
def test_those_of_the_place_and_the_unit_see_it(world: World, name: str, sees: bool) -> None:
    ticket = supervised(world)
    assert (ticket.number in page(entered(world.people[name]))) == sees


def test_what_was_lifted_has_a_list_of_its_own(world: World) -> None:
    ticket = supervised(world)
    actions.lift_supervision(ticket, by=world.leader, at=world.at)
    assert "没有未销号的督办" in page(entered(world.leader))
    assert ticket.number in page(entered(world.leader), tab="ended")


def test_bad_addresses_are_told(world: World) -> None:
    client = entered(world.leader)
    assert client.get(PAGE, {"tab": "x"}).status_code == 422
    assert client.get(PAGE, {"after": "x"}).status_code == 422
    ticket = supervised(world)
    assert client.get(f"/t/{ticket.number}/supervision.pdf", {"of": "x"}).status_code == 422
    assert client.get(f"/t/{ticket.number}/supervision.pdf", {"of": "7"}).status_code == 404


def test_the_list_costs_the_same_however_long(nine: World) -> None:
    client = entered(nine.leader)
    supervised(nine)
    before = statements(client, PAGE)
    for _more in range(3):
        supervised(nine)
    assert statements(client, PAGE) == before <= 9


# --- the paper


def test_the_paper_says_what_was_demanded_answered_and_lifted(world: World) -> None:
    ticket = supervised(world)
    actions.answer_supervision(
        ticket, by=world.handler, at=world.at + 2 * DAY, text="现场已清完 <b>&</b> 复查过"
    )
    actions.lift_supervision(ticket, by=world.leader, at=world.at + 2 * DAY, text="属实，销号")
    shown = paper(entered(world.leader), ticket)
    for part in (
        ticket.number, DEMAND, "2026-11-24 17:30", world.units["squad"].name, "已销号",
        "现场已清完 <b>&</b> 复查过", "超期反馈", "属实，销号", world.leader.name,
    ):  # fmt: skip
        assert part in shown


def test_a_long_demand_takes_more_sheets(world: World) -> None:
    ticket = actions.supervise(
        world.handled(), by=world.leader, at=world.at, demand="逐条整改。" * 390,
        due_on=(world.at + DAY).date(),
    )  # fmt: skip
    assert paper(entered(world.leader), ticket).count("逐条整改。") == 390


def test_the_paper_names_no_reporter_and_no_address(world: World) -> None:
    ticket = supervised(world, world.handled(text="住三楼的赵见诚投诉"))
    shown = paper(entered(world.leader), ticket)
    for word in ("赵见诚", "13900001234", "湖滨路", "住三楼"):
        assert word not in shown


def test_an_older_one_can_be_asked_for(world: World) -> None:
    ticket = supervised(world)
    first = Supervision.objects.get()
    actions.lift_supervision(ticket, by=world.leader, at=world.at, text="先销")
    actions.supervise(
        ticket, by=world.leader, at=world.at, demand="再查", due_on=(world.at + DAY).date()
    )
    client = entered(world.leader)
    assert "再查" in paper(client, ticket)
    older = paper(client, ticket, of=str(first.pk))
    assert ("再查" in older, "先销" in older) == (False, True)


def test_without_one_there_is_no_paper(world: World) -> None:
    ticket = world.handled()
    answer = entered(world.leader).get(f"/t/{ticket.number}/supervision.pdf")
    assert answer.status_code == 404


def test_words_not_for_everybody_are_on_no_paper(world: World) -> None:
    ticket = supervised(world, world.accepted(category=world.categories["alone"]))
    client = entered(world.community_lead)
    assert "内容限定人员可见" in page(client)
    answer = client.get(f"/t/{ticket.number}/supervision.pdf")
    assert answer.status_code == 403
