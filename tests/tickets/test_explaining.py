"""Why a date is what it is: the sentences and the arithmetic say the same."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grids.calendars import touched
from grids.models import CalendarDay, CalendarYear, WorkCalendar
from tests.tickets.steps import DAY, HOUR, clock, grant, rework
from tests.world import World
from tickets import actions, dossier, explaining, lights
from tickets.models import Ticket
from tickets.words import Promise

P = Promise


def told(ticket: Ticket, promise: Promise, at: datetime) -> list[str]:
    """The sentences of the latest clock of that promise."""
    found = [one for one in dossier.deadlines(ticket, inside=True) if one.clock.promise == promise]
    return explaining.explain(found[-1].clock, found[-1].pauses, at=at)


def holiday(world: World, *days: date) -> None:
    WorkCalendar.objects.filter(code="street7").update(observes_holidays=True)
    for one in days:
        year, _made = CalendarYear.objects.get_or_create(year=one.year, status="OFFICIAL")
        CalendarDay.objects.create(year=year, date=one, kind="OFF", name="国庆节")
    touched(holidays=True)


def test_it_begins_with_the_limit_and_its_start(world: World) -> None:
    first = told(world.handled(), P.RESOLVE, world.at)[0]
    assert "办结：5 工作日（" in first
    assert "从 2026-11-23（周一） 09:00 起算" in first


def test_it_ends_with_the_date_that_stands(world: World) -> None:
    ticket = world.handled()
    due_at = clock(ticket, P.RESOLVE).due_at
    assert f"到期：{explaining.moment(due_at)}。" in told(ticket, P.RESOLVE, world.at)


def test_neighbouring_days_off_are_one_span(world: World) -> None:
    holiday(world, date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 27))
    lines = told(world.handled(), P.RESOLVE, world.at)
    assert (
        "不计：国庆节 2026-11-24（周二） – 2026-11-25（周三），国庆节 2026-11-27（周五）。" in lines
    )


def test_a_pause_is_told_with_both_ends(world: World) -> None:
    ticket = world.resolved()
    rework(world, ticket, at=world.at + HOUR)
    lines = told(ticket, P.RESOLVE, world.at + HOUR)
    assert "暂停：2026-11-23（周一） 09:00 至 2026-11-23（周一） 10:00 不计。" in lines


def test_what_stands_still_is_told_so(world: World) -> None:
    lines = told(world.resolved(), P.RESOLVE, world.at + HOUR)
    assert any("仍未恢复" in line for line in lines)
    assert not any(line.startswith("到期") for line in lines)


def test_an_extension_is_told(world: World) -> None:
    ticket = world.handled()
    actions.extend(
        ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等材料到货"
    )
    grant(world, ticket)
    assert "批准延期 2 个工作日。" in told(ticket, P.RESOLVE, world.at)


def test_a_year_not_published_is_told(world: World) -> None:
    holiday(world, date(2026, 10, 1))
    at = datetime(2026, 12, 30, 1, tzinfo=UTC)
    world.at = at
    ticket = world.handled()
    assert any("临时" in line for line in told(ticket, P.RESOLVE, at))
    light = lights.of_ticket(Ticket.objects.get(pk=ticket.pk), at=at)
    assert light is not None
    assert light.text.endswith("（临时）")


def test_the_whole_way_names_its_parts(world: World) -> None:
    first = told(world.reported(), P.TOTAL, world.at)[0]
    assert first.count(" + ") == 5


@pytest.mark.parametrize("stage", ["reported", "accepted", "dispatched", "handled", "verified"])
def test_no_word_of_a_ticket_is_in_it(world: World, stage: str) -> None:
    ticket = getattr(world, stage)()
    for one in dossier.deadlines(ticket, inside=True):
        assert "垃圾" not in "".join(explaining.explain(one.clock, one.pauses, at=world.at))


def test_the_command_explains_every_limit(world: World) -> None:
    out = StringIO()
    call_command("explain_deadline", world.handled().number, stdout=out)
    assert "办结：" in out.getvalue()
    assert "全程：" in out.getvalue()


@pytest.mark.parametrize(
    ("given", "cure"), [(["330102-20261123-99999"], "核对编号"), (None, "没有 RATE 的时限")]
)
def test_the_command_refuses_with_a_sentence(world: World, given: Any, cure: str) -> None:
    words = given or [world.handled().number, "--promise", "RATE"]
    with pytest.raises(CommandError, match=cure):
        call_command("explain_deadline", *words)


# --- lights


@pytest.mark.parametrize(("share", "colour"), [("0.79", "green"), ("0.81", "yellow"), ("1", "red")])
def test_it_turns_yellow_after_four_fifths_of_its_time(
    world: World, share: str, colour: str
) -> None:
    ticket = world.reported()
    length = clock(ticket, P.ACCEPT).due_at - world.at
    light = lights.of_ticket(ticket, at=world.at + length * float(Decimal(share)))
    assert light is not None
    assert light.colour == colour


def test_what_is_left_is_working_time(world: World) -> None:
    ticket = world.handled()
    evening = datetime(2026, 11, 23, 15, tzinfo=UTC)  # 23:00 in the district
    rest = lights.left(clock(ticket, P.RESOLVE).due_at, "street7", at=evening)
    morning = datetime(2026, 11, 23, 23, tzinfo=UTC)  # 07:00
    assert rest == lights.left(clock(ticket, P.RESOLVE).due_at, "street7", at=morning)
    assert lights.left(world.at - DAY, "street7", at=world.at) == 0 * DAY
