"""受理台: its lists, its pane, and what is done from there."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.tickets.desk import DESK, LIST, PANE, at_desk, listed, pane, press
from tests.tickets.english import english, left_on
from tests.tickets.pages import entered, statements, text_of
from tests.tickets.stages import contested, helped
from tests.world import ANSWER, World
from tickets import actions, desks
from tickets.models import Approval, Ticket
from tickets.states import MOVES, State
from tickets.templatetags.desk import KEYS


def declined_by_another(world: World) -> Ticket:
    """Asked for by the first of the desk; the shift leader decides."""
    return actions.decline(
        world.reported(), by=world.desk, at=world.at, reason="BEYOND", answer="请拨打 12345。"
    )


def test_each_list_holds_what_is_to_be_done_next(nine: World) -> None:
    client = at_desk(nine)
    for tab, way in (
        ("new", nine.reported), ("dispatch", nine.accepted), ("reply", nine.verified),
    ):  # fmt: skip
        ticket = way()
        assert listed(client, tab) == [ticket.number]
    assert listed(client, "verify") == []


def test_no_turn_of_mine_is_missing_from_the_lists(nine: World) -> None:
    for way in (nine.reported, nine.accepted, nine.verified, nine.dispatched, nine.resolved):
        way()
    contested(nine)
    person = nine.again("desk")
    shown = {line.ticket.pk for tab in desks.PATHS for line in desks.lines(tab, person, nine.at)[0]}
    assert shown == set(Ticket.objects.my_turn(person, nine.at).values_list("pk", flat=True))


def test_the_most_pressing_comes_first(nine: World) -> None:
    calm, urgent = nine.reported(), nine.reported(category=nine.categories["manhole"])
    assert listed(at_desk(nine)) == [urgent.number, calm.number]


def test_requests_wait_in_a_list_of_their_own(nine: World) -> None:
    ticket = declined_by_another(nine)
    client = at_desk(nine, "shift_leader")
    assert listed(client, "approvals") == [ticket.number]
    assert "申请不予受理" in text_of(pane(client, ticket))


def test_it_opens_at_the_first_list_that_holds_anything(nine: World) -> None:
    nine.accepted()
    assert at_desk(nine).get(DESK).context["tab"] == "dispatch"


@pytest.mark.parametrize("who", ["handler", "grid_worker", "leader", "resident"])
def test_it_is_for_desks_only(nine: World, who: str) -> None:
    client = entered(nine.people[who])
    assert {client.get(DESK).status_code, client.get(LIST).status_code} == {403}
    assert f'href="{DESK}"' not in text_of(client.get("/"))
    assert f'href="{DESK}"' in text_of(at_desk(nine).get("/"))


def test_a_list_that_is_none_is_refused(nine: World) -> None:
    client = at_desk(nine)
    assert client.get(DESK, {"tab": "nonsense"}).status_code == 422
    assert client.get(LIST, {"tab": "new", "newest": "x"}).status_code == 422
    assert client.get(DESK, {"t": "330102-20260101-000001"}).status_code == 404


def known(client: Client, **asked: Any) -> str:
    found = re.search(r"known=([0-9a-f]{16})", text_of(client.get(LIST, {"tab": "new", **asked})))
    assert found is not None
    return found[1]


def test_nothing_new_is_no_content(nine: World) -> None:
    nine.reported()
    client = at_desk(nine)
    seen = known(client)
    assert client.get(LIST, {"tab": "new", "known": seen}).status_code == 204
    nine.accepted()  # in another list: its count tells
    assert client.get(LIST, {"tab": "new", "known": seen}).status_code == 200


def test_what_came_in_is_announced_once(nine: World) -> None:
    first = nine.reported()
    client = at_desk(nine)
    nine.reported(), nine.reported()
    told = client.get(LIST, {"tab": "new", "known": "", "newest": str(first.pk)})
    assert "新来 2 件" in text_of(told)
    assert "新来" not in text_of(client.get(LIST, {"tab": "new"}))


def test_who_was_logged_out_is_told_and_asks_no_more(nine: World) -> None:
    answer = Client().get(LIST)
    assert answer.status_code == 286
    assert "登录已结束" in text_of(answer)


def test_the_pane_comes_alone_where_it_was_asked_for(nine: World) -> None:
    ticket = nine.reported()
    client = at_desk(nine)
    piece, page = text_of(pane(client, ticket)), text_of(client.get(DESK, {"t": ticket.number}))
    assert "<html" not in piece
    assert "<html" in page
    for shown in (piece, page):
        assert f'data-number="{ticket.number}"' in shown
        assert 'id="verb-accept"' in shown


def test_a_ticket_stays_while_its_next_step_is_the_desks(nine: World) -> None:
    ticket, _other = nine.reported(), nine.reported()
    done = press(at_desk(nine), ticket, "accept")
    assert f'data-number="{ticket.number}"' in text_of(done)
    assert "已受理" in text_of(done)
    assert 'id="verb-dispatch"' in text_of(done)
    assert done["HX-Trigger"] == "desk:moved"


def test_then_comes_the_one_below_it(nine: World) -> None:
    ticket, pressing, below = (nine.accepted() for _nth in range(3))
    client = at_desk(nine)
    done = press(client, ticket, "dispatch", tab="dispatch", next=below.number)
    assert f'data-number="{below.number}"' in text_of(done)
    assert done["HX-Push-Url"] == f"{DESK}?tab=dispatch&t={below.number}"
    done = press(client, below, "dispatch", tab="dispatch", next="330102-20260101-000001")
    assert f'data-number="{pressing.number}"' in text_of(done)


def test_the_last_one_leaves_a_friendly_word(nine: World) -> None:
    done = press(at_desk(nine), nine.accepted(), "dispatch", tab="dispatch")
    assert "这一栏办完了" in text_of(done)
    assert "已派单" in text_of(done)


def test_a_request_is_decided_in_the_pane(nine: World) -> None:
    ticket = declined_by_another(nine)
    approval = Approval.objects.get(ticket=ticket)
    form = {"seen": ticket.version, "since": ticket.seq, "text": "", "tab": "approvals"}
    client = at_desk(nine, "shift_leader")
    done = client.post(f"/approvals/{approval.pk}/grant/", form, headers=PANE)
    assert "这一栏办完了" in text_of(done)
    ticket.refresh_from_db()
    assert ticket.state == State.DECLINED


def test_a_refused_verb_comes_back_with_what_was_typed(nine: World) -> None:
    ticket = nine.verified()
    refused = press(at_desk(nine), ticket, "reply", final_answer="已转交相关部门处理。")
    assert refused.status_code == 422
    assert "没有实际内容" in text_of(refused)
    assert "已转交相关部门处理。" in text_of(refused)
    assert "<html" not in text_of(refused)


def test_the_second_of_two_desks_sees_the_change_and_keeps_the_text(nine: World) -> None:
    ticket = nine.verified()
    client = at_desk(nine)
    stale = ticket.version
    actions.note(ticket, by=nine.other_desk, at=nine.at, text="诉求人来电")
    actions.reply(ticket, by=nine.other_desk, at=nine.at, final_answer=ANSWER)
    sent = {"seen": stale, "since": 1, "final_answer": "清运完毕，另约谈了物业。"}
    refused = client.post(f"/t/{ticket.number}/reply/", sent, headers=PANE)
    assert refused.status_code in {409, 412}
    assert "清运完毕，另约谈了物业。" in text_of(refused)
    assert "<html" not in text_of(refused)


def test_nobody_else_is_answered_in_a_pane(nine: World) -> None:
    ticket = nine.dispatched()
    client = entered(nine.again("clerk"))
    sent = {"seen": ticket.version, "since": ticket.seq}
    done = client.post(f"/t/{ticket.number}/claim/", sent, headers=PANE)
    assert done.status_code == 302


def test_a_follower_is_registered_in_the_pane(nine: World) -> None:
    done = press(at_desk(nine), nine.reported(), "follow", name="钱默", phone="13900005678")
    assert "已登记关注" in text_of(done)
    assert "<html" not in text_of(done)


def test_a_contact_is_revealed_in_the_pane(nine: World) -> None:
    ticket = nine.reported()
    shown = at_desk(nine).post(f"/t/{ticket.number}/reveal/", {"reason": "回访"}, headers=PANE)
    assert "13900001234" in text_of(shown)
    assert "<html" not in text_of(shown)


def test_the_list_that_is_shown_goes_with_what_is_sent(nine: World) -> None:
    page = text_of(pane(at_desk(nine), nine.reported(), tab="new"))
    assert json.dumps({"tab": "new"}).replace('"', "&quot;") in page


@pytest.mark.parametrize("tab", ["new", "approvals"])
def test_long_lists_cost_no_more_statements(nine: World, settings: Settings, tab: str) -> None:
    settings.HUBIN_LAW_CACHE = True
    declined_by_another(nine)
    client = at_desk(nine, "shift_leader")
    short = statements(client, LIST, tab=tab)
    for _nth in range(5):
        declined_by_another(nine)
    assert statements(client, LIST, tab=tab) == short <= 6


def test_a_pane_with_everything_costs_no_more_statements(nine: World, settings: Settings) -> None:
    settings.HUBIN_LAW_CACHE = True
    bare = nine.reported(reporter=None, is_on_behalf=True, is_anonymous=True)
    client = at_desk(nine)
    few = statements(client, DESK, t=bare.number)
    full = helped(nine)
    for _nth in range(4):
        nine.reported()
    assert few <= statements(client, DESK, t=full.number) <= 20


@pytest.mark.parametrize(("said", "is_on"), [("off", False), ("on", True)])
def test_single_keys_are_switched(nine: World, said: str, is_on: bool) -> None:
    client = at_desk(nine)
    assert client.post("/desk/keys/", {"single_keys": said}).status_code == 302
    assert nine.again("desk").single_keys is is_on
    assert ('data-single-keys="off"' in text_of(client.get("/"))) is not is_on


def test_every_verb_of_the_desk_has_a_key_of_its_own() -> None:
    shared = {"countersign", "grant", "refuse"}
    own = [pressed for verb, pressed in KEYS.items() if verb not in shared]
    assert len(own) == len(set(own))
    assert not set(own) & set("jknop?g/1234567")
    assert set(KEYS) <= set(MOVES)


def test_the_desk_in_english(nine: World) -> None:
    ticket, client = nine.verified(), english(nine.desk)
    nine.reported(), nine.accepted(), declined_by_another(nine)
    pages = {tab: client.get(DESK, {"tab": tab}) for tab in desks.TABS}
    pages["pane"] = client.get(DESK, {"t": ticket.number})
    preview = {"final_answer": "已收悉"}
    pages["preview"] = client.post(f"/desk/t/{ticket.number}/preview/", preview, headers=PANE)
    pages["refused"] = client.get(DESK, {"tab": "none"})
    assert left_on(pages, preview) == {}
