"""Merged reporters and followers: the lead's progress, their own words, one rating each."""

import pytest
from django.test import Client

from tests.tickets.follow import BAD, GOOD, address, do, look, text_of
from tests.world import ANSWER, World
from tickets import actions
from tickets.keys import make_key
from tickets.models import Rating, Reporter, Ticket
from tickets.states import State


@pytest.fixture
def merged(world: World) -> tuple[Ticket, Ticket, str]:
    """The lead, the merged one, and the key of the merged one's reporter."""
    lead = world.handled(text="先报的人说的话")
    ticket, token = world.reported_with_key(
        text="后报的人说的话", reporter=Reporter.build(name="钱知非", phone="13900005678")
    )
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    return lead, ticket, token


def reply(world: World, lead: Ticket) -> None:
    actions.resolve(
        lead, by=world.handler, at=world.at, result="DONE", note="已清", proposed_answer=ANSWER
    )
    actions.verify(lead, by=world.grid_worker, at=world.at)
    actions.reply(lead, by=world.desk, at=world.at, final_answer=ANSWER)


def test_the_key_shows_the_merge_and_the_leads_progress(
    merged: tuple[Ticket, Ticket, str],
) -> None:
    lead, ticket, token = merged
    page = text_of(look(token))
    assert f"已并入同样的诉求 {lead.number}" in page
    assert ticket.number in page
    assert '<h1 id="headline">正在办理</h1>' in page


def test_one_reads_ones_own_words_only(merged: tuple[Ticket, Ticket, str], world: World) -> None:
    lead, _ticket, token = merged
    actions.inquire(lead, by=world.handler, at=world.at, question="只问先报的人")
    do(make_key(lead, at=world.at), "inform", text="先报的人补充的话")
    page = text_of(look(token))
    assert "后报的人说的话" in page
    assert "先报的人" not in page


def test_what_the_merged_one_adds_reaches_the_lead(merged: tuple[Ticket, Ticket, str]) -> None:
    lead, _ticket, token = merged
    assert do(token, "inform", text="我家门口也是").status_code == 303
    assert lead.events.filter(verb="inform").count() == 1
    assert "我家门口也是" in text_of(look(token))


def test_both_get_the_answer_and_rate_once(
    merged: tuple[Ticket, Ticket, str], world: World
) -> None:
    lead, _ticket, token = merged
    reply(world, lead)
    assert ANSWER in text_of(look(token))
    assert do(token, "rate", **GOOD).status_code == 303
    assert do(token, "rate", **GOOD).status_code == 410
    assert "您已评价" in text_of(look(token))
    do(make_key(lead, at=world.at), "rate", **GOOD)
    lead.refresh_from_db()
    assert (lead.state, Rating.objects.count()) == (State.CLOSED, 2)


def test_one_who_is_not_content_contests_the_lead(
    merged: tuple[Ticket, Ticket, str], world: World
) -> None:
    lead, _ticket, token = merged
    reply(world, lead)
    do(token, "rate", **BAD)
    lead.refresh_from_db()
    assert lead.state == State.CONTESTED


def test_another_ones_rating_is_not_shown(merged: tuple[Ticket, Ticket, str], world: World) -> None:
    lead, _ticket, token = merged
    reply(world, lead)
    do(token, "rate", **BAD)
    assert "还堆着呢" in text_of(look(token))
    assert "还堆着呢" not in text_of(look(make_key(lead, at=world.at)))


def test_the_merged_one_cannot_withdraw_the_lead(world: World) -> None:
    lead = world.reported()
    ticket, token = world.reported_with_key()
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    assert do(token, "withdraw").status_code == 410
    lead.refresh_from_db()
    assert lead.is_open


def test_a_follower_reads_steps_and_answers_but_no_report(world: World) -> None:
    ticket = world.replied(text="只有诉求人和工作人员能读")
    _follower, token = actions.follow(ticket, by=world.desk, at=world.at)
    page = text_of(look(token))
    assert ANSWER in page
    assert "只有诉求人和工作人员能读" not in page


def test_a_follower_rates_too(world: World) -> None:
    ticket = world.replied()
    _follower, token = actions.follow(ticket, by=world.desk, at=world.at)
    assert do(token, "rate", **GOOD).status_code == 303
    ticket.refresh_from_db()
    assert ticket.state == State.REPLIED


def test_what_was_split_off_is_ones_own_too(world: World) -> None:
    ticket, token = world.reported_with_key()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另外，路灯也不亮")
    assert new.number in text_of(look(token))
    page = text_of(Client().get(address(token), {"t": new.number}))
    assert "另外，路灯也不亮" in page
    assert f"/urge/?t={new.number}" in page


def test_a_form_about_the_split_matter_acts_on_it(world: World) -> None:
    ticket, token = world.reported_with_key()
    new = actions.split(ticket, by=world.desk, at=world.at, text="另外，路灯也不亮")
    answer = Client().post(f"{address(token, 'urge')}?t={new.number}", {"text": "天黑了"})
    assert answer["Location"] == f"{address(token)}?t={new.number}"
    assert new.events.filter(verb="urge").count() == 1
    assert ticket.events.filter(verb="urge").count() == 0


@pytest.mark.parametrize("number", ["330102-20261123-00002", "", "一"])
def test_another_ones_number_opens_nothing(world: World, number: str) -> None:
    _ticket, token = world.reported_with_key()
    assert world.reported().number == "330102-20261123-00002"
    assert Client().get(address(token), {"t": number}).status_code == 404
