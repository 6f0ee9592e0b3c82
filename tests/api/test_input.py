"""Whatever is sent, the answer is a sentence and never a crash."""

from typing import Any

import pytest

from tests.api.asking import TAKES_DOWN, V1, Program
from tests.files import upload
from tests.world import World
from tickets.models import Ticket

BODIES: list[tuple[Any, int]] = [
    (b"{", 400), (b"[]", 400), (b'"text"', 400), (b"1", 400), (b"null", 422), (b"", 422),
    (b'{"text": NaN}', 400), (b'{"text": Infinity}', 400), (b'{"lat": 1e999}', 400),
    (b'{"text": "a\\u0000b"}', 400), (b'{"text": "\\ud800"}', 400), (b'{"a\\u0000": 1}', 400),
    (b'{"text": "\xff\xfe"}', 400), (b"[" * 100_000, 400), (b'{"a":' * 40 + b"1" + b"}" * 40, 400),
    (b'{"text": "' + b"x" * 3_000_000 + b'"}', 413), (b'{"text": 1' + b"0" * 5000 + b"}", 400),
    (b'{"text": {"deep": []}}', 422), (b'{"text": ["x"]}', 422), (b'{"text": true}', 422),
    (b'{"nothing": 1}', 422),
]  # fmt: skip
WRONG: list[tuple[str, Any]] = [
    ("text", 5), ("text", ""), ("category", "9999"), ("category", 101), ("nature", "RUDE"),
    ("urgency", []), ("lat", "north"), ("lat", 91), ("lat", True), ("lng", 10**400),
    ("building", "no such"), ("phone", "abc"), ("is_anonymous", "yes"), ("is_anonymous", 1),
    ("source", "SENSOR"), ("name", "x" * 41), ("key", "anything-at-all"), ("address", "x" * 201),
]  # fmt: skip
QUERIES = [
    "state=NOPE", "category=9999", "division=1", "unit=nowhere", "since=yesterday", "limit=0",
    "limit=101", "limit=x", "after=x", "after=1-", "after=9999999999999999999-1", "before=-",
    "light=blue", "mine=maybe", "nothing=1", "status=all",
    "ended_since=2026-01-01", "my_turn=true&status=ended", "text=x", "text=灯光&before=1",
    "text=灯光&after=-1", "q=x", "since=0001-01-01", "text=" + "长" * 201,
]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_a_broken_body_is_refused(world: World, body: bytes, status: int) -> None:
    answer = Program(world.desk).post("tickets/", body)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_at_its_field(world: World, name: str, value: Any) -> None:
    answer = Program(world.desk).post("tickets/", {**TAKES_DOWN, name: value})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("query", QUERIES)
def test_a_wrong_filter_is_refused_at_its_name(world: World, query: str) -> None:
    answer = Program(world.desk).get(f"tickets/?{query}")
    names = {part.split("=")[0] for part in query.split("&")}
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) & (names | {"status"})


@pytest.mark.parametrize(
    "number", ["1", "%00", "330102-20261123-99999999", "x" * 300, "330102-20261123-00001'"]
)
def test_a_wrong_number_is_not_there(world: World, number: str) -> None:
    program = Program(world.desk)
    for path in (f"tickets/{number}/", f"tickets/{number}/events/"):
        assert program.get(path).status_code == 404
    assert program.post(f"tickets/{number}/note/", {"text": "x"}).status_code == 404


def test_a_nul_in_the_address_is_a_problem(world: World) -> None:
    answer = Program(world.desk).get("tickets/?text=%00")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "9223372036854775807"])
def test_a_wrong_id_is_not_there(world: World, pk: str) -> None:
    program = Program(world.shift_leader)
    for path in (f"approvals/{pk}/grant/", f"assists/{pk}/answer/"):
        assert program.post(path, {}, If_Match='"1"').status_code == 404


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("extend", {"days": "two"}), ("extend", {"days": 2.5}), ("extend", {"days": 10**30}),
        ("hand_over", {"handler": 10**30}), ("hand_over", {"handler": "nobody"}),
        ("hand_over", {"handler": []}), ("enlist", {"unit": 5}), ("suspend", {"resume_on": 5}),
        ("suspend", {"resume_on": "2026-13-01"}), ("arrive", {"position": {"lat": 1}}),
        ("arrive", {"position": {"lat": 10**400, "lng": 0}}), ("arrive", {"position": [1, 2]}),
        ("contact", {"is_reached": "yes"}), ("resolve", {"result": "FINE"}),
    ],
)  # fmt: skip
def test_a_wrong_need_is_refused_at_its_name(world: World, verb: str, body: dict[str, Any]) -> None:
    ticket = world.handled()
    answer = Program(world.handler).do(ticket.number, verb, body)
    assert (answer.status_code, set(body) <= set(answer.json()["errors"])) == (422, True)


@pytest.mark.parametrize("tag", ["*", "", " "])
def test_any_version_is_no_version(world: World, tag: str) -> None:
    ticket = world.handled()
    path = f"tickets/{ticket.number}/note/"
    answer = Program(world.handler).post(path, {"text": "x"}, If_Match=tag)
    assert answer.status_code == 428


@pytest.mark.parametrize(
    ("tag", "status"),
    [('"4"', 200), ('W/"4-0a"', 200), ("4", 200), ('"3", "4"', 200), ("abc", 412), ('"44"', 412)],
)
def test_a_version_is_read_however_it_is_written(world: World, tag: str, status: int) -> None:
    ticket = world.handled()
    assert ticket.version == 4
    path = f"tickets/{ticket.number}/note/"
    answer = Program(world.handler).post(path, {"text": "x"}, If_Match=tag)
    assert answer.status_code == status


@pytest.mark.parametrize("key", ["short", "x" * 65, "white space", "钥匙钥匙钥匙钥匙"])
def test_a_wrong_key_is_refused(world: World, key: str) -> None:
    client = Program(world.desk).client
    answer = client.post(
        V1 + "tickets/", TAKES_DOWN, content_type="application/json",
        headers={"idempotency-key": key},
    )  # fmt: skip
    assert answer.status_code == 400


def test_more_files_than_any_request_may_have_are_too_much(world: World) -> None:
    ticket = world.handled()
    answer = Program(world.handler).client.post(
        f"{V1}tickets/{ticket.number}/attachments/", {"files": [upload(b"x")] * 201},
        headers={"if-match": '"4"'},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["detail"][:4]) == (413, "内容太大")
