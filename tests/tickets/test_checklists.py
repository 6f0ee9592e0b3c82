"""核对清单: what a category wants looked at before something counts as done."""

from typing import Any
from uuid import uuid4

import pytest

from common.errors import Invalid
from tests.api.asking import Program
from tests.files import photo, upload
from tests.promises.proof import all_is_well
from tests.tickets.english import english, left_on
from tests.tickets.pages import do, entered, text_of
from tests.tickets.steps import last
from tests.world import ANSWER, World
from tickets import actions, timeline
from tickets.models import ChecklistLine, Ticket
from tickets.states import State

PHOTOS = ("before_photos", "after_photos")
DONE = {"result": "DONE", "note": "已清运", "proposed_answer": ANSWER}


def asks(world: World, code: str = "gone", **given: Any) -> ChecklistLine:
    """The usual category asks it, at 办结 unless told otherwise."""
    values = {
        "category": world.categories["litter"], "verb": "resolve", "text": "垃圾已全部清走",
        "is_required": True,
    } | given  # fmt: skip
    return ChecklistLine.objects.create(code=code, **values)


def resolve(world: World, ticket: Ticket, **given: Any) -> Ticket:
    return actions.resolve(ticket, by=world.handler, at=world.at, **{**DONE, **given})


def test_answers_are_codes_on_the_record_and_words_in_the_timeline(nine: World) -> None:
    asks(nine), asks(nine, "told", is_required=False), asks(nine, "other", verb="verify")
    ticket = resolve(nine, nine.handled(), checks={"told": "NA", "gone": "YES"})
    assert last(ticket).data["checks"] == [["gone", "YES"], ["told", "NA"]]
    ChecklistLine.objects.filter(code="gone").update(is_active=False)
    told = [
        one
        for line in timeline.lines(ticket, nine.again("head"), at=nine.at)
        for one in line.details
    ]
    assert any("垃圾已全部清走：做到；" in one for one in told)
    all_is_well(nine.at)


def test_a_required_line_is_asked_for_by_its_text(nine: World) -> None:
    asks(nine)
    ticket, client = nine.handled(), entered(nine.handler)
    refused = do(client, ticket.number, "resolve", **DONE)
    assert refused.status_code == 422
    assert "请回答核对项“垃圾已全部清走”" in text_of(refused)
    with pytest.raises(Invalid, match="垃圾已全部清走"):
        resolve(nine, ticket)
    assert Ticket.objects.get(pk=ticket.pk).state == State.HANDLING
    assert do(client, ticket.number, "resolve", **DONE, check_gone="YES").status_code == 302


def test_a_no_says_why(nine: World) -> None:
    asks(nine, verb="verify")
    ticket = nine.resolved()
    with pytest.raises(Invalid, check=lambda refused: refused.field == "note_optional"):
        actions.verify(ticket, by=nine.grid_worker, at=nine.at, checks={"gone": "NO"})
    actions.verify(
        ticket, by=nine.grid_worker, at=nine.at, checks={"gone": "NO"}, note_optional="车挡住了"
    )
    assert ticket.events.get(verb="verify").data["checks"] == [["gone", "NO"]]


@pytest.mark.parametrize("checks", [{"gone": "MAYBE"}, {"never": "YES"}])
def test_what_is_no_answer_is_refused(nine: World, checks: dict[str, str]) -> None:
    asks(nine)
    with pytest.raises(Invalid):
        resolve(nine, nine.handled(), checks=checks)


def test_only_those_of_the_category_and_the_one_above_it_are_asked(nine: World) -> None:
    asks(nine, "major", category=nine.categories["street_order"])
    asks(nine, "gas", category=nine.categories["leak"])
    asks(nine, "old", is_active=False)
    page = text_of(entered(nine.handler).get(f"/t/{nine.handled().number}/"))
    assert "check_major" in page
    assert "check_gas" not in page
    assert "check_old" not in page


def test_nobody_is_asked_who_did_not_look(nine: World) -> None:
    (
        asks(nine, verb="verify"),
        asks(nine, "own", verb="verify", category=nine.categories["own_word"]),
    )
    ticket, token = nine.reported_with_key(category=nine.categories["own_word"])
    actions.accept(ticket, by=nine.desk, at=nine.at)
    actions.claim(actions.route(ticket, at=nine.at), by=nine.handler, at=nine.at)
    resolve(nine, ticket)
    actions.verify(ticket, by=nine.key_of(token), at=nine.at)
    assert Ticket.objects.get(pk=ticket.pk).state == State.VERIFIED


def test_what_was_settled_on_the_spot_is_asked_the_same(nine: World) -> None:
    asks(nine)
    settling = {
        "text": "路边有一袋垃圾", "lat": "30.245", "lng": "120.155", "category": "0101",
        "nature": "TIP", "is_settled": "on", "result": "已清走", "key": uuid4().hex,
    }  # fmt: skip
    client = entered(nine.grid_worker)
    for answer, status in ((None, 422), ("YES", 302)):
        photos = {name: upload(photo(shade=n)) for n, name in enumerate(PHOTOS)}
        given = {"check_gone": answer} if answer else {}
        told = client.post("/report/", settling | photos | given)
        assert told.status_code == status, text_of(told)
        if not answer:
            assert "请回答核对项“垃圾已全部清走”。" in text_of(told)
            assert 'name="check_gone"' in told.text
    assert Ticket.objects.get().events.get().data["checks"] == [["gone", "YES"]]


def test_programs_list_and_send_them(nine: World) -> None:
    asks(nine)
    ticket, program = nine.handled(), Program(nine.handler)
    allowed = program.get(f"tickets/{ticket.number}/").json()["allowed_actions"]
    needs = next(one["needs"] for one in allowed if one["verb"] == "resolve")
    need = next(one for one in needs if one["name"] == "check_gone")
    assert (need["kind"], need["is_required"]) == ("choice", True)
    assert [one["value"] for one in need["options"]] == ["YES", "NO", "NA"]
    program.do(ticket.number, "resolve", {**DONE, "check_gone": "YES"})
    assert ticket.events.get(verb="resolve").data["checks"] == [["gone", "YES"]]


def test_in_english(nine: World) -> None:
    asks(nine), asks(nine, "told", is_required=False)
    ticket, client = nine.handled(), english(nine.handler)
    pages = {"form": client.get(f"/t/{ticket.number}/")}
    pages["refused"] = do(client, ticket.number, "resolve", **DONE, check_told="NO")
    done = do(client, ticket.number, "resolve", **DONE, check_gone="NO")
    pages["record"] = client.get(done["Location"])
    assert left_on(pages, DONE) == {}
