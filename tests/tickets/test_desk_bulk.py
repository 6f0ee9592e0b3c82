"""批量: many tickets at once from the desk, each with its own result."""

from typing import Any

import pytest

from tests.tickets.desk import DESK, PANE, at_desk
from tests.tickets.english import english, left
from tests.tickets.pages import entered, forms_in, text_of
from tests.world import World
from tickets import actions, bulk
from tickets.models import Ticket
from tickets.states import State

BULK = "/desk/bulk/"
KEY = "0123456789abcdef0123456789abcdef"


def row(ticket: Ticket) -> str:
    return f"{ticket.number}:{ticket.version}"


def send(client: Any, *rows: str, verb: str = "accept", key: str = KEY) -> Any:
    return client.post(BULK, {"verb": verb, "key": key, "row": rows}, headers=PANE)


def refusals(answer: Any) -> list[str]:
    return [one.refused for one in answer.context["outcomes"]]


def state(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).state


def test_each_has_its_own_result(nine: World) -> None:
    done, stale = nine.reported(), nine.reported()
    far = nine.reported(place=nine.far_spot, by=nine.far_desk)
    actions.amend(stale, by=nine.desk, at=nine.at, category=nine.categories["manhole"], text="井盖")
    answer = send(at_desk(nine), row(done), f"{stale.number}:1", row(far))
    told = refusals(answer)
    assert [bool(one) for one in told] == [False, True, True]
    assert "没有这张工单" in told[2]
    assert (state(done), state(stale), state(far)) == (State.ACCEPTED, State.REPORTED, "REPORTED")
    assert "已受理 1 张，共 3 张" in text_of(answer)
    assert answer["HX-Trigger"] == "desk:moved"


def test_it_is_dispatched_by_the_rules_and_the_record_says_so(nine: World) -> None:
    ticket, by_hand = nine.accepted(), nine.accepted()
    Ticket.objects.filter(pk=by_hand.pk).update(needs_hand=True)
    told = refusals(send(at_desk(nine), row(ticket), row(by_hand), verb="dispatch"))
    assert told[0] == ""
    assert "人工" in told[1]
    event = ticket.events.get(verb="dispatch")
    assert event.data["because"]["rule"]
    assert event.by == nine.desk.actor_ref


def test_sent_twice_it_is_done_once(nine: World) -> None:
    ticket = nine.reported()
    client, chosen = at_desk(nine), row(ticket)
    assert refusals(send(client, chosen)) == refusals(send(client, chosen)) == [""]
    assert ticket.events.filter(verb="accept").count() == 1
    assert refusals(send(client, chosen, key=KEY[::-1])) != [""]


def test_what_was_refused_may_be_sent_again(nine: World) -> None:
    ticket = nine.reported(category=None)
    client = at_desk(nine)
    assert "类别" in refusals(send(client, row(ticket)))[0]
    actions.amend(ticket, by=nine.desk, at=nine.at, category=nine.categories["litter"], text="垃圾")
    ticket.refresh_from_db()
    assert refusals(send(client, row(ticket), key=KEY[::-1])) == [""]


@pytest.mark.parametrize(
    "given",
    [
        {"verb": "void", "row": ["1"]},
        {"row": []},
        {"row": ["nonsense"]},
        {"row": ["330102-20261123-00001:x"]},
        {"row": [f"330102-20261123-{nth:05}:1" for nth in range(bulk.MOST + 1)]},
        {"key": "", "row": ["330102-20261123-00001:1"]},
    ],
)
def test_what_makes_no_sense_is_refused_as_a_whole(nine: World, given: Any) -> None:
    sent = {"verb": "accept", "key": KEY} | given
    assert at_desk(nine).post(BULK, sent).status_code == 422


def test_it_works_without_script(nine: World) -> None:
    ticket = nine.reported()
    client = at_desk(nine)
    form = forms_in(client.get(DESK))["bulk"]
    answer = client.post(BULK, form | {"row": row(ticket)})
    assert "<html" in text_of(answer)
    assert state(ticket) == State.ACCEPTED


def test_it_is_for_desks_only(nine: World) -> None:
    ticket = nine.reported()
    assert send(entered(nine.again("leader")), row(ticket)).status_code == 403
    assert state(ticket) == State.REPORTED


def test_results_in_english(nine: World) -> None:
    ticket = nine.reported()
    client = english(nine.desk)
    sent = {"verb": "accept", "key": KEY, "row": [row(ticket), "330102-20261123-09999:1"]}
    assert left(client.post(BULK, sent)) == []
