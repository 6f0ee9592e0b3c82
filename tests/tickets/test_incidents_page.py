"""The page of incidents: what is wrong, with whom, and ending it with a word."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tests.races import race
from tests.tickets.pages import entered, statements, text_of
from tests.world import World
from tickets.models import Event

HOUR = timedelta(hours=1)
NOTE = "岗位已补，工单已派出"


@pytest.fixture
def inspector(world: World) -> Client:
    return entered(world.inspector)


def page(client: Client, tab: str = "open") -> str:
    answer = client.get("/incidents/", {"tab": tab})
    assert answer.status_code == 200
    return text_of(answer)


def raised(world: World, kind: str = "sweep:route", subject: str = "") -> Incident:
    raise_incident(kind, subject or world.accepted().number, detail="NotReady", at=world.at)
    return Incident.objects.latest("pk")


def end(client: Client, row: Incident, note: str = NOTE) -> Any:
    return client.post(f"/incidents/{row.pk}/end/", {"note": note})


def test_a_ticket_that_is_stuck_is_linked(world: World, inspector: Client) -> None:
    number = raised(world).subject
    shown = page(inspector)
    assert "没有做成：派单" in shown
    assert f'href="/t/{number}/"' in shown


def test_a_deadline_that_does_not_add_up_leads_to_its_ticket(
    world: World, inspector: Client
) -> None:
    number = raised(world, "deadline").subject
    shown = page(inspector)
    assert "时限对不上" in shown
    assert f'href="/t/{number}/"' in shown


def test_whoever_cannot_see_the_ticket_gets_no_link(world: World) -> None:
    number = raised(world).subject
    shown = page(entered(world.admin))
    assert number in shown
    assert f'href="/t/{number}/"' not in shown


def test_an_event_that_cannot_be_told_leads_to_its_ticket(world: World, inspector: Client) -> None:
    event = Event.objects.filter(ticket=world.reported()).latest("pk")
    raised(world, "sweep:announce", str(event.pk))
    assert f'href="/t/{event.ticket.number}/"' in page(inspector)


def test_a_unit_without_anybody_is_named(world: World, inspector: Client) -> None:
    raised(world, "unmanned", "CG-003")
    assert f"{world.units['squad'].name} CG-003" in page(inspector)


def test_what_is_still_tried_again_is_not_shown(world: World, inspector: Client) -> None:
    raise_incident("sweep:route", "HB-1", at=world.at, nth=5)
    assert "没有未处理的异常" in page(inspector)


def test_it_is_ended_with_a_note(world: World, inspector: Client) -> None:
    row = raised(world)
    assert end(inspector, row)["Location"] == "/incidents/"
    row.refresh_from_db()
    assert (row.ended_by, row.note) == (world.inspector, NOTE)
    assert NOTE in page(inspector, "ended")
    assert "没有未处理的异常" in page(inspector)


def test_what_came_right_by_itself_says_so(world: World, inspector: Client) -> None:
    row = raised(world)
    end_incident(row.kind, row.subject, at=world.at + HOUR)
    assert "自行恢复" in page(inspector, "ended")


@pytest.mark.parametrize("note", ["", "  \u200e ", "查" * 501, "a\x00b"])
def test_without_a_note_it_stays_open_and_what_was_typed_stays(
    world: World, inspector: Client, note: str
) -> None:
    row = raised(world)
    answer = end(inspector, row, note)
    assert (answer.status_code, answer.context["rows"][0][1].is_bound) == (422, True)
    assert answer.context["rows"][0][1].errors["note"]
    row.refresh_from_db()
    assert row.ended_at is None


def test_the_second_to_end_it_is_told(world: World, inspector: Client) -> None:
    row = raised(world)
    end(inspector, row)
    assert end(entered(world.leader), row).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_who_end_it_at_once_one_does(committed_world: World) -> None:
    row = raised(committed_world)
    both = [entered(committed_world.people[who]) for who in ("inspector", "leader")]
    answers = race(*[lambda client=client: end(client, row).status_code for client in both])
    assert sorted(answers) == [302, 409]


@pytest.mark.parametrize("who", ["desk", "handler", "auditor", "resident"])
def test_it_is_nobody_elses(world: World, who: str) -> None:
    row, client = raised(world), entered(world.people[who])
    assert (client.get("/incidents/").status_code, end(client, row).status_code) == (403, 403)
    assert "/incidents/" not in client.get("/").content.decode()


def test_an_unknown_list_is_told(inspector: Client) -> None:
    assert inspector.get("/incidents/?tab=all").status_code == 422


def test_the_list_is_exported(world: World, inspector: Client) -> None:
    row = raised(world)
    end(inspector, row)
    answer = inspector.post("/export/incidents/", {"tab": "ended", "format": "csv"})
    assert NOTE in b"".join(answer).decode("utf-8-sig")


def test_the_page_costs_the_same_however_long(world: World, inspector: Client) -> None:
    def furnish() -> None:
        raised(world)
        raised(world, "sweep:announce", str(Event.objects.latest("pk").pk))

    furnish()
    raised(world, "unmanned", "CG-003")
    first = statements(inspector, "/incidents/")
    for _turn in range(5):
        furnish()
    assert statements(inspector, "/incidents/") == first
