"""日报、周报、月报: of which days, compared with what, and what is kept of a month."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from tests.api.asking import Program
from tests.exports.reading import csv_rows, export
from tests.figures.counting import DAY, LATER, page
from tests.figures.test_behind import BUSY, later
from tests.tickets.pages import entered, move_clock, statements, text_of
from tests.world import World
from tickets import actions, sweeps
from tickets.figures import months, reports
from tickets.figures.facts import Measure
from tickets.figures.periods import Kind, Period, latest, of
from tickets.figures.scope import Scope
from tickets.models import FigureRule, MonthFigure, Ticket

__all__ = ["later"]
WHERE = "/figures/report/"
NOVEMBER = {"kind": "month", "on": "2026-11-15"}
MONTH = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("kind", "day", "days", "before", "year"),
    [
        (Kind.DAY, "2026-03-01", "2026-03-01 2026-03-01", "2026-02-28", "2025-03-01"),
        (Kind.DAY, "2028-02-29", "2028-02-29 2028-02-29", "2028-02-28", None),
        (Kind.WEEK, "2027-01-01", "2026-12-28 2027-01-03", "2026-12-21", "2025-12-29"),
        (Kind.MONTH, "2027-01-31", "2027-01-01 2027-01-31", "2026-12-01", "2026-01-01"),
        (Kind.MONTH, "2028-02-10", "2028-02-01 2028-02-29", "2028-01-01", "2027-02-01"),
    ],
)
def test_a_period_and_its_neighbours(
    kind: Kind, day: str, days: str, before: str, year: str | None
) -> None:
    one = of(kind, date.fromisoformat(day))
    assert f"{one.first} {one.last}" == days
    assert (str(one.before.first), one.next.before) == (before, one)
    assert (str(one.last_year.first) if one.last_year else None) == year


def test_the_latest_one_is_over() -> None:
    assert latest(Kind.WEEK, date(2026, 11, 22)) == Period(Kind.WEEK, date(2026, 11, 9))


def made(world: World, who: str = "district_leader", **more: Any) -> reports.Report:
    at = world.at + LATER
    asked = Scope(world.again(who), at, MONTH, MONTH, **more)
    return reports.report(asked, Period(Kind.MONTH, MONTH))


@BUSY
def test_last_year_is_nothing_where_there_is_none(later: World) -> None:
    (accept, *_rest) = made(later).lines
    assert accept.now.rate.due > 0
    assert accept.last_year is not None
    assert (accept.last_year.percent, accept.before.percent, accept.now.change) == ("—", "—", None)


@BUSY
def test_the_month_before_is_the_whole_of_it(later: World) -> None:
    december = Period(Kind.MONTH, date(2026, 12, 1))
    (accept, *_rest) = reports.report(_asked(later), december).lines
    assert accept.before.rate == made(later).lines[0].now.rate
    assert "since=2026-11-01&until=2026-11-30" in accept.before.due_url


@BUSY
def test_reports_about_staff_are_in_no_report(later: World) -> None:
    before = made(later).found.now[Measure.ACCEPT].due
    Ticket.objects.filter(pk=Ticket.objects.first().pk).update(about_person=later.handler)  # type: ignore[union-attr]
    assert made(later).found.now[Measure.ACCEPT].due == before - 1


@BUSY
def test_what_is_kept_stays_and_what_changed_is_beside(later: World) -> None:
    ticket = later.replied()
    assert months.freeze(MONTH, at=later.at + 20 * DAY) == 3
    assert not any(line.has_moved for line in made(later).lines)
    actions.rate(ticket, by=later.shift_leader, at=later.at, stars=1, is_solved=False)
    lines = {line.now.measure: line for line in made(later).lines}
    solved = lines[Measure.SOLVED]
    assert solved.kept is not None
    assert (solved.has_moved, solved.kept.rate.due + 1) == (True, solved.now.rate.due)
    told = text_of(page(later, "district_leader", WHERE, **NOVEMBER))
    assert [w for w in ("封存于", "没有变", solved.kept.percent) if w not in told] == []


@BUSY
@pytest.mark.parametrize("name", ["unit", "category"])
def test_a_part_of_what_was_kept_is_that_part_of_the_month(later: World, name: str) -> None:
    months.freeze(MONTH, at=later.at + 20 * DAY)
    whole = months.frozen(reports.scope_of(_asked(later), Period(Kind.MONTH, MONTH)))
    row = later.units["squad"] if name == "unit" else later.categories["litter"]
    chosen: dict[str, Any] = {name: frozenset({row.pk})}
    part = made(later, **chosen)
    assert part.kept is not None
    assert whole is not None
    assert part.kept.cells.keys() == part.found.now.keys()
    assert not any(line.has_moved for line in part.lines)
    assert part.kept.cells[Measure.CLAIM].due <= whole.cells[Measure.CLAIM].due


def _asked(world: World, who: str = "district_leader") -> Scope:
    return Scope(world.again(who), world.at + LATER, MONTH, MONTH)


@BUSY
def test_a_street_has_its_own(later: World) -> None:
    months.freeze(MONTH, at=later.at + 20 * DAY)
    own, all_of_it = made(later, "leader"), made(later)
    assert own.kept is not None
    assert all_of_it.kept is not None
    assert own.kept.cells[Measure.ACCEPT].due < all_of_it.kept.cells[Measure.ACCEPT].due
    assert not any(line.has_moved for line in own.lines)


@BUSY
def test_it_is_made_once_and_in_time(later: World) -> None:
    due = months.freezes_at(MONTH)
    assert due.isoformat() == "2026-12-03T02:00:00+08:00"
    done = [sweeps.run("months", at=due + minutes) for minutes in (-DAY / 24, DAY / 24, DAY)]
    assert done == [0, 3, 0]
    assert {row.month for row in MonthFigure.objects.all()} == {MONTH}
    months_later = due + timedelta(days=95)
    assert sweeps.run("months", at=months_later) == 9


@BUSY
def test_streets_of_that_month_are_kept_whenever_it_is_made(later: World) -> None:
    street = later.places["other_street"]
    street.valid_to = MONTH + timedelta(days=35)
    street.save()
    assert months.freeze(MONTH, at=later.at + 60 * DAY) == 3
    assert MonthFigure.objects.filter(division=street).exists()


@BUSY
def test_no_rule_makes_it_wait_for_ever(later: World) -> None:
    FigureRule.objects.update_or_create(code="freeze_workday", defaults={"value": 999_999})
    assert months.freezes_at(MONTH) < later.at + 60 * DAY


@BUSY
def test_a_changed_row_is_found(later: World) -> None:
    call_command("freeze_month", "2026-11", stdout=StringIO())
    call_command("freeze_month", "2026-11", "--check", stdout=StringIO())
    row = MonthFigure.objects.get(division=later.places["street"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE tickets_monthfigure DISABLE TRIGGER USER")
        cursor.execute("UPDATE tickets_monthfigure SET made_at = now() WHERE id = %s", [row.pk])
    with pytest.raises(CommandError, match=row.division.code):
        call_command("freeze_month", "2026-11", "--check")
    assert "与摘要不符" in text_of(page(later, "leader", WHERE, **NOVEMBER))


@BUSY
def test_not_even_the_owner_changes_it(later: World) -> None:
    months.freeze(MONTH, at=later.at + 20 * DAY)
    with pytest.raises(ProgrammingError, match="Cannot delete or update"):
        MonthFigure.objects.update(figures={})


def test_a_month_that_is_not_over_is_not_kept(nine: World) -> None:
    with pytest.raises(CommandError, match="还没有结束"):
        call_command("freeze_month", "2026-11")


@BUSY
def test_every_number_leads_to_its_rows(later: World) -> None:
    client = entered(later.again("district_leader"))
    for line in made(later).lines[:4]:
        listed = text_of(client.get(line.now.missed_url)).count('class="board-link"')
        assert listed == line.now.rate.missed


@BUSY
@pytest.mark.parametrize("kind", ["day", "week", "month"])
def test_it_costs_the_same_however_much_there_is(later: World, kind: str) -> None:
    client = entered(later.again("district_leader"))
    few = statements(client, WHERE, kind=kind, on="2026-01-15")
    many = statements(client, WHERE, kind=kind, on="2026-11-23")
    assert few == many <= 12


@BUSY
def test_it_goes_out_as_it_stands_on_the_page(later: World) -> None:
    months.freeze(MONTH, at=later.at + 20 * DAY)
    unit = later.units["squad"]
    unit.name = "=1+1"
    unit.save()
    asked = {**NOVEMBER, "unit": unit.code}
    rows = csv_rows(export(later, "district_leader", "report", **asked))
    assert [row["分组"] for row in rows[:4]] == ["本期", "封存的数", "上期", "去年同期"]
    assert rows[0]["按时签收率：总数"] == rows[1]["按时签收率：总数"]
    assert {row["名称"] for row in rows if row["分组"] == "单位"} == {"'=1+1"}
    assert export(later, "desk", "report").status_code == 403


@BUSY
def test_programs_are_told_the_same(later: World) -> None:
    months.freeze(MONTH, at=later.at + 20 * DAY)
    program = Program(later.again("district_leader"))
    told = program.get("figures/report/", NOVEMBER).json()
    rates = {one["measure"]: one for one in told["now"]["rates"]}
    mine = made(later).found.now[Measure.RESOLVE]
    assert (rates["resolve"]["met"], rates["resolve"]["due"]) == (mine.met, mine.due)
    assert told["kept"]["rates"] == told["now"]["rates"]
    assert told["last_year"]["rates"][0]["value"] is None
    span = {"since": "2026-11-01", "until": "2026-11-30"}
    now = program.get("figures/", span).json()
    assert {one["code"] for one in now["units"]} >= {later.units["squad"].code}
    behind = program.get("figures/behind/", {**span, "m": "resolve", "limit": "100"}).json()
    assert len(behind["results"]) == mine.due


@pytest.mark.parametrize(
    "asked", [{"kind": "year"}, {"on": "2026-13-01"}, {"street": "1"}], ids=str
)
def test_a_bad_address_is_a_sentence(nine: World, asked: dict[str, str]) -> None:
    assert page(nine, "leader", WHERE, **asked).status_code == 422
    assert Program(nine.again("leader")).get("figures/report/", asked).status_code == 422


def test_before_anything_happened_there_is_a_report(
    nine: World, settings: Any, tmp_path: Any
) -> None:
    move_clock(settings, tmp_path, nine.at)
    assert "月报 2026-10" in text_of(page(nine, "leader", WHERE))
