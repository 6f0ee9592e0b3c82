"""What another system sees: what it handed in, by its own numbers, and nobody's contact."""

from typing import Any

import pytest

from tests.api.asking import Program
from tests.api.clients import System, case, connect
from tests.files import photo, upload
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Client, ClientToken, Ticket

NUMBER = "HL-2026-00017"
PEOPLES = ("me/", "me/turns/", "me/inbox/", "approvals/", "assists/", "incidents/")


def handed_in(system: System, **changes: Any) -> Ticket:
    """The ticket of the case."""
    return Ticket.objects.get(number=system.hand_in(**changes).json()["ticket"]["number"])


def test_it_lists_what_it_handed_in(world: World) -> None:
    system, other = connect(world), connect(world, "数字城管", source="CITY")
    world.reported()
    mine = handed_in(system)
    assert [row["number"] for row in system.get("tickets/").json()["results"]] == [mine.number]
    assert other.get("tickets/").json()["results"] == []
    assert other.get(f"tickets/{mine.number}/").status_code == 404


def test_it_finds_its_ticket_by_its_own_number(world: World) -> None:
    system, other = connect(world), connect(world, "数字城管", source="CITY")
    mine = handed_in(system)
    found = system.get(f"tickets/by-external/{NUMBER}/")
    assert (found.status_code, found.json()["number"]) == (200, mine.number)
    assert (
        system.get("tickets/", {"external": NUMBER}).json()["results"][0]["number"] == mine.number
    )
    assert other.get(f"tickets/by-external/{NUMBER}/").status_code == 404
    assert other.get("tickets/", {"external": NUMBER}).json()["results"] == []


def test_the_desk_finds_it_by_their_number(world: World) -> None:
    mine = handed_in(connect(world))
    desk, stranger = Program(world.desk), Program(world.far_desk)
    assert desk.get(f"tickets/by-external/{NUMBER}/").json()["number"] == mine.number
    assert desk.get("tickets/", {"external": NUMBER}).json()["results"][0]["external"] == [
        {"system": "12345 热线", "kind": "case", "id": NUMBER}
    ]
    assert stranger.get(f"tickets/by-external/{NUMBER}/").status_code == 404


def test_a_number_of_two_systems_names_both_tickets_to_the_desk(world: World) -> None:
    numbers = {handed_in(connect(world, name)).number for name in ("12345 热线", "数字城管")}
    answer = Program(world.desk).get(f"tickets/by-external/{NUMBER}/")
    assert answer.status_code == 409
    assert all(number in answer.json()["detail"] for number in numbers)


def test_of_two_kinds_one_can_be_asked_for(world: World) -> None:
    system = connect(world)
    handed_in(system)
    other = handed_in(system, external={"id": NUMBER, "kind": "callback"})
    path = f"tickets/by-external/{NUMBER}/"
    assert system.get(path).status_code == 409
    assert system.get(path, {"kind": "callback"}).json()["number"] == other.number


def test_nobodys_contact_is_told(world: World) -> None:
    system = connect(world)
    number = handed_in(system).number
    for path in ("", "events/"):
        told = system.get(f"tickets/{number}/{path}").text
        assert ("赵见诚" in told, "13900001234" in told) == (False, False)
    assert system.get(f"tickets/{number}/").json()["reporter"] is None


def test_it_reads_the_answer_and_nothing_internal(world: World) -> None:
    system = connect(world)
    ticket = world.replied(by=system.client)
    Ticket.objects.get(pk=ticket.pk)
    told = system.get(f"tickets/{ticket.number}/events/")
    assert ANSWER in told.text
    assert all(word not in told.text for word in ("已清运", world.handler.name))


def test_what_a_resident_adds_is_not_its_business(world: World) -> None:
    system = connect(world)
    ticket, token = world.reported_with_key(by=system.client)
    actions.inform(ticket, by=world.key_of(token), at=world.at, text="门牌是三单元")
    assert "门牌是三单元" not in system.get(f"tickets/{ticket.number}/events/").text


