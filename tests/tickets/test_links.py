"""Links in notices: for one thing, in one round, for a while; and honest about why not."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.actors import SYSTEM
from tests.tickets.follow import BAD, GOOD, do, text_of
from tests.world import ANSWER, World
from tickets import actions, links
from tickets.keys import make_key
from tickets.links import Purpose
from tickets.models import Event, Follower, FollowKey, Rating, Reporter, Ticket
from tickets.words import VerifyBy

TWO_WEEKS = timedelta(days=14)


def path(purpose: Purpose, ticket: Ticket, world: World, **more: Any) -> str:
    return f"/l/{links.make(purpose, ticket, at=world.at, **more)}/"


def told(address: str, status: int, words: str) -> str:
    """Both a look and an act are refused, in the same words; nothing is written."""
    before = Event.objects.count()
    for answer in (Client().get(address), Client().post(address, GOOD)):
        assert (answer.status_code, words in text_of(answer)) == (status, True), text_of(answer)
        assert "12345" in text_of(answer)
    assert Event.objects.count() == before
    return text_of(answer)


def asked(world: World) -> Ticket:
    """The handler has a question to the reporter."""
    return actions.inquire(world.handled(), by=world.handler, at=world.at, question="是几号楼？")


def confirmable(world: World, **given: Any) -> Ticket:
    """The reporter is to say whether it is solved."""
    category = world.categories["litter"]
    category.verify_by = VerifyBy.REPORTER
    category.save(update_fields=["verify_by"])
    return world.resolved(**given)


def test_a_link_shows_the_answer_and_rates(world: World) -> None:
    address = path(Purpose.RATE, world.replied(), world)
    page = text_of(Client().get(address))
    assert ANSWER[:10] in page
    answer = Client().post(address, GOOD)
    rating = Rating.objects.get()
    assert (answer.status_code, rating.stars, rating.is_by_phone) == (200, 5, False)
    assert "谢谢您的评价" in text_of(answer)


def test_it_rates_in_the_name_of_the_reporters_key(world: World) -> None:
    ticket = world.replied()
    Client().post(path(Purpose.RATE, ticket, world), GOOD)
    assert Event.objects.get(ticket=ticket, verb="rate").by == f"key:{FollowKey.objects.get().pk}"


def test_a_look_writes_nothing(world: World) -> None:
    ticket = world.replied()
    FollowKey.objects.all().delete()
    Client().get(path(Purpose.RATE, ticket, world))
    assert not FollowKey.objects.exists()


def test_whoever_was_never_given_a_key_gets_one_with_the_act(world: World) -> None:
    ticket = world.replied()
    FollowKey.objects.all().delete()
    assert Client().post(path(Purpose.RATE, ticket, world), BAD).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.state, FollowKey.objects.count()) == ("CONTESTED", 1)


def test_a_form_that_is_not_complete_says_so(world: World) -> None:
    answer = Client().post(path(Purpose.RATE, world.replied(), world), {"stars": "9"})
    assert answer.status_code == 422
    assert not Rating.objects.exists()


def test_a_link_answers_a_question(world: World) -> None:
    address = path(Purpose.INFORM, asked(world), world)
    assert "是几号楼？" in text_of(Client().get(address))
    assert Client().post(address, {"text": "三号楼。"}).status_code == 200
    assert Event.objects.filter(verb="inform").count() == 1
    told(address, 410, "您已经回答过")


def test_a_question_may_be_past_answering(world: World, monday: None, settings: Any) -> None:
    address = path(Purpose.INFORM, asked(world), world)
    move(settings, timedelta(days=4))
    told(address, 410, "已经过了回答期限")


def test_a_link_confirms(world: World) -> None:
    ticket = confirmable(world)
    address = path(Purpose.CONFIRM, ticket, world)
    assert Client().get(address).content.count(b'name="verb"') == 2
    assert Client().post(address, {"verb": "verify"}).status_code == 200
    ticket.refresh_from_db()
    assert ticket.state == "VERIFIED"
    told(address, 410, "您已经确认过")


def test_a_link_says_that_it_is_not_solved(world: World) -> None:
    ticket = confirmable(world)
    needs = {"verb": "rework", "reason": "NOT_DONE", "text": "还堆着"}
    assert Client().post(path(Purpose.CONFIRM, ticket, world), needs).status_code == 200
    ticket.refresh_from_db()
    assert ticket.state == "HANDLING"


@pytest.mark.parametrize("verb", ["withdraw", "rate", "", "inform"])
def test_a_link_is_for_its_own_purpose_only(world: World, verb: str) -> None:
    ticket = confirmable(world)
    answer = Client().post(path(Purpose.CONFIRM, ticket, world), {**GOOD, "verb": verb})
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.state) == (422, "RESOLVED")


def test_what_needs_no_confirming_says_so(world: World) -> None:
    told(path(Purpose.CONFIRM, world.resolved(), world), 410, "现在不需要您确认")


def test_who_has_rated_is_told_so(world: World) -> None:
    ticket, token = world.replied(), ""
    token = make_key(ticket, at=world.at)
    do(token, "rate", **GOOD)
    page = told(path(Purpose.RATE, ticket, world), 410, "您已经评价过")
    assert ticket.number in page


def move(settings: Any, by: timedelta) -> None:
    file = settings.HUBIN_CLOCK_FILE
    with open(file, encoding="ascii") as old:
        offset = float(old.read())
    with open(file, "w", encoding="ascii") as new:
        new.write(str(offset + by.total_seconds()))


def test_a_link_expires(world: World, settings: Any) -> None:
    address = path(Purpose.RATE, world.replied(), world)
    move(settings, TWO_WEEKS)
    told(address, 410, "这个链接已经过期")


def test_how_long_it_is_good_for_is_a_setting(world: World, settings: Any) -> None:
    settings.HUBIN_LINK_DAYS = 1
    address = path(Purpose.RATE, world.replied(), world)
    move(settings, timedelta(days=1))
    told(address, 410, "这个链接已经过期")


def test_after_the_window_it_says_that_rating_ended(world: World) -> None:
    ticket = world.replied()
    address = path(Purpose.RATE, ticket, world)
    actions.close(ticket, by=SYSTEM, at=clock.now() + timedelta(days=8))
    told(address, 410, "评价已经截止")


def test_a_link_of_the_round_before_says_so(world: World) -> None:
    ticket = world.replied()
    address = path(Purpose.RATE, ticket, world)
    do(make_key(ticket, at=world.at), "rate", **BAD)
    ticket.refresh_from_db()
    actions.reopen(ticket, by=world.desk, at=clock.now(), reason="NOT_SOLVED", text="没有清完")
    told(address, 410, "后来重新办理")


def test_what_was_merged_since_says_where_it_is(world: World) -> None:
    ticket, lead = asked(world), world.handled()
    address = path(Purpose.INFORM, ticket, world)
    actions.merge(ticket, by=world.desk, at=world.at, target=lead)
    assert lead.number in told(address, 410, "已并入同样的诉求")


def merged(world: World) -> tuple[Ticket, Follower]:
    """Somebody's ticket lies merged in an answered one."""
    theirs = world.reported(reporter=Reporter.build(name="钱多多", phone="13900005678"))
    lead = world.accepted()
    actions.merge(theirs, by=world.desk, at=world.at, target=lead)
    actions.route(lead, at=world.at)
    actions.claim(lead, by=world.handler, at=world.at)
    actions.resolve(lead, by=world.handler, at=world.at, result="DONE", note="已清运",
                    proposed_answer=ANSWER)  # fmt: skip
    actions.verify(lead, by=world.grid_worker, at=world.at)
    actions.reply(lead, by=world.other_desk, at=world.at, final_answer=ANSWER)
    return lead, Follower.objects.get(merged=theirs)


