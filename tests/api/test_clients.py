"""Other systems hand in tickets: once per their number, in their codes (DESIGN §6)."""

import json
from typing import Any

import pytest
from django.conf import settings

from tests.api.asking import lasting
from tests.api.clients import CASE, case, connect
from tests.promises.proof import breaches
from tests.races import race
from tests.world import World
from tickets.models import Event, ExternalRef, FollowKey, Reporter, Ticket, Words
from tickets.words import WordsKind


def test_a_system_hands_in_a_residents_matter(world: World) -> None:
    answer = connect(world).hand_in()
    told = answer.json()["ticket"]
    assert (answer.status_code, told["state"], told["source"]) == (201, "REPORTED", "HOTLINE")
    assert told["external"] == [{"system": "12345 热线", "kind": "case", "id": "HL-2026-00017"}]
    assert (told["category"]["code"], told["origin"]) == ("0101", "RESIDENT")
    ticket = Ticket.objects.get()
    assert (ticket.reporter and ticket.reporter.name, ticket.is_on_behalf) == ("赵见诚", True)


def test_the_record_names_the_system_and_no_number(world: World) -> None:
    system = connect(world)
    system.hand_in()
    event = Event.objects.get()
    assert event.by == f"client:{system.client.pk}"
    assert set(event.data["external"]) == {"kind", "sha256"}
    assert event.data["born"]["client_id"] == system.client.pk
    assert breaches() == []


def test_the_same_number_again_is_the_first_ticket(world: World) -> None:
    system = connect(world)
    first, again = system.hand_in(), system.hand_in()
    assert (first.status_code, again.status_code) == (201, 200)
    assert lasting(first.json()["ticket"]) == lasting(again.json()["ticket"])
    assert (again.json()["follow_key"], Ticket.objects.count()) == (None, 1)


def test_the_same_number_with_another_matter_is_refused_with_the_first_ones_number(
    world: World,
) -> None:
    system = connect(world)
    number = system.hand_in().json()["ticket"]["number"]
    answer = system.hand_in(text="另一件事，井盖不见了")
    assert (answer.status_code, Ticket.objects.count()) == (422, 1)
    assert number in answer.json()["errors"]["external"][0]


def test_another_system_or_another_kind_may_use_the_number(world: World) -> None:
    system, other = connect(world), connect(world, "数字城管", source="CITY")
    answers = [
        system.hand_in(), other.hand_in(),
        system.hand_in(external={"id": CASE["external"]["id"], "kind": "callback"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [201] * 3
    assert Ticket.objects.count() == 3


def test_parallel_twins_are_one_ticket(committed_world: World) -> None:
    system = connect(committed_world)
    twins = [system.again() for _twin in range(4)]
    answers = race(*(lambda one=one: one.hand_in() for one in twins))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["ticket"]["number"] for answer in answers}) == 1
    left = [model.objects.count() for model in (Ticket, Event, ExternalRef, Reporter, FollowKey)]
    assert left == [1] * 5


def test_of_parallel_strangers_with_one_number_one_is_refused(committed_world: World) -> None:
    system = connect(committed_world)
    texts = ("楼下路灯坏了两盏", "路边井盖不见了")
    answers = race(*(lambda text=text: system.again().hand_in(text=text) for text in texts))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert Ticket.objects.count() == 1


def test_their_codes_become_ours(world: World) -> None:
    codes = {"category": "A01", "division": "D-HB", "nature": "3", "urgency": "9", "unit": "U7"}
    sent = case(external_codes=codes, category=None, nature=None, lat=None, lng=None, address=None)
    answer = connect(world).post("tickets/", sent)
    told = answer.json()["ticket"]
    assert (told["category"]["code"], told["nature"], told["urgency"]) == (
        "0101", "COMPLAINT", "HIGH",
    )  # fmt: skip
    assert told["division"]["code"] == "330102003000"
    assert "CG-003" in Words.objects.get(kind=WordsKind.NOTE).text


def test_what_is_null_is_not_said(world: World) -> None:
    sent = case(external={"id": "A1", "kind": None}) | {"external_codes": None, "building": None}
    answer = connect(world).post("tickets/", sent)
    assert answer.json()["ticket"]["external"][0]["kind"] == "case"


def test_an_unknown_code_is_refused_by_name_with_the_cure(world: World) -> None:
    answer = connect(world).hand_in(category=None, external_codes={"category": "A99"})
    sentence = answer.json()["errors"]["external_codes"][0]
    assert (answer.status_code, Ticket.objects.count()) == (422, 0)
    assert all(part in sentence for part in ("类别", "A99", "代码对照"))


def test_a_system_that_cannot_wait_has_its_unknown_code_told_to_the_desk(world: World) -> None:
    system = connect(world, takes_unknown_codes=True)
    answer = system.hand_in(category=None, external_codes={"category": "A99"})
    assert (answer.status_code, answer.json()["ticket"]["category"]) == (201, None)
    assert "A99" in Words.objects.get(kind=WordsKind.NOTE).text


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"external": None}, "external"), ({"external": {"id": ""}}, "external"),
    ({"external": {"id": "a b"}}, "external"), ({"external": {"id": 7}}, "external"),
    ({"external": {"id": "A1", "kind": "老式"}}, "external"),
    ({"external": {"id": "A1", "more": 1}}, "external"), ({"external": "{"}, "external"),
    ({"external": {"id": "A1", "kind": []}}, "external"),
    ({"external": {"id": "A1", "kind": ""}}, "external"), ({"external": []}, "external"),
    ({"external_codes": ["A01"]}, "external_codes"), ({"external_codes": []}, "external_codes"),
    ({"external_codes": ""}, "external_codes"), ({"external_codes": False}, "external_codes"),
    ({"external_codes": 0}, "external_codes"),
    ({"external_codes": {"unit": "\u202e"}}, "external_codes"),
    ({"external_codes": {"weather": "W1"}}, "external_codes"),
    ({"external_codes": {"category": "A01"}}, "external_codes"),  # and ours, too
    ({"external_codes": {"unit": 7}}, "external_codes"),
    ({"text": "\u202e"}, "text"), ({"name": "\u200b", "phone": None}, "name"),
    ({"lat": None}, "lat"), ({"lng": None}, "lng"),
    ({"text": ""}, "text"), ({"division": "330102999000"}, "division"),
    ({"source": "PAGE"}, "source"), ({"name": None, "phone": None}, "name"),
    ({"lat": None, "lng": None, "address": None}, "address"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field"), WRONG)
def test_what_is_wrong_is_named(world: World, changes: dict[str, Any], field: str) -> None:
    answer = connect(world).hand_in(**changes)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert (Ticket.objects.count(), ExternalRef.objects.count()) == (0, 0)


def test_what_devices_find_has_no_reporter(world: World) -> None:
    system = connect(world, "井盖感知", source="SENSOR", origin="MACHINE")
    answer = system.hand_in(name=None, phone=None, category="0103")
    told = answer.json()
    assert (answer.status_code, told["follow_key"]) == (201, None)
    assert (told["ticket"]["origin"], Ticket.objects.get().reporter) == ("MACHINE", None)


def test_the_example_of_the_documents_is_taken_up(world: World) -> None:
    text = (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")
    sent = json.loads(text.split("```json")[1].split("```")[0])
    assert connect(world).post("tickets/", sent).status_code == 201