def test_of_where_its_ticket_was_merged_into_it_reads_the_answer(world: World) -> None:
    system = connect(world)
    lead, mine = world.handled(text="别人的原话"), world.reported(by=system.client)
    actions.merge(mine, by=world.desk, at=world.at, target=lead)
    told = system.get(f"tickets/{mine.number}/").json()
    assert (told["state"], told["merged_into"]) == ("MERGED", lead.number)
    seen = system.get(f"tickets/{lead.number}/")
    assert (seen.status_code, seen.json()["text"], seen.json()["external"]) == (200, None, [])
    assert "别人的原话" not in seen.text
    assert [row["number"] for row in system.get("tickets/").json()["results"]] == []
    answer = system.post(f"tickets/{lead.number}/withdraw/", {"text": "不用了"})
    assert answer.status_code in (403, 409)


def test_what_was_split_off_is_handed_in_by_it_too(world: World) -> None:
    system = connect(world)
    ticket = world.reported(by=system.client)
    part = actions.split(ticket, by=world.desk, at=world.at, text="另外还有井盖松动")
    assert system.get(f"tickets/{part.number}/").status_code == 200


def test_it_adds_urges_and_withdraws_without_a_version(world: World) -> None:
    system = connect(world)
    ticket = handed_in(system)
    told = system.get(f"tickets/{ticket.number}/").json()["allowed_actions"]
    assert {one["verb"] for one in told} == {"attach", "inform", "urge", "withdraw"}
    for verb in ("inform", "urge", "withdraw"):
        answer = system.post(f"tickets/{ticket.number}/{verb}/", {"text": "市民再次来电"})
        assert (verb, answer.status_code) == (verb, 200)
    ticket.refresh_from_db()
    assert ticket.state == "WITHDRAWN"


def test_the_desk_reads_a_code_that_means_nothing_here(world: World) -> None:
    system = connect(world, takes_unknown_codes=True)
    ticket = handed_in(system, category=None, external_codes={"category": "A99"})
    first = Program(world.desk).get(f"tickets/{ticket.number}/events/").json()["results"][0]
    assert "A99" in first["words"][0]["text"]
    assert "A99" not in system.get(f"tickets/{ticket.number}/events/").text


def test_staff_read_who_said_it(world: World) -> None:
    system = connect(world)
    ticket = handed_in(system)
    system.post(f"tickets/{ticket.number}/inform/", {"text": "市民再次来电"})
    lines = Program(world.desk).get(f"tickets/{ticket.number}/events/").json()["results"]
    assert [line["who"] for line in lines] == ["12345 热线"] * 2


@pytest.mark.parametrize("path", PEOPLES)
def test_what_is_for_people_is_closed(world: World, path: str) -> None:
    answer = connect(world).get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")


@pytest.mark.parametrize("path", ["categories/", "divisions/", "units/"])
def test_it_reads_the_codes(world: World, path: str) -> None:
    assert connect(world).get(path).status_code == 200


@pytest.mark.parametrize("name", ["text", "mine", "my_turn"])
def test_filters_for_people_are_unknown_to_it(world: World, name: str) -> None:
    answer = connect(world).get("tickets/", {name: "true"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])


@pytest.mark.parametrize("end", ["is_active", "revoked_at", "expires_at"])
def test_a_token_that_ended_opens_nothing(world: World, end: str) -> None:
    system = connect(world)
    if end == "is_active":
        Client.objects.update(is_active=False)
    else:
        ClientToken.objects.update(**{end: world.at})
    assert system.get("tickets/").status_code == 401


def test_its_photo_comes_with_the_matter_and_is_seen_again(world: World) -> None:
    system, content = connect(world), photo()
    sent = {name: str(value) for name, value in case(external=NUMBER).items()}
    headers = {"authorization": f"Bearer {system.token}"}
    answers = [
        system.browser.post(
            "/api/v1/tickets/", sent | {"near_photos": upload(content)}, headers=headers
        )
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    number = answers[0].json()["ticket"]["number"]
    rows = system.get(f"tickets/{number}/attachments/").json()["results"]
    assert len(rows) == 1
    assert system.browser.get(rows[0]["href"], headers=headers).status_code == 200
