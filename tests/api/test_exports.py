"""Exports through the API: the filters of the lists, the scope, the schema."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from common import clock
from grids.models import Scope
from grids.tokens import make_token
from tests.api.asking import V1, Program
from tests.exports.reading import csv_rows, numbers, xlsx_rows
from tests.world import World
from tickets import actions
from tickets.models import Export

LISTS = ["tickets", "approvals", "assists", "me/inbox", "incidents"]


def test_the_filters_are_those_of_the_list(world: World) -> None:
    wanted = world.reported(category=world.categories["manhole"])
    world.reported()
    program = Program(world.desk)
    code = world.categories["manhole"].code
    rows = csv_rows(program.get("tickets/export/", {"category": code, "state": "REPORTED"}))
    assert numbers(rows) == [wanted.number]
    assert Export.objects.get().asked == {"category": code, "state": "REPORTED"}


def test_a_search_comes_best_first(world: World) -> None:
    world.reported(text="电梯停了，门口还有垃圾，" + "很久没有人来管。" * 9)
    strong = world.reported(text="电梯垃圾电梯垃圾")
    rows = csv_rows(Program(world.desk).get("tickets/export/", {"text": "电梯 垃圾"}))
    assert (len(rows), numbers(rows)[0]) == (2, strong.number)
    assert Export.objects.get().what == "SEARCH"


def test_all_of_it_at_once(world: World) -> None:
    made = [world.reported().number for _nth in range(30)]
    rows = xlsx_rows(Program(world.desk).get("tickets/export/", {"format": "xlsx"}))
    assert [row[0] for row in rows[1:]] == made


def test_helpers_come_with_their_unit(world: World) -> None:
    ticket = world.handled()
    unit = world.units["fire"]
    actions.enlist(ticket, by=world.handler, at=world.at, unit=unit, question="请看看")
    (row,) = csv_rows(Program(world.desk).get("assists/export/"))
    assert (row["工单"], row["协办单位"], row["状态"]) == (ticket.number, unit.name, "待反馈")


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_filter_is_refused(world: World, path: str) -> None:
    answer = Program(world.inspector).get(f"{path}/export/", {"limit": "5"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["limit"])


@pytest.mark.parametrize("path", LISTS)
def test_a_token_needs_the_scope(world: World, path: str) -> None:
    scopes = [scope for scope in Scope.values if scope != "exports:read"]
    assert asked_with(world, path, scopes).status_code == 403
    assert asked_with(world, path, ["exports:read"]).status_code == 200


def asked_with(world: World, path: str, scopes: list[str]) -> Any:
    token = make_token(world.inspector, f"t{len(scopes)}", scopes, at=clock.now())[1]
    headers = {"authorization": f"Bearer {token}"}
    return Program(None).client.get(f"{V1}{path}/export/", headers=headers)


def test_too_many_are_told_when_to_come_back(world: World, settings: Any) -> None:
    settings.HUBIN_EXPORTS_AN_HOUR = 1
    program = Program(world.desk)
    assert program.get("tickets/export/").status_code == 200
    refused = program.get("tickets/export/")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")


def test_the_schema_knows_both_kinds() -> None:
    schema: Any = SchemaGenerator().get_schema(public=True)
    told = schema["paths"]["/api/v1/tickets/export/"]["get"]
    kinds = told["responses"]["200"]["content"]
    assert list(kinds) == [
        "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]  # fmt: skip
    asked = {one["name"]: one["schema"] for one in told["parameters"]}
    assert asked["format"]["enum"] == ["csv", "xlsx"]
    assert not {"limit", "after", "before"} & set(asked)
