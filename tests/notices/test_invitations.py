"""What a reporter is asked in a notice they do by its link, without an account."""

import re

from django.test import Client

from notices.models import Delivery
from tests.notices.mailing import mail, texts, wishes
from tests.notices.posting import deliver
from tests.servers.sms import SmsServer
from tests.servers.smtp import MailServer
from tests.tickets.concerned import of_account
from tests.tickets.follow import GOOD
from tests.tickets.pages import entered
from tests.tickets.test_links import asked, confirmable, merged
from tests.world import World
from tickets import sweeps
from tickets.models import Event, Rating

__all__ = ["mail", "texts"]
TOKEN = re.compile(r"r\w+-\w+-\w+-\w+\.[\w-]{43}")
LINK = re.compile(r"https://hubin\.example(/l/[\w.-]+/)")


def sent(world: World, gateway: SmsServer, verb: str) -> dict[str, list[str]]:
    """What each number was told of that verb, and of nothing else."""
    sweeps.run("announce", at=world.at)
    wanted = Event.objects.filter(verb=verb).values("pk")
    Delivery.objects.exclude(event_id__in=wanted).delete()
    deliver(world)
    return {one.number.removeprefix("+86"): one.parameters for one in gateway.sent}


def test_who_is_answered_rates_by_the_link_in_the_text_message(
    world: World, texts: SmsServer
) -> None:
    ticket = world.replied()
    ((number, link),) = sent(world, texts, "reply").values()
    assert number == ticket.number
    assert TOKEN.fullmatch(link)
    assert Client().post(f"/l/{link}/", GOOD).status_code == 200
    assert Rating.objects.get().follower is None


def test_each_gets_a_link_of_their_own(world: World, texts: SmsServer) -> None:
    lead, follower = merged(world)
    told = sent(world, texts, "reply")
    assert set(told) == {"13900001234", "13900005678"}
    Client().post(f"/l/{told['13900005678'][1]}/", GOOD)
    assert Rating.objects.get(ticket=lead).follower == follower
    assert Client().get(f"/l/{told['13900001234'][1]}/").status_code == 200


def test_who_is_asked_answers_by_the_link(world: World, texts: SmsServer) -> None:
    asked(world)
    ((_number, link),) = sent(world, texts, "inquire").values()
    assert "是几号楼？" in Client().get(f"/l/{link}/").text


def written(world: World, server: MailServer, verb: str) -> list[str]:
    """The letter's two forms."""
    wishes(world.resident, "EMAIL", address="z@home.example", verbs=[verb])
    sent(world, SmsServer(), verb)
    ((_to, letter),) = server.taken
    return [letter.get_body([kind]).get_content() for kind in ("plain", "html")]  # type: ignore[union-attr]


def test_a_letter_to_a_resident_has_the_link_in_both_forms(world: World, mail: MailServer) -> None:
    world.replied(**of_account(world))
    forms = written(world, mail, "reply")
    there = [found for form in forms for found in LINK.findall(form)]
    assert (len(there), len(set(there))) == (2, 1)
    assert "登录后" not in "".join(forms)
    assert Client().post(there[0], GOOD).status_code == 200


def test_who_is_to_confirm_is_led_to_it(world: World, mail: MailServer) -> None:
    confirmable(world, **of_account(world))
    (plain, _html) = written(world, mail, "resolve")
    found = LINK.search(plain)
    assert found
    assert Client().post(found[1], {"verb": "verify"}).status_code == 200


def test_staff_are_led_to_the_login(world: World, mail: MailServer) -> None:
    wishes(world.clerk, "EMAIL", address="clerk@unit.example", verbs=["dispatch"])
    world.dispatched()
    sent(world, SmsServer(), "dispatch")
    ((_to, letter),) = mail.taken
    plain = letter.get_body(["plain"]).get_content()  # type: ignore[union-attr]
    assert "/t/" in plain
    assert "/l/" not in plain


def test_who_previews_it_may_not_act_in_the_reporters_place(
    world: World, mail: MailServer, texts: SmsServer
) -> None:
    world.admin.is_staff = world.admin.is_superuser = True
    world.admin.save(update_fields=["is_staff", "is_superuser"])
    office = entered(world.admin)
    wishes(world.resident, "EMAIL", address="z@home.example", verbs=["reply"])
    world.replied(**of_account(world))
    sweeps.run("announce", at=world.at)
    for row in Delivery.objects.filter(event_id=Event.objects.get(verb="reply").pk):
        page = office.get(f"/admin/notices/delivery/{row.pk}/preview/").text
        assert not TOKEN.search(page)
        assert "…" in page


def test_who_followed_once_does_not_get_the_reporters_link(world: World, texts: SmsServer) -> None:
    _lead, follower = merged(world)
    sweeps.run("announce", at=world.at)
    type(follower).objects.update(ended_at=world.at)
    told = sent(world, texts, "reply")
    assert not any(TOKEN.fullmatch(one) for one in told.get("13900005678", []))
    assert TOKEN.fullmatch(told["13900001234"][1])
