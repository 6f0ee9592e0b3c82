"""Who is told by what besides the inbox: the defaults, what each chose, reporters by telephone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from notices.models import Delivery
from tests.notices.mailing import at_work, mail, texts, wishes, work
from tests.notices.posting import HOUR, S, deliver, group, outlet, states, system
from tests.promises.test_announcing import urged
from tests.servers.sms import Sent, SmsServer
from tests.servers.smtp import MailServer
from tests.servers.webhook import WebhookServer
from tests.servers.zheding import ACCOUNTS, ZheDingServer
from tests.tickets.concerned import of_account
from tests.world import ANSWER, World
from tickets import actions, announcing, links, sweeps
from tickets.models import Event, Reporter, Ticket

__all__ = ["group", "mail", "system", "texts", "work"]
NUMBER = "13900001234"


def made(world: World, ticket: Ticket | None = None) -> set[tuple[str, str]]:
    """Which deliveries there are: to whom, by what."""
    sweeps.run("announce", at=world.at)
    rows = Delivery.objects.select_related("person")
    return {(row.person.username if row.person else row.addressee, row.channel) for row in rows}


def escalated(world: World) -> Event:
    """Reported upward, as the firing of a timer writes it."""
    ticket = world.handled()
    sweeps.run("announce", at=world.at)
    Delivery.objects.all().delete()
    urged([ticket], 1, world.at, "escalate")
    return ticket.events.get(verb="escalate")


def with_mail(world: World, *names: str) -> None:
    for name in names:
        world.people[name].email = f"{name}@unit.example"
        world.people[name].save(update_fields=["email"])


def test_without_a_channel_nothing_waits(world: World) -> None:
    with_mail(world, "clerk")
    world.dispatched(urgency="URGENT")
    assert made(world) == set()


def test_the_work_messenger_is_told_of_all_work(world: World, work: ZheDingServer) -> None:
    at_work(world.clerk)
    world.dispatched()
    assert made(world) == {("clerk", "ZHEDING")}
    assert (deliver(world), [one.account for one in work.taken]) == (1, [ACCOUNTS[0]])


def test_letters_are_for_what_is_reported_upward(world: World, mail: MailServer) -> None:
    with_mail(world, "clerk", "head", "handler")
    escalated(world)
    assert made(world) == {("head", "EMAIL"), ("handler", "EMAIL")}


def test_a_text_message_is_for_emergencies(world: World, texts: SmsServer) -> None:
    wishes(world.clerk, "SMS", address=NUMBER)
    world.dispatched(reporter=None, origin="PATROL", by=world.grid_worker)
    assert made(world) == set()
    world.dispatched(origin="PATROL", by=world.grid_worker, urgency="URGENT")
    assert made(world) == {("clerk", "SMS")}


def test_without_a_template_there_is_no_text_message(
    world: World, texts: SmsServer, settings: Any
) -> None:
    wishes(world.clerk, "SMS", address=NUMBER)
    settings.HUBIN_SMS_TEMPLATES = {"escalate": "1110"}
    world.dispatched(urgency="URGENT")
    assert made(world) == set()


def test_who_switched_a_channel_off_is_not_told_by_it(world: World, work: ZheDingServer) -> None:
    at_work(world.clerk, is_on=False)
    world.dispatched()
    assert made(world) == set()


def test_who_chose_actions_is_told_of_those(world: World, mail: MailServer) -> None:
    with_mail(world, "clerk")
    wishes(world.clerk, "EMAIL", verbs=["dispatch"])
    world.dispatched()
    assert made(world) == {("clerk", "EMAIL")}


def test_ones_own_quiet_hours_go_before_the_houses(world: World, work: ZheDingServer) -> None:
    at_work(world.clerk, quiet_from=8 * 60, quiet_to=12 * 60)
    world.dispatched()
    sweeps.run("announce", at=world.at)
    assert Delivery.objects.get().not_before == world.at + 3 * HOUR


def test_a_reporter_without_an_account_is_told_by_telephone(world: World, texts: SmsServer) -> None:
    ticket = world.accepted()
    assert made(world) == {(f"reporter:{ticket.reporter_id}", "SMS")}
    deliver(world)
    ((number, (named, due), _ref),) = [(s.number, s.parameters, s.ref) for s in texts.sent]
    assert (number, named, len(due)) == (f"+86{NUMBER}", ticket.number, 16)
    assert NUMBER not in str(list(Delivery.objects.values()))


def test_a_reporter_with_an_account_is_told_once(world: World, texts: SmsServer) -> None:
    wishes(world.resident, "SMS", address="13900004321")
    world.accepted(**of_account(world))
    assert made(world) == {("resident", "SMS")}


def test_who_follows_by_telephone_is_told_too(world: World, texts: SmsServer) -> None:
    lead, other = world.handled(), world.reported()
    actions.merge(other, by=world.desk, at=world.at, target=lead)
    sweeps.run("announce", at=world.at)
    Delivery.objects.all().delete()
    urged([lead], 1, world.at, "reply")
    told = {f"reporter:{lead.reporter_id}", f"reporter:{other.reporter_id}"}
    assert made(world) == {(one, "SMS") for one in told}


@pytest.mark.parametrize("who", ["reporter", "follower"])
def test_an_answer_comes_with_a_link_by_which_to_rate(
    world: World, texts: SmsServer, who: str
) -> None:
    lead = world.verified()
    if who == "follower":
        reporter = Reporter.build(phone="13900004321")
        reporter.save()
        actions.follow(lead, by=world.desk, at=world.at, reporter=reporter)
    sweeps.run("announce", at=world.at)
    Delivery.objects.all().delete()
    actions.reply(lead, by=world.other_desk, at=world.at, final_answer=ANSWER)
    sweeps.run("announce", at=world.at)
    deliver(world)
    number = "13900004321" if who == "follower" else NUMBER
    (key,) = [sent.parameters[1] for sent in texts.sent if sent.number == f"+86{number}"]
    link = links.read(key)
    assert (link.purpose, link.ticket_id) == (links.Purpose.RATE, lead.pk)
    assert (link.follower_id is not None) == (who == "follower")
    assert Browser().get(f"/l/{key}/").status_code == 200


def test_whose_telephone_was_erased_is_not_told(world: World, texts: SmsServer) -> None:
    ticket = world.accepted()
    sweeps.run("announce", at=world.at)
    Reporter.objects.filter(tickets=ticket).update(phone=None)
    assert (deliver(world), states(), texts.sent) == (1, [S.SKIPPED], [])


def test_a_wrong_number_is_its_owners_and_not_the_gateways(world: World, texts: SmsServer) -> None:
    wishes(world.resident, "SMS", address="12345")
    world.accepted(**of_account(world))
    world.accepted()
    sweeps.run("announce", at=world.at)
    assert deliver(world) == 2
    assert (states(), texts.sent[0].number) == ([S.DEAD, S.SENT], f"+86{NUMBER}")
    assert isinstance(texts.sent[0], Sent)


@pytest.mark.parametrize("name", ["alone", "conduct"])
def test_nothing_of_a_sensitive_ticket_leaves_for_a_group_or_system(
    world: World, system: WebhookServer, name: str
) -> None:
    outlet(system, verbs=[])
    world.accepted(category=world.categories[name])
    assert made(world) == set()


def test_what_became_sensitive_meanwhile_is_not_sent(world: World, system: WebhookServer) -> None:
    outlet(system)
    ticket = world.dispatched()
    sweeps.run("announce", at=world.at)
    type(ticket).objects.filter(pk=ticket.pk).update(is_sensitive=True)
    assert (deliver(world), states(), system.asked) == (1, [S.SKIPPED], [])


@pytest.mark.parametrize(
    ("place", "unit", "count"),
    [("street", None, 1), ("grid", None, 1), ("other_street", None, 0), (None, "squad", 1),
     (None, "fire", 0), ("street", "fire", 0)],
)  # fmt: skip
def test_an_endpoint_hears_of_its_place_and_unit(
    world: World, system: WebhookServer, place: str | None, unit: str | None, count: int
) -> None:
    outlet(system, division=world.places.get(place or ""), unit=world.units.get(unit or ""))
    world.dispatched()
    assert len(made(world)) == count


@pytest.mark.parametrize("times", [1, 20])
def test_a_batch_takes_so_many_statements(
    world: World, mail: MailServer, texts: SmsServer, work: ZheDingServer, system: WebhookServer,
    times: int,
) -> None:  # fmt: skip
    outlet(system, verbs=[])
    with_mail(world, *world.people)
    for person in world.people.values():
        at_work(person)
    urged([world.handled() for _time in range(times)], 5, world.at)
    with CaptureQueriesContext(connection) as counted:
        announcing._announce(0, announcing.BATCH, at=world.at)
    assert Delivery.objects.count() > 10 * times
    assert sum("SAVEPOINT" not in row["sql"] for row in counted) <= 19
