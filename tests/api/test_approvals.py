"""审批 by a program: what waits for me, and deciding it, in the order of answers."""

from tests.api.asking import Program
from tests.world import World
from tickets import actions
from tickets.models import Approval, Ticket
from tickets.states import State


def asked(world: World) -> tuple[Ticket, Approval]:
    """The handler asks for time; the head has not signed yet."""
    ticket = world.handled()
    actions.extend(ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆")
    return ticket, Approval.objects.get(ticket=ticket)


def signed(world: World) -> tuple[Ticket, Approval]:
    ticket, approval = asked(world)
    actions.countersign(approval, by=world.head, at=world.at)
    ticket.refresh_from_db()
    return ticket, approval


def tag(ticket: Ticket) -> str:
    return f'"{ticket.version}"'


def test_what_waits_for_me_says_what_i_may_decide(world: World) -> None:
    ticket, approval = asked(world)
    row = Program(world.head).get("approvals/").json()["results"][0]
    assert (row["id"], row["ticket"], row["words"]) == (approval.pk, ticket.number, "等灯杆")
    assert row["allowed_decisions"] == ["countersign", "refuse"]


def test_what_i_asked_for_is_another_list(world: World) -> None:
    asked(world)
    program = Program(world.handler)
    assert program.get("approvals/").json()["results"] == []
    mine = program.get("approvals/?role=asker").json()["results"]
    assert [row["state"] for row in mine] == ["PENDING"]


def test_signed_and_granted_it_is_performed(world: World) -> None:
    ticket, approval = asked(world)
    head, leader = Program(world.head), Program(world.shift_leader)
    head.post(f"approvals/{approval.pk}/countersign/", {}, If_Match=tag(ticket))
    answer = leader.post(f"approvals/{approval.pk}/grant/", {}, If_Match=tag(ticket))
    assert (answer.status_code, answer.json()["approval"]["state"]) == (200, "GRANTED")
    ticket.refresh_from_db()
    assert (ticket.extensions, answer["ETag"]) == (1, tag(ticket))


def test_refused_with_a_reason_it_goes_on(world: World) -> None:
    ticket, approval = signed(world)
    path = f"approvals/{approval.pk}/refuse/"
    leader = Program(world.shift_leader)
    assert leader.post(path, {}, If_Match=tag(ticket)).status_code == 422
    answer = leader.post(path, {"text": "灯杆有备件"}, If_Match=tag(ticket))
    assert answer.json()["approval"]["state"] == "REFUSED"
    assert answer.json()["ticket"]["state"] == State.HANDLING


def test_the_order_of_answers(world: World) -> None:
    ticket, approval = signed(world)
    path = f"approvals/{approval.pk}/refuse/"
    far, other = Program(world.far_handler), Program(world.clerk)
    leader = Program(world.shift_leader)
    assert far.post(path).status_code == 404
    assert other.post(path).status_code == 403
    assert leader.post(path).status_code == 428
    assert leader.post(path, {}, If_Match='"1"').status_code == 412
    assert leader.post(path, {}, If_Match=tag(ticket)).status_code == 422
    approval.refresh_from_db()
    assert approval.state == "PENDING"


def test_nobody_decides_before_the_head_has_signed(world: World) -> None:
    _ticket, approval = asked(world)
    answer = Program(world.shift_leader).post(f"approvals/{approval.pk}/grant/")
    assert (answer.status_code, "会签" in answer.json()["detail"]) == (409, True)


def test_what_is_decided_is_decided(world: World) -> None:
    ticket, approval = signed(world)
    path = f"approvals/{approval.pk}/grant/"
    leader = Program(world.shift_leader)
    assert leader.post(path, {}, If_Match=tag(ticket)).status_code == 200
    assert leader.post(path, {}, If_Match=tag(ticket)).status_code == 409


def test_the_same_decision_twice_is_one(world: World) -> None:
    ticket, approval = signed(world)
    path, leader = f"approvals/{approval.pk}/grant/", Program(world.shift_leader)
    answers = [
        leader.post(path, {}, If_Match=tag(ticket), Idempotency_Key="once-and-only")
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert ticket.events.filter(verb="grant").count() == 1
