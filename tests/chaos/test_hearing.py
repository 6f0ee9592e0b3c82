"""What left the house and came twice, or never: forgiven only where a send was interrupted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from grids.models import Person
from notices.channels.email import Email
from notices.channels.messages import Message
from notices.models import Delivery, Endpoint
from tests.chaos.findings import DOUBLED, LOST, WRONG, Evidence, Fault, Finding, Heard
from tests.chaos.hearing import heard, message_id
from tests.chaos.receiver import Mailbox
from tests.servers.plain import running
from tests.world import World
from tickets import sweeps

LATER = timedelta(days=8)
SENDER = "notice@hubin.example"


@pytest.fixture
def delivery(world: World) -> Delivery:
    """One, sent to another system."""
    there = Endpoint.objects.create(kind="WEBHOOK", name="对接", url="https://example.org/")
    world.reported()
    sweeps.run("announce", at=world.at)
    Delivery.objects.filter(endpoint=there).update(state="SENT", tries=2, sent_at=world.at)
    return Delivery.objects.get(endpoint=there)


def fault(name: str, began: float, struck: float, ended: float) -> Fault:
    return Fault(name, began, struck, ended)


def found(world: World, **evidence: Any) -> list[Finding]:
    return list(heard(Evidence(**evidence), at=world.at + LATER))


def twice(row: Delivery, *, was_answered: bool = True) -> list[Heard]:
    return [Heard(row.dedupe_key, 100.0, was_answered), Heard(row.dedupe_key, 190.0)]


def test_what_was_heard_once_is_well(world: World, delivery: Delivery) -> None:
    assert found(world, hooks=[Heard(delivery.dedupe_key, 100.0)]) == []


def test_what_was_never_heard_is_lost(world: World, delivery: Delivery) -> None:
    said = f"delivery {delivery.pk} is SENT, heard 0 times"
    assert found(world, hooks=[]) == [Finding(LOST, said)]


def test_what_is_not_known_to_be_sent_is_lost(world: World, delivery: Delivery) -> None:
    Delivery.objects.update(state="WAITING", sent_at=None)
    assert [one.kind for one in found(world, hooks=twice(delivery)[:1])] == [LOST]


def test_two_processes_with_one_row_have_doubled_it(world: World, delivery: Delivery) -> None:
    said = f"delivery {delivery.pk}: heard at 100.0 and again"
    assert delivery.tries == 2
    assert found(world, hooks=twice(delivery)) == [Finding(DOUBLED, said)]


@pytest.mark.parametrize(
    ("fault", "is_forgiven"),
    [
        (fault("worker killed", 101.0, 101.1, 105.0), True),
        (fault("database restarted", 99.0, 103.0, 103.0), True),
        (fault("clock jumped", 99.0, 101.0, 101.0), False),
        (fault("worker killed", 97.0, 97.1, 102.0), False),
        (fault("worker killed", 185.0, 191.0, 191.0), False),
        (fault("beat killed", 99.0, 101.0, 101.0), False),
        (fault("broker away", 95.0, 105.0, 105.0), False),
    ],
)
def test_only_a_send_that_was_interrupted_is_forgiven(
    world: World, delivery: Delivery, fault: Fault, is_forgiven: bool
) -> None:
    said = found(world, hooks=twice(delivery), faults=[fault])
    assert [one.kind for one in said] == ([] if is_forgiven else [DOUBLED])


def test_what_stayed_without_an_answer_may_come_again(world: World, delivery: Delivery) -> None:
    assert found(world, hooks=twice(delivery, was_answered=False)) == []


def test_what_comes_of_no_delivery_is_wrong(world: World, delivery: Delivery) -> None:
    said = found(world, hooks=[*twice(delivery)[:1], Heard("?", 1.0)])
    assert said == [Finding(WRONG, "heard of no delivery: ?")]


def test_what_comes_while_the_rows_are_read_is_no_wrong(world: World, delivery: Delivery) -> None:
    came = [*twice(delivery)[:1], Heard("?", 201.0)]
    assert found(world, hooks=came, viewed_at=200.0) == []


@pytest.fixture
def letters(world: World) -> Iterator[list[Delivery]]:
    """Whoever has a mailbox was told of what was reported upward."""
    with override_settings(HUBIN_EMAIL_URL="smtp://mail.example", HUBIN_EMAIL_FROM=SENDER):
        Person.objects.filter(pk=world.leader.pk).update(email="leader@hubin.example")
        world.handled()
        sweeps.run("timers", at=world.at + LATER)
        sweeps.run("announce", at=world.at + LATER)
        Delivery.objects.update(state="SENT", sent_at=world.at + LATER)
        yield list(Delivery.objects.filter(channel="EMAIL"))


def mailed(rows: list[Delivery]) -> list[Heard]:
    return [Heard(message_id(row.dedupe_key), 100.0) for row in rows]


def test_each_letter_arrived(world: World, letters: list[Delivery]) -> None:
    assert letters
    assert found(world, mails=mailed(letters)) == []


def test_a_letter_that_did_not_arrive_is_lost(world: World, letters: list[Delivery]) -> None:
    assert [one.kind for one in found(world, mails=mailed(letters)[1:])] == [LOST]


def test_a_letter_that_arrived_twice_is_doubled(world: World, letters: list[Delivery]) -> None:
    came = [*mailed(letters), *mailed(letters[:1])]
    assert [one.kind for one in found(world, mails=came)] == [DOUBLED]


def test_a_letter_that_nobody_wrote_is_lost(world: World, letters: list[Delivery]) -> None:
    letters[0].delete()
    said = Finding(LOST, f"mail {(letters[0].event_id, world.leader.pk)}")
    assert found(world, mails=mailed(letters[1:])) == [said]


def test_a_letter_given_up_though_meant_is_lost(world: World, letters: list[Delivery]) -> None:
    Delivery.objects.filter(pk=letters[0].pk).update(state="SKIPPED", sent_at=None)
    assert [one.kind for one in found(world, mails=mailed(letters[1:]))] == [LOST]


@override_settings(HUBIN_EMAIL_FROM=SENDER, HUBIN_EGRESS_ALLOW=["127.0.0.1"])
def test_the_mailbox_knows_a_letter_by_its_delivery(world: World) -> None:
    with running(Mailbox("smtp://chaos:s3cret@127.0.0.1:0")) as box:
        url = f"smtp://chaos:s3cret@127.0.0.1:{box.server_address[1]}"
        message = Message("题", "文", to="leader@hubin.example", dedupe_key="abc")
        Email(url, SENDER).send(message, at=world.at)
    assert [one.key for one in box.ear.heard] == [message_id("abc")]
