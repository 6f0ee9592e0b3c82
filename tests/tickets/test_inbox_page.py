"""消息: what a person was told, and marking it read."""

import pytest

from notices.models import Notice
from tests.tickets.concerned import refused
from tests.tickets.pages import entered, forms_in, statements, text_of
from tests.tickets.stages import own
from tests.world import World
from tickets import actions, sweeps

INBOX = "/inbox/"


def dispatched(world: World, times: int = 1) -> None:
    for _time in range(times):
        world.dispatched()
    sweeps.run("announce", at=world.at)


def test_a_notice_is_shown_with_its_ticket(world: World) -> None:
    ticket = world.dispatched()
    sweeps.run("announce", at=world.at)
    page = text_of(entered(world.clerk).get(INBOX))
    assert f"/t/{ticket.number}/" in page
    assert "派单 → 待签收" in page


def test_the_newest_stands_first(world: World) -> None:
    dispatched(world, 2)
    found = entered(world.clerk).get(INBOX).context["news"]
    times = [(item.notice.at, item.notice.pk) for item in found]
    assert times == sorted(times, reverse=True)
    assert len(times) == 2


def test_nobody_reads_what_another_was_told(world: World) -> None:
    dispatched(world)
    assert entered(world.fire_handler).get(INBOX).context["news"] == []


def test_an_empty_inbox_says_so(world: World) -> None:
    assert "没有消息" in text_of(entered(world.clerk).get(INBOX))


def test_the_badge_counts_what_is_unread(world: World) -> None:
    dispatched(world, 2)
    for address in (INBOX, "/", "/approvals/", "/report/"):
        assert entered(world.clerk).get(address).context["inbox_count"] == "2"


def test_one_is_marked_read(world: World) -> None:
    dispatched(world, 2)
    one = Notice.objects.filter(person=world.clerk).latest("pk")
    assert entered(world.clerk).post("/inbox/read/", {"id": one.pk}).status_code == 302
    assert set(Notice.objects.exclude(read_at=None)) == {one}


def test_all_that_was_shown_is_marked_read(world: World) -> None:
    dispatched(world)
    client = entered(world.clerk)
    form = forms_in(client.get(INBOX))["read-all"]
    dispatched(world)  # came in between
    client.post("/inbox/read/", form)
    rows = Notice.objects.filter(person=world.clerk).order_by("pk")
    assert [row.read_at is None for row in rows] == [False, True]


def test_what_was_read_keeps_its_time(world: World) -> None:
    dispatched(world)
    Notice.objects.update(read_at=world.at)
    entered(world.clerk).post("/inbox/read/", {"upto": 2**62})
    assert set(Notice.objects.values_list("read_at", flat=True)) == {world.at}


def test_anothers_notice_cannot_be_marked(world: World) -> None:
    dispatched(world)
    one = Notice.objects.get(person=world.clerk)
    entered(world.handler).post("/inbox/read/", {"id": one.pk})
    one.refresh_from_db()
    assert one.read_at is None


@pytest.mark.parametrize("sent", [{}, {"id": "x"}, {"id": str(2**70)}, {"upto": "-1"}])
def test_a_bad_number_is_refused(world: World, sent: dict[str, str]) -> None:
    assert entered(world.clerk).post("/inbox/read/", sent).status_code == 422


def test_an_unknown_list_is_refused(world: World) -> None:
    assert entered(world.clerk).get(INBOX, {"tab": "x"}).status_code == 422


def test_the_unread_are_listed_alone(world: World) -> None:
    dispatched(world)
    Notice.objects.filter(person=world.clerk).update(read_at=world.at)
    dispatched(world)
    found = entered(world.clerk).get(INBOX, {"tab": "unread"}).context["news"]
    assert [item.notice.read_at for item in found] == [None]


def test_a_ticket_that_is_no_longer_open_to_me_says_nothing(world: World) -> None:
    ticket = world.dispatched()
    sweeps.run("announce", at=world.at)
    world.clerk.posts.update(is_active=False)
    page = text_of(entered(world.again("clerk")).get(INBOX))
    assert "这张工单已不对您开放" in page
    assert ticket.number not in page


def test_a_reporter_is_told_of_no_member_of_staff(world: World) -> None:
    actions.accept(own(world), by=world.desk, at=world.at)
    sweeps.run("announce", at=world.at)
    page = text_of(entered(world.resident).get(INBOX))
    assert "工作人员" in page
    assert world.desk.name not in page


def test_a_page_turns(world: World) -> None:
    dispatched(world, 27)
    client = entered(world.clerk)
    first = client.get(INBOX).context
    second = client.get(first["next_url"]).context
    seen = {item.notice.pk for item in [*first["news"], *second["news"]]}
    assert (len(first["news"]), len(second["news"]), len(seen)) == (25, 2, 27)


def test_the_page_costs_the_same_however_long(world: World) -> None:
    dispatched(world)
    client = entered(world.clerk)
    short = statements(client, INBOX)
    dispatched(world, 12)
    assert statements(client, INBOX) == short
    assert short <= 12


def test_a_decision_says_what_was_asked_for(world: World) -> None:
    refused(world)
    sweeps.run("announce", at=world.at)
    page = text_of(entered(world.handler).get(INBOX))
    assert ("驳回" in page, "申请：退单" in page) == (True, True)
