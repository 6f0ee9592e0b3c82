"""A text message that comes back: a rating where it plainly is one, else a word to the desk."""

from datetime import timedelta
from typing import Any

import pytest

from notices.models import Incident
from tests.tickets.follow import GOOD, do
from tests.tickets.test_links import merged, move
from tests.tickets.texting import KEY, texted
from tests.world import World
from tickets import incidents, replies
from tickets.keys import make_key
from tickets.models import Event, FollowKey, Rating, Words

SCALE = [("1", 1), ("5", 5), (" 3 \n", 3), ("４", 4), ("5星", 5), ("2分。", 2), ("非常满意", 5),
         ("满意！", 4), ("基本满意", 3), ("不满意", 2), ("非常不满意", 1),
         ("不 满 意", 2),
         ("①", 1)]  # fmt: skip
NO_SCALE = ["", "0", "6", "55", "5 1", "1-5", "好", "满意吗", "不是很满意", "5 谢谢", "退订"]


@pytest.fixture(autouse=True)
def key(settings: Any) -> None:
    settings.HUBIN_SMS_REPLY_KEY = KEY


def incident() -> tuple[str, str]:
    row = Incident.objects.get(kind=replies.KIND, ended_at=None)
    assert row.raised_at is not None
    return row.subject, row.detail


@pytest.mark.parametrize(("text", "stars"), SCALE)
def test_what_is_plainly_a_rating(text: str, stars: int) -> None:
    assert replies.stars_of(text) == stars


@pytest.mark.parametrize("text", NO_SCALE)
def test_what_is_not_plainly_a_rating_is_none(text: str) -> None:
    assert replies.stars_of(text) is None


@pytest.mark.parametrize(
    ("text", "stars", "is_solved", "state"),
    [("5", 5, True, "CLOSED"), ("基本满意", 3, True, "CLOSED"), ("不满意", 2, False, "CONTESTED")],
)  # fmt: skip
def test_it_rates_the_answered_ticket(
    world: World, text: str, stars: int, is_solved: bool, state: str
) -> None:
    ticket = world.replied()
    assert texted(text).json() == {"result": "rated"}
    ticket.refresh_from_db()
    row = Rating.objects.get(ticket=ticket)
    assert (row.stars, row.is_solved, row.is_by_phone, ticket.state) == (
        stars, is_solved, False, state,
    )  # fmt: skip
    assert Event.objects.get(verb="rate").by == f"key:{FollowKey.objects.get().pk}"
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "number", ["+8613900001234", "0086 139-0000-1234", "１３９００００１２３４"]
)
def test_a_number_is_known_however_it_is_written(world: World, number: str) -> None:
    world.replied()
    assert texted("5", number=number).json() == {"result": "rated"}


def test_the_same_message_again_rates_once(world: World) -> None:
    world.replied()
    assert [texted("5").json() for _nth in range(2)] == [{"result": "rated"}] * 2
    assert (Rating.objects.count(), Incident.objects.count()) == (1, 0)


def test_a_change_of_mind_is_told_to_the_desk_and_changes_nothing(world: World) -> None:
    ticket = world.replied()
    texted("5")
    assert texted("1", id="m2").json() == {"result": "noted"}
    assert Rating.objects.get().stars == 5
    assert incident()[0] == ticket.number


def test_who_looks_at_incidents_reads_why_in_words(world: World) -> None:
    world.replied()
    texted("哪里解决了")
    (shown,) = incidents.told(world.inspector, list(Incident.objects.all()), at=world.at)
    assert (shown.title, shown.detail) == (
        "短信回复没有计入评价", str(replies.SAID[replies.UNCLEAR]),
    )  # fmt: skip


def test_what_is_no_rating_is_kept_with_the_ticket_and_told(world: World) -> None:
    ticket = world.replied()
    assert texted("还是堆着，没人来").json() == {"result": "noted"}
    said = Words.objects.get(event__ticket=ticket, event__verb="inform")
    assert said.text == "还是堆着，没人来"
    assert incident() == (ticket.number, replies.UNCLEAR)
    assert not Rating.objects.exists()


def test_an_unknown_number_rates_nobody(world: World) -> None:
    world.replied()
    assert texted("5", number="13700009999").json() == {"result": "noted"}
    assert incident() == (replies.UNKNOWN, replies.UNKNOWN)
    assert not Rating.objects.exists()


def test_many_unknown_ones_are_one_incident(world: World) -> None:
    for nth in range(3):
        texted("5", number=f"1370000999{nth}", id=f"m{nth}")
    assert Incident.objects.get().count == 3


def test_with_two_answers_waiting_nobody_guesses(world: World) -> None:
    pair = [world.replied(), world.replied()]
    assert texted("5").json() == {"result": "noted"}
    assert not Rating.objects.exists()
    subject, why = incident()
    assert (subject in {ticket.number for ticket in pair}, why) == (True, replies.SEVERAL)


def test_of_two_the_one_that_is_not_rated_yet(world: World) -> None:
    first, second = world.replied(), world.replied()
    do(make_key(first, at=world.at), "rate", **GOOD)
    assert texted("4").json() == {"result": "rated"}
    assert Rating.objects.get(ticket=second).stars == 4


def test_an_answer_older_than_a_week_is_not_meant(world: World, settings: Any) -> None:
    world.replied()
    move(settings, timedelta(days=7))
    assert texted("5").json() == {"result": "noted"}
    assert (Rating.objects.exists(), incident()[0]) == (False, "unknown")


@pytest.mark.parametrize("stage", ["reported", "handled", "verified"])
def test_before_the_answer_there_is_nothing_to_rate(world: World, stage: str) -> None:
    getattr(world, stage)()
    assert texted("5").json() == {"result": "noted"}
    assert not Rating.objects.exists()


def test_a_merged_reporter_rates_the_lead(world: World) -> None:
    lead, follower = merged(world)
    assert texted("5", number="13900005678").json() == {"result": "rated"}
    assert Rating.objects.get(ticket=lead).follower == follower


def test_who_follows_no_more_is_not_asked(world: World) -> None:
    _lead, follower = merged(world)
    type(follower).objects.update(ended_at=world.at)
    assert texted("5", number="13900005678").json() == {"result": "noted"}


def test_revoked_keys_rate_nothing(world: World) -> None:
    ticket = world.replied()
    FollowKey.objects.update(revoked_at=world.at)
    assert texted("5").json() == {"result": "noted"}
    assert (incident()[0], Rating.objects.exists()) == (ticket.number, False)


def test_the_number_of_nobody_is_nobodys(world: World) -> None:
    world.replied(reporter=None)
    assert texted("5", number="  ").json() == {"result": "noted"}
    assert incident()[1] == replies.UNKNOWN
