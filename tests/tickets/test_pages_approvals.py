"""审批: what waits for whom, and what becomes of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from grids.models import Post
from tests.tickets.pages import entered, forms_in, move_clock, statements, text_of
from tests.world import CAST, World
from tickets import actions, boards
from tickets.actions._approval import may_countersign, may_decide
from tickets.models import Approval, Ticket
from tickets.states import State


def extension(world: World) -> Approval:
    """Asked by the handler; the head countersigns, the shift leader decides."""
    ticket = actions.extend(
        world.handled(), by=world.handler, at=world.at, days=2, reason="MATERIAL", text="等灯杆"
    )
    return ticket.approvals.get()


def decline(world: World) -> Approval:
    """Asked by the desk; the shift leader decides, nobody countersigns."""
    ticket = actions.decline(
        world.reported(), by=world.desk, at=world.at, reason="BEYOND", answer="请拨打 12345 反映。"
    )
    return ticket.approvals.get()


def of_a_working_head(world: World) -> Approval:
    """Asked by the desk while the head handles it in person."""
    ticket = actions.assign(world.dispatched(), by=world.head, at=world.at, handler=world.head)
    actions.extend(ticket, by=world.desk, at=world.at, days=2, reason="MATERIAL", text="等灯杆")
    return ticket.approvals.get()


def listed(world: World, who: str) -> Any:
    return entered(world.again(who)).get(reverse("approvals"))


def offered(answer: Any) -> set[str]:
    """Decisions on the page: countersign, grant, refuse."""
    forms = forms_in(answer)
    return {name.split("-")[1] for name in forms if name.startswith("decide-")}


def decide(world: World, who: str, approval: Approval, decision: str, **typed: Any) -> Any:
    """With the version of the ticket as it is now, unless another one is `typed`."""
    address = reverse("decide", args=[approval.pk, decision])
    seen = Ticket.objects.values_list("version", flat=True).get(pk=approval.ticket_id)
    return entered(world.again(who)).post(address, {"seen": seen} | typed)


def test_a_request_is_shown_with_its_words(nine: World) -> None:
    approval = extension(nine)
    page = text_of(listed(nine, "shift_leader"))
    for fact in (
        approval.ticket.number, "申请延期", "MATERIAL", "2 个工作日", "等灯杆",
        "等待单位负责人会签", f"{nine.handler}提出",
    ):  # fmt: skip
        assert fact in page, fact


@pytest.mark.parametrize("who", ["shift_leader", "head"])
def test_a_request_is_shown_with_the_report_it_is_about(nine: World, who: str) -> None:
    extension(nine)
    assert "楼下垃圾堆了三天没有人清运" in text_of(listed(nine, who))


def test_a_request_about_a_sensitive_report_tells_no_more_than_may_be_read(nine: World) -> None:
    ticket = nine.dispatched(category=nine.categories["alone"])
    actions.claim(ticket, by=nine.office_handler, at=nine.at)
    actions.suspend(
        ticket, by=nine.office_handler, at=nine.at, reason="BUDGET", text="等待入户",
        resume_on=(nine.at + timedelta(days=20)).date(),
    )  # fmt: skip
    page = text_of(listed(nine, "leader"))
    assert ticket.number in page
    assert "楼下垃圾" not in page
    assert "内容限定人员可见" in page


def test_an_overdue_request_waits_for_no_head(
    nine: World, settings: Settings, tmp_path: Path
) -> None:
    approval = extension(nine)
    move_clock(settings, tmp_path, approval.due_at + timedelta(minutes=1))
    answer = listed(nine, "shift_leader")
    assert "grant" in offered(answer)
    for page in (answer, entered(nine.shift_leader).get(f"/t/{approval.ticket.number}/")):
        assert "会签已逾时，可直接决定" in text_of(page)
        assert "等待单位负责人会签" not in text_of(page)


def test_a_request_waits_for_no_head_where_none_is_left(nine: World) -> None:
    extension(nine)
    Post.objects.filter(person=nine.head).delete()
    answer = listed(nine, "shift_leader")
    assert "单位没有可会签的负责人，可直接决定" in text_of(answer)
    assert "grant" in offered(answer)


def test_who_asked_sees_what_became_of_it(nine: World) -> None:
    extension(nine)
    answer = listed(nine, "handler")
    assert "我提出的" in text_of(answer)
    assert offered(answer) == set()


def test_before_countersigning_nobody_can_grant(nine: World) -> None:
    extension(nine)
    assert offered(listed(nine, "head")) == {"countersign", "refuse"}
    assert offered(listed(nine, "shift_leader")) == {"refuse"}


def test_after_countersigning_it_can_be_granted(nine: World) -> None:
    approval = extension(nine)
    decide(nine, "head", approval, "countersign")
    assert offered(listed(nine, "head")) == set()
    assert offered(listed(nine, "shift_leader")) == {"grant", "refuse"}


def test_a_grant_does_what_was_asked(nine: World) -> None:
    approval = decline(nine)
    answer = decide(nine, "shift_leader", approval, "grant", text="同意", back="approvals")
    assert answer["Location"] == reverse("approvals")
    approval.ticket.refresh_from_db()
    assert approval.ticket.state == State.DECLINED


def test_a_refusal_needs_a_reason(nine: World) -> None:
    approval = decline(nine)
    answer = decide(nine, "shift_leader", approval, "refuse", text="")
    approval.refresh_from_db()
    assert answer.status_code == 422
    assert f'id="refuse-{approval.pk}-text_error"' in text_of(answer)
    assert approval.state == "PENDING"


def test_a_refusal_leads_back_to_where_it_was_made(nine: World) -> None:
    approval = decline(nine)
    answer = decide(nine, "shift_leader", approval, "refuse", text="应当受理", back="ticket")
    assert answer["Location"] == reverse("ticket", args=[approval.ticket.number])


def test_the_ticket_offers_the_same_decisions(nine: World) -> None:
    approval = decline(nine)
    address = reverse("ticket", args=[approval.ticket.number])
    assert offered(entered(nine.shift_leader).get(address)) == {"grant", "refuse"}
    assert offered(entered(nine.desk).get(address)) == set()


def test_what_was_decided_cannot_be_decided_again(nine: World) -> None:
    approval = decline(nine)
    decide(nine, "shift_leader", approval, "refuse", text="应当受理")
    answer = decide(nine, "shift_leader", approval, "grant")
    assert answer.status_code == 409
    assert "不能再决定" in text_of(answer)


@pytest.mark.parametrize(("who", "decision"), [("desk", "grant"), ("other_desk", "refuse")])
def test_who_may_not_decide_is_refused(nine: World, who: str, decision: str) -> None:
    assert decide(nine, who, decline(nine), decision).status_code == 403


def test_what_is_not_countersigned_is_not_granted(nine: World) -> None:
    answer = decide(nine, "shift_leader", extension(nine), "grant")
    assert answer.status_code == 409
    assert "会签" in text_of(answer)


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 5000, "１"])
@pytest.mark.parametrize("decision", ["grant", "refuse"])
def test_a_decision_without_version_is_428(nine: World, decision: str, seen: str) -> None:
    approval = decline(nine)
    answer = decide(nine, "shift_leader", approval, decision, text="应当受理", seen=seen)
    approval.refresh_from_db()
    assert (answer.status_code, approval.state) == (428, "PENDING")
    assert forms_in(answer)[f"decide-{decision}-{approval.pk}"]["text"] == "应当受理"


def test_countersigning_without_version_is_428(nine: World) -> None:
    approval = extension(nine)
    assert decide(nine, "head", approval, "countersign", seen="").status_code == 428
    approval.refresh_from_db()
    assert approval.countersigned_at is None


def test_a_decision_on_an_older_version_is_412(nine: World) -> None:
    approval = decline(nine)
    actions.amend(approval.ticket, by=nine.desk, at=nine.at, urgency="URGENT")
    seen = approval.ticket.version - 1
    assert decide(nine, "shift_leader", approval, "grant", seen=seen).status_code == 412


@pytest.mark.parametrize("who", ["far_desk", "resident", "far_handler"])
def test_a_stranger_finds_no_request(nine: World, who: str) -> None:
    assert decide(nine, who, decline(nine), "grant").status_code == 404


@pytest.mark.parametrize("address", ["0/grant/", f"{2**70}/grant/", "1/dance/"])
def test_an_unknown_decision_is_404(nine: World, address: str) -> None:
    decline(nine)
    answer = entered(nine.shift_leader).post(f"{reverse('approvals')}{address}")
    assert answer.status_code == 404
    assert "。" in text_of(answer)


def test_nothing_is_decided_by_opening_an_address(nine: World) -> None:
    approval = decline(nine)
    address = reverse("decide", args=[approval.pk, "grant"])
    assert entered(nine.shift_leader).get(address).status_code == 405
    approval.refresh_from_db()
    assert approval.state == "PENDING"


@pytest.mark.parametrize("hours", [0, 30])
def test_the_list_is_what_the_rules_allow(nine: World, hours: int) -> None:
    """The query and the rules of `_approval` agree, for everybody, in time and overdue."""
    at = nine.at + timedelta(hours=hours)
    requests = [extension(nine), decline(nine), of_a_working_head(nine)]
    for who in [name for name, _post, _where in CAST]:
        person = nine.again(who)
        wanted = {
            row.pk
            for row in requests
            if may_countersign(person, row, at=at) or may_decide(person, row, at=at)
        }
        assert {row.pk for row in boards.to_decide(person, at)} == wanted, who


def test_an_overdue_request_rises_to_the_district(
    nine: World, settings: Settings, tmp_path: Path
) -> None:
    decline(nine)
    assert offered(listed(nine, "district_desk")) == set()
    move_clock(settings, tmp_path, nine.at + timedelta(hours=6))
    assert offered(listed(nine, "district_desk")) == {"grant", "refuse"}


def test_a_bad_cursor_is_refused(nine: World) -> None:
    answer = entered(nine.shift_leader).get(reverse("approvals"), {"after": "x"})
    assert answer.status_code == 422


def test_without_requests_the_page_says_so(nine: World) -> None:
    assert "没有待决定的申请" in text_of(listed(nine, "shift_leader"))


def test_many_requests_cost_as_many_statements_as_one(nine: World, settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = True  # as in life
    extension(nine)
    client = entered(nine.shift_leader)
    alone = statements(client, reverse("approvals"))
    for _turn in range(10):
        extension(nine)
    assert statements(client, reverse("approvals")) == alone <= 8
