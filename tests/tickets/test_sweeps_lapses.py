"""Requests, questions and verifications that ran out: told once, and the chain goes on."""

from datetime import datetime, timedelta

import pytest

from common.actors import SYSTEM
from common.errors import Impossible
from notices.models import Incident, Notice
from tests.races import race
from tests.tickets.pages import entered
from tests.tickets.steps import DAY, HOUR, fresh, last, request
from tests.world import ANSWER, World
from tickets import actions, sweeps
from tickets.models import Event, Ticket
from tickets.states import State
from tickets.sweeps import asking

MINUTE = timedelta(minutes=1)


def extended(world: World) -> Ticket:
    """A request for more time that nobody decides; due two working hours later."""
    ticket = world.handled()
    return actions.extend(
        ticket, by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆"
    )


def asked(world: World) -> Ticket:
    """A question to the reporter, open for three days."""
    return actions.inquire(world.handled(), by=world.handler, at=world.at, question="几号楼？")


def told(ticket: Ticket, verb: str, at: datetime) -> dict[str, str]:
    """Who is told of the last event of that verb, in which role."""
    sweeps.run("announce", at=at)
    found = Notice.objects.filter(event_id=last(ticket, verb).pk)
    return dict(found.values_list("person__username", "role"))


def test_an_overdue_request_is_raised_to_the_district_once(world: World) -> None:
    ticket, late = extended(world), world.at + 2 * HOUR
    assert sweeps.run("approvals", at=late - MINUTE) == 0
    assert [sweeps.run("approvals", at=late + turn * DAY) for turn in range(2)] == [1, 0]
    assert request(ticket).risen_at == late
    assert last(ticket, "escalate").data == {"approval": request(ticket).pk}
    assert told(ticket, "escalate", late) == {"district_shift_leader": "DISTRICT"}


def test_it_is_neither_granted_nor_refused_by_that(world: World) -> None:
    ticket = extended(world)
    sweeps.run("approvals", at=world.at + 2 * HOUR)
    assert (request(ticket).state, fresh(ticket).has_request) == ("PENDING", True)
    actions.grant(request(ticket), by=world.district_shift_leader, at=world.at + 3 * HOUR)
    assert request(ticket).state == "GRANTED"


def test_a_decided_request_is_not_raised(world: World) -> None:
    ticket = extended(world)
    actions.refuse(request(ticket), by=world.head, at=world.at, text="不同意")
    assert sweeps.run("approvals", at=world.at + DAY) == 0


def test_what_is_decided_while_the_sweep_goes_through_its_list_is_no_failure(
    world: World,
) -> None:
    ticket = extended(world)
    actions.refuse(request(ticket), by=world.head, at=world.at, text="不同意")
    asking.raise_what_waits(ticket, at=world.at + DAY)
    assert (request(ticket).state, request(ticket).risen_at) == ("REFUSED", None)


def test_a_second_request_is_raised_anew(world: World) -> None:
    ticket = extended(world)
    sweeps.run("approvals", at=world.at + 2 * HOUR)
    actions.refuse(request(ticket), by=world.head, at=world.at + 3 * HOUR, text="不同意")
    actions.extend(
        ticket, by=world.handler, at=world.at + 3 * HOUR, days=1, reason="MATERIAL", text="还在等"
    )
    assert sweeps.run("approvals", at=world.at + DAY) == 1


def test_a_question_nobody_answers_lapses_once(world: World) -> None:
    ticket, over = asked(world), world.at + 3 * DAY
    assert fresh(ticket).asked_until == over
    assert sweeps.run("inquiries", at=over - MINUTE) == 0
    assert [sweeps.run("inquiries", at=over) for _turn in range(2)] == [1, 0]
    assert last(ticket).data == {"question": last(ticket, "inquire").seq, "lapsed": True}
    assert told(ticket, "remind", over) == {"handler": "ASKER"}
    assert (fresh(ticket).asked_until, fresh(ticket).state) == (None, State.HANDLING)


