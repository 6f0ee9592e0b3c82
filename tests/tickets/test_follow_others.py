"""关注: "this is mine too", taken down by the desk or said by a neighbour with the link."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.tickets.follow import BAD, GOOD, address, do, look, text_of
from tests.tickets.pages import do as click
from tests.tickets.pages import entered, forms_in
from tests.tickets.stages import own
from tests.tickets.steps import fresh, last
from tests.world import ANSWER, World
from tickets import actions
from tickets.models import Follower, Rating, Reporter, Ticket
from tickets.states import State

NEIGHBOUR = {"name": "钱知非", "phone": "13900005678"}
KEY = {"key": "0123456789abcdef"}
LINK = re.compile(r'id="follow-link" href="http://testserver/f/([\w-]+)/"')


def token_in(answer: Any) -> str:
    """The follow key on the page that shows it once."""
    found = LINK.search(text_of(answer))
    assert found, text_of(answer)
    return found[1]


def added(world: World, ticket: Ticket, **typed: Any) -> str:
    """By the desk, through its form; the follower's key."""
    return token_in(click(entered(world.desk), ticket.number, "follow", **NEIGHBOUR | typed))


def say(token: str, **typed: Any) -> Any:
    """我也遇到, with a form of its own."""
    return do(token, "follow", **KEY | NEIGHBOUR | typed)


def answered(world: World, ticket: Ticket) -> None:
    actions.resolve(
        ticket, by=world.handler, at=world.at, result="DONE", note="已清", proposed_answer=ANSWER
    )
    actions.verify(ticket, by=world.grid_worker, at=world.at)
    actions.reply(ticket, by=world.desk, at=world.at, final_answer=ANSWER)


@pytest.mark.parametrize(
    ("rated", "state"), [(BAD, State.CONTESTED), (GOOD, State.REPLIED)], ids=["bad", "good"]
)
def test_whom_the_desk_adds_gets_the_answer_and_rates_once(
    nine: World, rated: dict[str, str], state: State
) -> None:
    ticket = nine.handled()
    token = added(nine, ticket)
    answered(nine, fresh(ticket))
    assert ANSWER in text_of(look(token))
    assert do(token, "rate", **rated).status_code == 303
    assert do(token, "rate", **GOOD).status_code == 410
    assert (fresh(ticket).state, Rating.objects.count()) == (state, 1)


def test_what_staff_found_is_answered_to_whom_the_desk_adds(nine: World) -> None:
    ticket = nine.handled(by=nine.grid_worker, origin="PATROL")
    token = added(nine, ticket)
    answered(nine, fresh(ticket))
    do(token, "rate", **GOOD)
    assert fresh(ticket).state == State.CLOSED


def test_the_follower_is_kept_with_their_contact(nine: World) -> None:
    ticket = nine.reported()
    added(nine, ticket)
    reporter = Follower.objects.get(ticket=ticket).reporter
    assert reporter is not None
    assert (reporter.name, reporter.phone) == (NEIGHBOUR["name"], NEIGHBOUR["phone"])
    assert last(ticket).verb == "follow"


def test_staff_see_how_many_follow_and_reporters_do_not(nine: World) -> None:
    ticket = own(nine)
    added(nine, ticket)
    pages = [entered(person).get(f"/t/{ticket.number}/") for person in (nine.desk, nine.resident)]
    assert ["<dt>关注人</dt><dd>1</dd>" in text_of(page) for page in pages] == [True, False]


def test_who_leaves_nothing_follows_without_contact(nine: World) -> None:
    ticket = nine.reported()
    added(nine, ticket, name="", phone="", is_anonymous="on")
    assert Follower.objects.get(ticket=ticket).reporter is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "phone": ""}, "name"),
        ({"phone": "请勿打扰"}, "phone"),
        ({"phone": "1" * 21}, "phone"),
        ({"name": "钱" * 41}, "name"),
        ({"name": "\x00"}, "name"),
        ({"phone": "13900001234"}, "phone"),  # the reporter's own
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    nine: World, typed: dict[str, str], field: str
) -> None:
    ticket = nine.reported()
    answer = click(entered(nine.desk), ticket.number, "follow", **NEIGHBOUR | typed)
    assert answer.status_code == 422
    assert f'id="follow-{field}_error"' in text_of(answer)
    assert not Follower.objects.exists()


def test_the_desk_adds_nobody_twice(nine: World) -> None:
    ticket = nine.reported()
    added(nine, ticket)
    answer = click(entered(nine.desk), ticket.number, "follow", **NEIGHBOUR)
    assert answer.status_code == 422
    assert fresh(ticket).followers_count == 1


def test_the_same_form_twice_adds_one_and_shows_no_second_link(nine: World) -> None:
    ticket, client = nine.reported(), entered(nine.desk)
    form = forms_in(client.get(reverse("ticket", args=[ticket.number])))["verb-follow"] | NEIGHBOUR
    answers = [client.post(reverse("verb", args=[ticket.number, "follow"]), form) for _ in "12"]
    assert [bool(LINK.search(text_of(answer))) for answer in answers] == [True, False]
    assert "没有重复登记" in text_of(answers[1])
    assert fresh(ticket).followers_count == 1