def test_a_merged_reporter_rates_by_a_link_of_their_own(world: World) -> None:
    lead, follower = merged(world)
    address = path(Purpose.RATE, lead, world, follower=follower)
    assert Client().post(address, GOOD).status_code == 200
    assert Rating.objects.get().follower == follower
    told(address, 410, "您已经评价过")


def test_each_rates_by_their_own_link(world: World) -> None:
    lead, follower = merged(world)
    Client().post(path(Purpose.RATE, lead, world, follower=follower), GOOD)
    assert Client().post(path(Purpose.RATE, lead, world), GOOD).status_code == 200
    lead.refresh_from_db()
    assert (lead.state, Rating.objects.count()) == ("CLOSED", 2)


def test_who_follows_no_more_is_told_so(world: World) -> None:
    lead, follower = merged(world)
    address = path(Purpose.RATE, lead, world, follower=follower)
    Follower.objects.filter(pk=follower.pk).update(ended_at=world.at)
    told(address, 410, "不再关注")


def test_revoked_keys_revoke_their_links(world: World) -> None:
    ticket = world.replied()
    FollowKey.objects.update(revoked_at=world.at)
    told(path(Purpose.RATE, ticket, world), 410, "已失效")


@pytest.mark.parametrize("token", ["x", "r1-0-1-zzzzz", "r1-0-1-zzzzz.x", "r.x", "..", "r1-0-1"])
def test_what_was_never_made_here_opens_nothing(db: None, token: str) -> None:
    assert told(f"/l/{token}/", 404, "不完整或被改动过")


@pytest.mark.parametrize("place", [0, 3, -1])
def test_one_other_sign_and_it_opens_nothing(world: World, place: int) -> None:
    token = links.make(Purpose.RATE, world.replied(), at=world.at)
    other = "c" if token[place] != "c" else "d"
    signs = list(token)
    signs[place] = other
    told(f"/l/{''.join(signs)}/", 404, "不完整或被改动过")


def test_a_signed_link_to_nothing_tells_nothing(world: World) -> None:
    ticket = world.replied()
    ticket.pk = 987654
    told(path(Purpose.RATE, ticket, world), 404, "不在这里")


def test_nothing_of_the_page_is_kept_or_told_on(world: World) -> None:
    answer = Client().get(path(Purpose.RATE, world.replied(), world))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


def test_the_page_names_nobody(world: World) -> None:
    page = text_of(Client().get(path(Purpose.RATE, world.replied(), world)))
    for hidden in ("赵见诚", "13900001234", world.handler.name, world.desk.name):
        assert hidden not in page


def test_the_page_says_until_when_it_can_be_done(world: World) -> None:
    pages = [text_of(Client().get(path(purpose, ticket, world))) for purpose, ticket in (
        (Purpose.RATE, world.replied()), (Purpose.INFORM, asked(world)),
        (Purpose.CONFIRM, confirmable(world)),
    )]  # fmt: skip
    until = [re.search(r"有效期至：<time[^>]*>([^<]*)<", page) for page in pages]
    assert [found and found[1] for found in until] == ["11-30 09:00", "11-26 09:00", "12-07 09:00"]


def test_a_notice_has_the_whole_address(world: World, settings: Any) -> None:
    settings.HUBIN_SITE_URL = "https://hubin.example"
    address = links.address(links.make(Purpose.RATE, world.replied(), at=world.at))
    assert address.startswith("https://hubin.example/l/r")
    assert len(address) < 110
    assert Client().get(address.removeprefix("https://hubin.example")).status_code == 200


def test_another_method_is_refused(world: World) -> None:
    assert Client().delete(path(Purpose.RATE, world.replied(), world)).status_code == 405
