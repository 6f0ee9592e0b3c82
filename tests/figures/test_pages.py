"""数据: who may see it, what it tells first, what it costs."""

from typing import Any

import pytest

from tests.exports.reading import csv_rows, export, xlsx_rows
from tests.figures.counting import page
from tests.figures.test_behind import BUSY, days, later
from tests.tickets.pages import entered, statements, text_of
from tests.world import World
from tickets.models import Export

__all__ = ["later"]
PAGES = ["/figures/", "/figures/late/", "/figures/repeat/", "/figures/behind/"]


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("who", ["leader", "shift_leader", "inspector", "auditor"])
def test_who_watches_gets_in(nine: World, who: str, where: str) -> None:
    assert page(nine, who, where).status_code == 200


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("who", ["desk", "head", "grid_worker", "resident"])
def test_nobody_else_does(nine: World, who: str, where: str) -> None:
    assert page(nine, who, where).status_code == 403


def test_the_way_there_is_shown_to_those_only(nine: World) -> None:
    assert 'href="/figures/"' in text_of(page(nine, "leader", "/"))
    assert 'href="/figures/"' not in text_of(page(nine, "desk", "/"))


def test_where_nothing_was_due_no_number_stands(nine: World) -> None:
    told = text_of(page(nine, "leader"))
    assert "这段时间到期的承诺都兑现了" in told
    assert "0%" not in told


@BUSY
def test_it_says_first_where_promises_broke(later: World) -> None:
    told = text_of(page(later, "district_leader", **days(later)))
    assert "断在这里" in told
    first = told.split("<ol><li>")[1].split("</li>")[0]
    assert all(part in first for part in ("squad", "按时办结率", ">2<"))


@BUSY
def test_a_wrong_filter_is_said_beside_what_is_usual(later: World) -> None:
    answer = page(later, "leader", since="2026-13-01")
    assert answer.status_code == 422
    assert "“自”要填日期" in text_of(answer)


@BUSY
def test_a_street_cannot_be_asked_for_by_another_streets_leader(later: World) -> None:
    other = later.places["other_street"].code
    assert page(later, "leader", street=other).status_code == 422
    assert page(later, "inspector", street=other).status_code == 200


@BUSY
@pytest.mark.parametrize("where", PAGES[:3])
def test_a_page_costs_the_same_however_much_there_is(later: World, where: str) -> None:
    client = entered(later.again("district_leader"))
    few = statements(client, where, since="2026-01-01", until="2026-01-02")
    many = statements(client, where, **days(later))
    assert few <= many <= 9


@BUSY
def test_figures_go_out_as_they_stand_on_the_page(later: World) -> None:
    rows = csv_rows(export(later, "district_leader", "figures", **days(later)))
    whole = rows[0]
    assert whole["分组"] == "全部"
    assert int(whole["按时接报率：总数"]) >= 6
    assert {"街道", "单位", "类别", "周", "上期"} <= {row["分组"] for row in rows}
    sheet = xlsx_rows(export(later, "district_leader", "figures", format="xlsx", **days(later)))
    assert sheet[1][3:5] == [float(whole["按时接报率：做到"]), int(whole["按时接报率：总数"])]


@BUSY
def test_the_rows_behind_go_out_too_and_that_is_kept(later: World) -> None:
    asked: dict[str, Any] = {**days(later), "m": "resolve", "part": "missed"}
    rows = csv_rows(export(later, "leader", "behind", **asked))
    assert {row["做到"] for row in rows} == {"否"}
    kept = Export.objects.get()
    assert (kept.what, kept.asked["m"], kept.rows) == ("BEHIND", "resolve", len(rows))


def test_figures_of_others_do_not_go_out(nine: World) -> None:
    assert export(nine, "desk", "figures").status_code == 403