def test_an_answered_question_does_not_lapse(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.accept(ticket, by=world.desk, at=world.at)
    actions.inquire(ticket, by=world.desk, at=world.at, question="几号楼？")
    actions.inform(ticket, by=world.key_of(token), at=world.at + HOUR, text="三号楼")
    assert sweeps.run("inquiries", at=world.at + 4 * DAY) == 0


def test_the_later_of_two_questions_counts(world: World) -> None:
    ticket = asked(world)
    actions.inquire(ticket, by=world.handler, at=world.at + DAY, question="几单元？")
    assert sweeps.run("inquiries", at=world.at + 3 * DAY) == 0
    assert sweeps.run("inquiries", at=world.at + 4 * DAY) == 1


def test_no_question_outlives_its_ticket(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.inquire(ticket, by=world.desk, at=world.at, question="几号楼？")
    actions.withdraw(ticket, by=world.key_of(token), at=world.at, text="已好")
    assert sweeps.run("inquiries", at=world.at + 4 * DAY) == 0


def test_the_desk_hears_once_that_nobody_has_looked(world: World) -> None:
    ticket = world.resolved()
    rises_at = fresh(ticket).turn_rises_at
    assert rises_at
    assert sweeps.run("turns", at=rises_at - MINUTE) == 0
    assert [sweeps.run("turns", at=rises_at) for _turn in range(2)] == [1, 0]
    assert last(ticket).data == {"rises": True}
    assert set(told(ticket, "remind", rises_at).values()) == {"DESK"}


def test_after_rework_it_is_told_again(world: World) -> None:
    ticket = world.resolved()
    rises_at = fresh(ticket).turn_rises_at
    assert rises_at
    sweeps.run("turns", at=rises_at)
    actions.rework(ticket, by=world.desk, at=rises_at, reason="NOT_DONE", text="还在")
    assert fresh(ticket).risen_at is None
    actions.resolve(
        ticket, by=world.handler, at=rises_at, result="DONE", note="再清运",
        proposed_answer=ANSWER,
    )  # fmt: skip
    assert sweeps.run("turns", at=rises_at + DAY) == 1


@pytest.mark.parametrize(
    ("name", "verb", "days"), [("approvals", "escalate", 1), ("inquiries", "remind", 3)]
)
def test_two_sweeps_at_once_tell_once(
    committed_world: World, name: str, verb: str, days: int
) -> None:
    world = committed_world
    ticket = extended(world) if name == "approvals" else asked(world)
    done = race(*[lambda: sweeps.run(name, at=world.at + days * DAY)] * 2)
    assert sorted(done) == [0, 1]
    assert Event.objects.filter(ticket=ticket, verb=verb).count() == 1


def test_two_sweeps_of_turns_at_once_tell_once(committed_world: World) -> None:
    ticket = committed_world.resolved()
    done = race(*[lambda: sweeps.run("turns", at=committed_world.at + DAY)] * 2)
    assert sorted(done) == [0, 1]
    assert Event.objects.filter(ticket=ticket, verb="remind").count() == 1


@pytest.mark.parametrize("act", [actions.lapse_question, actions.raise_turn])
def test_what_has_not_run_out_is_refused(world: World, act: object) -> None:
    with pytest.raises(Impossible):
        act(world.handled(), by=SYSTEM, at=world.at)  # type: ignore[operator]


def test_one_that_fails_holds_up_none_of_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *good = [asked(world) for _turn in range(3)]
    lapse = actions.lapse_question

    def stumbling(ticket: Ticket, **given: object) -> Ticket:
        if ticket.pk == bad.pk:
            raise ValueError("broken")
        return lapse(ticket, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "lapse_question", stumbling)
    for turn in range(5):
        done = sweeps.run("inquiries", at=world.at + (4 + turn) * DAY)
        assert done == (len(good) if turn == 0 else 0)
    incident = Incident.objects.get(kind="sweep:inquiries")
    assert (incident.subject, incident.raised_at) == (bad.number, world.at + 8 * DAY)


def titles(world: World, who: str) -> list[str]:
    """What the inbox of that person says, the newest first."""
    client = entered(world.people[who])
    return [
        f"{item.title} {' '.join(item.details)}" for item in client.get("/inbox/").context["news"]
    ]


def test_the_inbox_calls_each_by_its_name(world: World) -> None:
    extended(world)
    asked(world)
    world.resolved()
    for name in ("approvals", "turns", "inquiries"):
        sweeps.run(name, at=world.at + 3 * DAY)
    sweeps.run("announce", at=world.at + 3 * DAY)
    assert titles(world, "district_shift_leader") == ["审批到期未决，报区级 申请：延期"]
    assert "询问到期未答 询问没有答复，已过期；办理照常进行" in titles(world, "handler")
    assert "核查时限过半，转请受理员 核查时限过半，受理员也可以核查" in titles(world, "desk")
