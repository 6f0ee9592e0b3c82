"""The schema: valid, complete, made without a table, and true of what is answered."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from openapi_schema_validator import OAS31Validator

from tests.api.asking import Program
from tests.world import World
from tickets import actions
from tickets.states import TRANSITIONS


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return found


def test_it_is_valid_and_nothing_is_warned_of() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_it_is_made_without_asking_a_table() -> None:
    def no_table(*args: Any) -> None:
        raise AssertionError("a table was asked")

    with connection.execute_wrapper(no_table):
        SchemaGenerator().get_schema(public=True)


def test_every_button_is_in_it(schema: dict[str, Any]) -> None:
    for move in TRANSITIONS:
        if move.button:
            assert f"/api/v1/tickets/{{number}}/{move.verb}/" in schema["paths"]


def test_every_operation_says_how_it_refuses(schema: dict[str, Any]) -> None:
    for path in schema["paths"].values():
        for operation in path.values():
            assert {"401", "403", "429", "503"} <= set(operation["responses"])
            problem = operation["responses"]["403"]["content"]["application/problem+json"]
            assert problem["schema"]["$ref"].endswith("/Problem")


def test_the_body_of_a_verb_is_that_of_its_form(schema: dict[str, Any]) -> None:
    operation = schema["paths"]["/api/v1/tickets/{number}/rate/"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["is_solved", "stars"]
    assert body["properties"]["stars"]["enum"] == [5, 4, 3, 2, 1]
    assert body["properties"]["comment"]["maxLength"] == 20_000
    assert {one["name"] for one in operation["parameters"]} == {
        "number", "If-Match", "Idempotency-Key",
    }  # fmt: skip


def test_what_comes_with_files_comes_as_a_form(schema: dict[str, Any]) -> None:
    paths = schema["paths"]
    arrive = paths["/api/v1/tickets/{number}/arrive/"]["post"]["requestBody"]["content"]
    resolve = paths["/api/v1/tickets/{number}/resolve/"]["post"]["requestBody"]["content"]
    assert list(arrive) == ["multipart/form-data"]
    assert set(resolve) == {"application/json", "multipart/form-data"}


def check(schema: dict[str, Any], path: str, answer: Any, method: str = "get") -> None:
    """What was answered is what the schema promises."""
    responses = schema["paths"][f"/api/v1/{path}"][method]["responses"]
    content = responses[str(answer.status_code)]["content"]
    known = {**content[answer["Content-Type"].split(";")[0]]["schema"]}
    known["components"] = schema["components"]
    OAS31Validator(known).validate(answer.json())


@pytest.mark.parametrize("who", ["desk", "handler", "head", "shift_leader", "inspector", "leader"])
def test_the_answers_are_as_promised(schema: dict[str, Any], world: World, who: str) -> None:
    ticket = world.handled()
    unit = world.units["fire"]
    actions.enlist(ticket, by=world.handler, at=world.at, unit=unit, question="看看")
    actions.extend(ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等")
    actions.supervise(
        ticket, by=world.leader, at=world.at, demand="说明", due_on=world.at.date().replace(day=25)
    )
    program = Program(world.people[who])
    for path in (
        "tickets/", "approvals/", "assists/", "categories/", "divisions/", "units/", "me/",
        "me/turns/", "incidents/",
    ):  # fmt: skip
        check(schema, path, program.get(path))
    for rest in ("", "events/", "attachments/"):
        answer = program.get(f"tickets/{ticket.number}/{rest}")
        check(schema, f"tickets/{{number}}/{rest}", answer)


@pytest.mark.parametrize(
    ("body", "tag"), [({"text": "到了"}, '"4"'), ({}, '"4"'), ({}, '"1"'), ({}, "")]
)
def test_what_a_verb_answers_is_as_promised(
    schema: dict[str, Any], world: World, body: dict[str, Any], tag: str
) -> None:
    ticket = world.handled()
    answer = Program(world.handler).post(f"tickets/{ticket.number}/note/", body, If_Match=tag)
    check(schema, "tickets/{number}/note/", answer, "post")


@pytest.mark.django_db
def test_it_is_handed_out_as_yaml_and_as_json_and_once() -> None:
    client = Client()
    yaml, json = client.get("/api/schema/"), client.get("/api/schema/?format=json")
    assert (yaml.content[:8], json.json()["openapi"][:3]) == (b"openapi:", "3.1")
    again = client.get("/api/schema/", headers={"if-none-match": yaml["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_it_is_english_for_who_reads_english() -> None:
    told = Client().get("/api/schema/?format=json", headers={"accept-language": "en"}).json()
    summary = told["paths"]["/api/v1/tickets/{number}/claim/"]["post"]["summary"]
    assert summary.isascii()