def test_the_record_holds_no_personal_data(nine: World) -> None:
    ticket = nine.reported()
    added(nine, ticket)
    assert last(ticket).data == {"follower": Follower.objects.get().pk}


def test_a_neighbour_with_the_link_gets_a_key_of_their_own(nine: World) -> None:
    ticket, token = nine.reported_with_key(text="只有先报的人能读")
    key = token_in(say(token))
    page = text_of(look(key))
    assert key != token
    assert ticket.number in page
    assert "只有先报的人能读" not in page
    assert "湖滨路 1 号" not in page


def test_no_follower_reads_of_another(nine: World) -> None:
    ticket, token = nine.reported_with_key()
    keys = [
        token_in(say(token, **person))
        for person in (NEIGHBOUR, {"name": "孙敏行", "phone": "13900009876", "key": "another-one"})
    ]
    do(keys[0], "inform", text="钱家门口也有")
    pages = [text_of(look(one)) for one in (*keys, token)]
    assert fresh(ticket).followers_count == 2
    assert ["钱家门口也有" in page for page in pages] == [True, False, False]
    assert not any(word in page for page in pages for word in ("钱知非", "孙敏行", "1390000"))


def test_the_link_of_a_neighbour_rates_and_contests(nine: World) -> None:
    ticket, token = nine.reported_with_key()
    key = token_in(say(token))
    actions.accept(fresh(ticket), by=nine.desk, at=nine.at)
    actions.answer(fresh(ticket), by=nine.desk, at=nine.at, answer=ANSWER)
    assert do(token, "rate", **GOOD).status_code == 303
    assert do(key, "rate", **BAD).status_code == 303
    assert fresh(ticket).state == State.CONTESTED


def test_nobody_learns_by_trying_whose_number_stands_there(nine: World) -> None:
    _ticket, token = nine.reported_with_key()
    assert say(token, phone="13900001234").status_code == 200


def test_a_neighbour_who_leaves_nothing_must_say_so(nine: World) -> None:
    _ticket, token = nine.reported_with_key()
    answer = say(token, name="", phone="")
    assert answer.status_code == 422
    assert "勾选匿名" in text_of(answer)
    assert say(token, name="", phone="", is_anonymous="on").status_code == 200


def test_the_same_form_of_a_neighbour_twice_adds_one(nine: World) -> None:
    ticket, token = nine.reported_with_key()
    say(token)
    assert "没有重复登记" in text_of(say(token))
    assert fresh(ticket).followers_count == 1


def test_one_link_brings_only_so_many_a_day(nine: World) -> None:
    ticket, token = nine.reported_with_key()
    codes = [say(token, key=f"one-of-many-{turn}").status_code for turn in range(6)]
    assert codes == [200] * 5 + [429]
    assert fresh(ticket).followers_count == 5


def test_links_got_from_links_are_counted_together(nine: World) -> None:
    ticket, token = nine.reported_with_key()
    codes = []
    for turn in range(51):
        answer = say(token, key=f"one-of-many-{turn}")
        codes.append(answer.status_code)
        token = token_in(answer) if answer.status_code == 200 else token
    assert codes == [200] * 50 + [429]
    assert fresh(ticket).followers_count == 50


def test_what_has_ended_is_followed_no_more(nine: World) -> None:
    ticket, token = nine.reported_with_key()
    actions.withdraw(ticket, by=nine.key_of(token), at=nine.at)
    assert say(token).status_code == 410
    assert 'id="verb-follow"' not in text_of(entered(nine.desk).get(f"/t/{ticket.number}/"))


def test_a_reporter_with_an_account_adds_a_neighbour(nine: World) -> None:
    ticket = own(nine)
    answer = click(entered(nine.resident), ticket.number, "follow", **NEIGHBOUR)
    assert ticket.number in text_of(look(token_in(answer)))


def test_a_follower_with_an_account_adds_a_neighbour(nine: World) -> None:
    ticket = nine.reported()
    me = Reporter.build(person=nine.resident)
    actions.follow(ticket, by=nine.desk, at=nine.at, reporter=me)
    answer = click(entered(nine.resident), ticket.number, "follow", **NEIGHBOUR)
    assert token_in(answer)
    assert fresh(ticket).followers_count == 2


@pytest.mark.parametrize("who", ["grid_worker", "handler", "leader", "auditor"])
def test_staff_who_only_look_add_nobody(nine: World, who: str) -> None:
    ticket = nine.handled()
    client = entered(nine.again(who))
    assert "verb-follow" not in forms_in(client.get(reverse("ticket", args=[ticket.number])))
    sent = NEIGHBOUR | KEY | {"seen": str(ticket.version)}
    assert client.post(reverse("verb", args=[ticket.number, "follow"]), sent).status_code == 403


def test_the_page_with_the_new_link_is_kept_by_nobody(nine: World) -> None:
    _ticket, token = nine.reported_with_key()
    answer = Client().post(address(token, "follow"), NEIGHBOUR | KEY)
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == (
        "no-store, private", "no-referrer",
    )  # fmt: skip
