"""What was visited and what was missed, for whoever looks after those who walk."""

from datetime import date

import pytest
from django.contrib.admin.sites import site
from django.urls import reverse

from tests.exports.reading import csv_rows, export
from tests.tickets.pages import entered, statements, text_of
from tests.tickets.test_patrols import DAY, HERE, place, visited
from tests.world import World
from tickets import patrolled
from tickets.actions import Fix
from tickets.api import around
from tickets.models import Export, PatrolPoint
from tickets.words import Origin, Source

TODAY = date(2026, 11, 23)


def test_a_day_tells_what_was_visited_and_what_was_missed(nine: World) -> None:
    daily, other = place(nine), place(nine, "P2", "second_grid", valid_from=TODAY - DAY)
    place(nine, "P3", "other_grid")
    visited(nine, daily, nine.at - DAY)
    visited(nine, other, by=nine.community_lead)
    told = patrolled.told(nine.again("leader"), TODAY - DAY, at=nine.at)
    assert [(one.point.code, one.is_visited) for one in told.lines] == [("P2", False), ("P1", True)]
    shares = {day: (one.visited, one.due) for day, one in told.week.items()}
    assert shares[TODAY - 2 * DAY] == (0, 1)
    assert (shares[TODAY - DAY], shares[TODAY]) == ((1, 2), (1, 2))
    assert {grid.name: one.missed for grid, one in told.grids.items()} == {
        "grid": 0, "second_grid": 1,
    }  # fmt: skip


def test_a_visit_that_was_not_asked_for_is_shown_and_not_counted(nine: World) -> None:
    due, other = place(nine), place(nine, "P2", weekdays="0100000")
    visited(nine, other)
    told = patrolled.told(nine.again("leader"), TODAY, at=nine.at)
    assert (told.week[TODAY].visited, told.week[TODAY].due) == (0, 1)
    assert [(one.visited, one.due) for one in told.grids.values()] == [(0, 1)]
    assert [(one.point, len(one.visits)) for one in told.lines] == [(due, 0), (other, 1)]
    due.is_active = False
    due.save()
    assert other.name in text_of(entered(nine.community_lead).get(reverse("patrol")))


def test_the_page_names_visits_marks_and_findings(nine: World) -> None:
    point = place(nine)
    given = {"origin": Origin.PATROL, "source": Source.GRID_APP}
    ticket = nine.reported(by=nine.grid_worker, **given)
    visited(nine, point, fix=Fix(30.25, 120.155, 10), ticket=ticket)
    visited(nine, point, fix=Fix(HERE.lat, HERE.lng, 900))
    page = text_of(entered(nine.community_lead).get(reverse("patrol")))
    for words in ("偏远", "556 米", "位置不明", ticket.number, nine.grid_worker.name):
        assert words in page


def test_it_costs_the_same_however_many_and_is_of_one_week(nine: World) -> None:
    client, address = entered(nine.leader), reverse("patrol")
    visited(nine, place(nine))
    short = statements(client, address)
    for number in range(4):
        visited(nine, place(nine, f"Q{number}", "second_grid"), by=nine.community_lead)
    assert (statements(client, address), short <= 11) == (short, True)
    assert client.get(address, {"day": "2026-11-01"}).status_code == 422
    page = text_of(client.get(address, {"grid": nine.places["grid"].code}))
    assert ("点 P1" in page, "点 Q1" in page) == (True, False)


def test_what_may_still_be_visited_is_told_with_its_last_day(nine: World) -> None:
    weekly = place(nine, every_days=7, valid_from=TODAY - DAY)
    place(nine, "P2")
    lines = patrolled.told(nine.again("leader"), TODAY, at=nine.at).lines
    assert [(one.point.code, one.until) for one in lines] == [
        ("P2", TODAY),
        ("P1", TODAY + 5 * DAY),
    ]
    page = text_of(entered(nine.leader).get(reverse("patrol")))
    assert ("11-28" in page, "0/1" in page) == (True, True)
    visited(nine, weekly)
    told = patrolled.told(nine.again("leader"), TODAY, at=nine.at)
    assert (told.week[TODAY].visited, told.week[TODAY].due) == (1, 2)


def test_a_finding_tells_on_its_ticket_who_was_there(nine: World) -> None:
    given = {"origin": Origin.PATROL, "source": Source.GRID_APP}
    ticket = nine.reported(by=nine.grid_worker, **given)
    visited(nine, place(nine), ticket=ticket)
    told = text_of(entered(nine.desk).get(f"/t/{ticket.number}/"))
    for words in ("到访打卡", "点 P1", nine.grid_worker.name, "定位 0 米", "±10 m"):
        assert words in " ".join(told.split())
    assert around.visits(ticket)[0]["way"] == "SPOT"
    assert "到访打卡" not in text_of(entered(nine.desk).get(f"/t/{nine.reported().number}/"))


def test_it_is_taken_along_as_it_is_filtered_and_on_record(nine: World) -> None:
    ticket = nine.reported(by=nine.grid_worker, origin=Origin.PATROL, source=Source.GRID_APP)
    visited(nine, place(nine), ticket=ticket)
    place(nine, "P2", "second_grid")
    first, second = csv_rows(export(nine, "leader", "patrol", day=f"{TODAY}"))
    assert (first["代码"], first["情况"], second["情况"]) == ("P2", "还没去", "去过")
    assert [second[name] for name in ("人员", "方式", "距离（米）", "偏远", "发现问题")] == [
        nine.grid_worker.name, "定位", "0", "否", ticket.number,
    ]  # fmt: skip
    grid = nine.places["grid"].code
    assert len(csv_rows(export(nine, "leader", "patrol", grid=grid))) == 1
    row = Export.objects.order_by("pk").last()
    assert row is not None
    assert (row.what, row.asked["grid"], row.rows) == ("PATROL", grid, 1)
    assert export(nine, "desk", "patrol").status_code == 403


@pytest.fixture
def office(nine: World) -> World:
    nine.admin.is_staff = nine.admin.is_superuser = True
    nine.admin.save()
    return nine


def test_plates_are_printed_and_renewed(office: World) -> None:
    point, client = place(office), entered(office.admin)
    assert PatrolPoint in site._registry
    address = reverse("admin:tickets_patrolpoint_changelist")
    chosen = {"_selected_action": point.pk}
    page = text_of(client.post(address, {"action": "print_plates", **chosen}))
    assert "data:image/svg+xml" in page
    client.post(address, {"action": "renew_marks", **chosen})
    before = point.mark
    point.refresh_from_db()
    assert point.mark != before
