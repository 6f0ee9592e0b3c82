"""What a reporter does with their key."""

from datetime import timedelta

import pytest

from common.actors import SYSTEM
from tests.tickets.follow import BAD, GOOD, do, look, text_of
from tests.world import World
from tickets import actions, permits
from tickets.forms.public import FORMS
from tickets.keys import make_key, open_key
from tickets.models import Event, Rating, Ticket, Words
from tickets.states import State


def test_the_page_offers_exactly_what_is_allowed(world: World) -> None:
    ways = (world.reported, world.dispatched, world.handled, world.replied)
    for ticket in [way() for way in ways]:
        token = make_key(ticket, at=world.at)
        page = text_of(look(token))
        shown = {verb for verb in FORMS if f'id="verb-{verb}"' in page or f'/{verb}/"' in page}
        key = open_key(token, at=world.at)[0]
        assert shown == {move.verb for move in permits.allowed(key, ticket, at=world.at)}


@pytest.mark.parametrize("verb", ["inform", "urge", "withdraw"])
def test_a_form_of_its_own_sends_the_verb(world: World, verb: str) -> None:
    ticket, token = world.reported_with_key()
    assert f'data-verb="{verb}"' in text_of(look(token, verb))
    assert do(token, verb, text="门口又多了两袋").status_code == 303
    assert ticket.events.filter(verb=verb).count() == 1


def test_content_reporters_close_the_ticket(world: World) -> None:
    ticket = world.replied()
    assert do(make_key(ticket, at=world.at), "rate", **GOOD).status_code == 303
    ticket.refresh_from_db()
    assert (ticket.state, Rating.objects.get(ticket=ticket).stars) == (State.CLOSED, 5)


def test_not_solved_contests_with_everything_said(world: World) -> None:
    ticket = world.replied()
    do(make_key(ticket, at=world.at), "rate", **BAD, wants_call="on")
    rating = Rating.objects.get(ticket=ticket)
    ticket.refresh_from_db()
    assert ticket.state == State.CONTESTED
    assert (rating.is_solved, rating.reason_code, rating.wants_call) == (False, "SLOW", True)
    assert Words.objects.get(ticket=ticket, kind="COMMENT").text == "还堆着呢"


def test_rating_twice_is_too_late(world: World) -> None:
    token = make_key(world.replied(), at=world.at)
    do(token, "rate", **GOOD)
    again = do(token, "rate", **GOOD)
    assert again.status_code == 410
    assert "12345" in text_of(again)
    assert Rating.objects.count() == 1


def test_a_second_form_sent_at_once_is_told_so(world: World) -> None:
    ticket = world.replied()
    actions.follow(ticket, by=world.desk, at=world.at)
    token = make_key(ticket, at=world.at)
    do(token, "rate", **GOOD)
    again = do(token, "rate", **GOOD)
    assert again.status_code == 410
    assert "您已经评价过" in text_of(again)


def test_withdrawing_after_the_claim_is_too_late(world: World) -> None:
    answer = do(make_key(world.handled(), at=world.at), "withdraw")
    assert answer.status_code == 410
    assert "正在办理" in text_of(answer)


def test_opening_a_form_too_late_says_so(world: World) -> None:
    assert look(make_key(world.handled(), at=world.at), "rate").status_code == 410


def test_an_objection_is_made_once(world: World) -> None:
    ticket, token = world.reported_with_key()
    actions.decline(ticket, by=world.desk, at=world.at, reason="EMERGENCY", answer="请拨打 119。")
    assert do(token, "object", text="现场没有火情，是油烟").status_code == 303
    actions.decline(ticket, by=world.desk, at=world.at, reason="EMERGENCY", answer="请拨打 119。")
    assert do(token, "object", text="再说一次").status_code == 410


@pytest.mark.parametrize(
    ("verb", "needs", "state"),
    [
        ("verify", {}, State.VERIFIED),
        ("rework", {"reason": "NOT_DONE", "text": "还在漏"}, State.HANDLING),
    ],
)
def test_where_the_reporter_verifies(
    world: World, verb: str, needs: dict[str, str], state: State
) -> None:
    ticket = world.resolved(category=world.categories["own_word"])
    token = make_key(ticket, at=world.at)
    assert f'data-verb="{verb}"' in text_of(look(token))
    assert do(token, verb, **needs).status_code == 303
    ticket.refresh_from_db()
    assert ticket.state == state


def test_a_missing_star_is_named_and_the_words_are_kept(world: World) -> None:
    answer = do(make_key(world.replied(), at=world.at), "rate", comment="写了很多")
    assert answer.status_code == 422
    assert "请选择“您对办理结果”。" in text_of(answer)
    assert "写了很多" in text_of(answer)


@pytest.mark.parametrize("stars", ["6", "0", "-1", "五", "5.0", "９" * 40])
def test_stars_that_do_not_exist_are_refused(world: World, stars: str) -> None:
    answer = do(make_key(world.replied(), at=world.at), "rate", stars=stars, is_solved="yes")
    assert answer.status_code == 422
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("text", ["", "   ", "\x00", "长" * 20_001])
def test_words_that_cannot_be_kept_are_refused(world: World, text: str) -> None:
    _ticket, token = world.reported_with_key()
    assert do(token, "inform", text=text).status_code == 422


def test_looking_changes_nothing(world: World) -> None:
    tickets = [world.reported(), world.handled(), world.replied()]
    before = Event.objects.count(), list(Ticket.objects.values())
    for ticket in tickets:
        token = make_key(ticket, at=world.at)
        for verb in ("", *FORMS):
            look(token, verb)
    assert (Event.objects.count(), list(Ticket.objects.values())) == before


def test_staff_verbs_have_no_door_here(world: World) -> None:
    ticket, token = world.reported_with_key()
    assert do(token, "accept").status_code == 404
    assert ticket.events.count() == 1


def test_the_rating_window_may_be_over(world: World) -> None:
    ticket = world.replied()
    actions.close(ticket, by=SYSTEM, at=world.at + timedelta(days=8))
    assert do(make_key(ticket, at=world.at), "rate", **GOOD).status_code == 410


@pytest.mark.parametrize(("verb", "often"), [("urge", 3), ("inform", 20)])
def test_a_key_adds_only_so_much_a_day(world: World, verb: str, often: int) -> None:
    ticket, token = world.reported_with_key()
    for _time in range(often):
        assert do(token, verb, text="还没有人来").status_code == 303
    refused = do(token, verb, text="还没有人来")
    assert refused.status_code == 429
    assert "请明天再试" in text_of(refused)
    assert ticket.events.filter(verb=verb).count() == often
    _other, second = world.reported_with_key()
    assert do(second, verb, text="还没有人来").status_code == 303
