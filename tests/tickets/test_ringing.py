"""响铃: urgent tickets at the desk until somebody knows of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from grids.models import Post
from tests.grids.standins import away
from tests.tickets.pages import entered, statements, text_of
from tests.world import World
from tickets import actions, ringing
from tickets.models import Ticket

PAGE = "/ringing/"


def urgent(world: World, **given: Any) -> Ticket:
    return world.reported(category=world.categories["manhole"], **given)


def far(world: World) -> Ticket:
    return urgent(world, by=world.far_desk, place=world.far_spot)


def heard(client: Client, **asked: Any) -> str:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return text_of(answer)


def rings(world: World, name: str) -> set[int]:
    return {one.ticket.pk for one in ringing.rings(world.again(name), at=world.at)}


def test_an_urgent_ticket_rings_at_its_desk(world: World) -> None:
    ticket = urgent(world)
    world.reported()
    for name, expected in (
        ("desk", {ticket.pk}),
        ("shift_leader", {ticket.pk}),
        ("far_desk", set()),
    ):
        assert rings(world, name) == expected


def test_it_rings_until_somebody_knows(world: World) -> None:
    ticket = urgent(world)
    client = entered(world.desk)
    assert ticket.number in heard(client)
    client.post(f"/t/{ticket.number}/acknowledge/", {"seen": ticket.version, "since": ticket.seq})
    ticket.refresh_from_db()
    assert ticket.acknowledged_at is not None
    assert ticket.number not in heard(client)


def test_what_has_an_outcome_rings_no_more(world: World) -> None:
    ticket = world.resolved(category=world.categories["manhole"])
    assert ticket.acknowledged_at is None
    assert rings(world, "desk") == set()


@pytest.mark.parametrize("has_desk", [True, False])
def test_the_district_hears_where_a_street_has_nobody(world: World, has_desk: bool) -> None:
    ticket = far(world)
    Post.objects.filter(person=world.far_desk).update(is_active=has_desk)
    assert rings(world, "district_desk") == (set() if has_desk else {ticket.pk})


def test_it_rings_for_who_stands_in_at_the_desk(world: World) -> None:
    ticket = far(world)
    away(world, world.far_desk, world.desk)
    assert rings(world, "desk") == {ticket.pk}


def test_a_report_about_the_desk_does_not_ring_there(world: World) -> None:
    ticket = urgent(world)
    Ticket.objects.filter(pk=ticket.pk).update(about_person=world.desk)
    assert rings(world, "desk") == set()
    assert rings(world, "other_desk") == {ticket.pk}


def test_the_unit_is_a_call_away(world: World) -> None:
    world.dispatched(category=world.categories["manhole"])
    assert f'href="tel:{world.units["squad"].duty_phone}"' in heard(entered(world.desk))


def test_nothing_new_is_no_content(world: World) -> None:
    client = entered(world.desk)
    for change in (lambda: None, lambda: urgent(world)):
        change()
        answer = client.get(PAGE)
        known = ringing.digest(answer.context["rings"])
        assert f"known={known}" in text_of(answer)
        assert client.get(PAGE, {"known": known}).status_code == 204
    assert client.get(PAGE, {"known": ringing.digest([])}).status_code == 200


def test_no_more_ring_than_fit(world: World) -> None:
    Ticket.objects.filter(pk=urgent(world).pk).update(acknowledged_at=world.at)
    for _nth in range(ringing.MOST + 1):
        urgent(world)
    assert len(rings(world, "desk")) == ringing.MOST


def test_who_was_logged_out_is_told_and_asks_no_more(world: World) -> None:
    answer = Client().get(PAGE)
    assert answer.status_code == 286
    assert "登录已结束" in text_of(answer)


@pytest.mark.parametrize("name", ["handler", "grid_worker", "leader", "resident"])
def test_it_rings_at_desks_only(world: World, name: str) -> None:
    client = entered(world.people[name])
    assert client.get(PAGE).status_code == 403
    assert 'id="ringing"' not in text_of(client.get("/"))
    assert 'id="ringing"' in text_of(entered(world.desk).get("/"))


def test_asking_costs_the_same_however_many_ring(nine: World) -> None:
    client = entered(nine.desk)
    before = statements(client, PAGE)
    for _nth in range(3):
        urgent(nine)
    assert statements(client, PAGE) == before <= 5


def test_it_is_found_along_its_index(world: World) -> None:
    urgent(world)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        rows = ringing.unheard(world.again("desk"), at=world.at)[: ringing.MOST]
        sql, params = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        assert "urgent_unheard" in "\n".join(line for (line,) in cursor.fetchall())


def test_an_urgent_report_pokes_the_sweep_that_accepts_it(
    committed_world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr("common.poke._enqueue", lambda *task: asked.append(task[:2]))
    settings.HUBIN_POKES = True
    sweep = ("tickets.tasks.sweep", {"name": "route"})
    plain = committed_world.reported()
    assert sweep not in asked
    urgent(committed_world)
    assert asked.count(sweep) == 1
    later = committed_world.at + timedelta(minutes=1)
    actions.amend(plain, by=committed_world.desk, at=later, urgency="URGENT", text="有人受伤")
    assert asked.count(sweep) == 2
