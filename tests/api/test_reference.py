"""Reference data, me, incidents."""

from typing import Any

import pytest

from common import law
from notices.incidents import raise_incident
from tests.api.asking import Program
from tests.world import World
from tickets.models import Category


@pytest.mark.parametrize("path", ["categories/", "divisions/", "units/"])
def test_what_has_not_changed_is_not_read_again(
    world: World, path: str, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.HUBIN_LAW_CACHE = True
    program = Program(world.desk)
    first = program.get(path)
    assert first.json()["results"]
    with django_assert_num_queries(2):  # session and person
        again = program.get(path, If_None_Match=first["ETag"])
    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-cache")


def test_a_changed_table_has_another_tag(
    world: World, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.HUBIN_LAW_CACHE = True
    program = Program(world.desk)
    tag = program.get("categories/")["ETag"]
    with django_capture_on_commit_callbacks(execute=True):
        Category.objects.filter(code="0102").update(name="建议")
        law.bump("chain")
    answer = program.get("categories/", If_None_Match=tag)
    assert "建议" in {row["name"] for row in answer.json()["results"]}


def test_a_category_names_its_parent_by_code(world: World) -> None:
    rows = {row["code"]: row for row in Program(world.desk).get("categories/").json()["results"]}
    assert (rows["01"]["parent"], rows["0101"]["parent"]) == (None, "01")


def test_a_unit_names_its_parent_by_code(world: World) -> None:
    rows = {row["code"]: row for row in Program(world.desk).get("units/").json()["results"]}
    assert (rows["CG-003"]["parent"], rows["CG"]["parent"]) == ("CG", None)


@pytest.mark.parametrize(
    ("who", "reports_as", "needs"),
    [
        ("desk", "behalf", {"name", "phone"}), ("grid_worker", "patrol", {"is_settled"}),
        ("resident", "own", {"is_anonymous"}), ("clerk", "staff", {"text"}),
    ],
)  # fmt: skip
def test_i_am_told_how_i_report(world: World, who: str, reports_as: str, needs: set[str]) -> None:
    me = Program(world.people[who]).get("me/").json()
    assert me["reports_as"] == reports_as
    assert needs <= {one["name"] for one in me["report_needs"]}


def test_i_am_told_my_posts_and_what_waits(world: World) -> None:
    world.handled()
    me = Program(world.handler).get("me/").json()
    assert (me["username"], me["turns"], me["approvals"]) == ("handler", "1", "0")
    assert [(one["kind"], one["unit"]["code"]) for one in me["posts"]] == [("HANDLER", "CG-003")]


@pytest.mark.parametrize("who", ["inspector", "leader", "admin"])
def test_incidents_are_shown_to_those_who_look_after_them(world: World, who: str) -> None:
    raise_incident("sweep", "route", detail="five failures", at=world.at)
    rows = Program(world.people[who]).get("incidents/").json()["results"]
    assert [(row["kind"], row["count"]) for row in rows] == [("sweep", 1)]


@pytest.mark.parametrize("who", ["desk", "handler", "auditor", "resident"])
def test_incidents_are_nobody_elses(world: World, who: str) -> None:
    assert Program(world.people[who]).get("incidents/").status_code == 403
