"""Nothing that is a reporter's or internal leaves the house, by whatever way.

The same markers as on the pages, after everything planted was announced to everybody by all ways.
"""

import json
from typing import Any

import pytest
from django.core import serializers

from notices.models import Delivery, Preference
from tests.notices.mailing import mail, texts, work
from tests.notices.posting import group, outlet, system, written
from tests.promises.markers import Planted, plant
from tests.servers.dingtalk import DingTalkServer
from tests.servers.sms import SmsServer
from tests.servers.smtp import MailServer
from tests.servers.webhook import WebhookServer
from tests.servers.zheding import ZheDingServer
from tests.world import World
from tickets import actions, sweeps
from tickets.notices import TABLE

__all__ = ["group", "mail", "system", "texts", "work"]


@pytest.fixture
def told(
    world: World, mail: MailServer, texts: SmsServer, work: ZheDingServer, system: WebhookServer,
    group: DingTalkServer,
) -> Planted:  # fmt: skip
    """Everybody wants to be told of everything by everything."""
    outlet(system, verbs=[])
    outlet(group, verbs=[])
    planted = plant(world)
    Preference.objects.bulk_create(
        Preference(person=person, channel=channel, address="a@unit.example", verbs=list(TABLE))
        for person in world.people.values()
        for channel in ("EMAIL", "SMS", "ZHEDING")
    )
    for ticket in planted.tickets:
        if ticket.is_open:
            actions.urge(ticket, by=world.district_desk, at=world.at, text="请尽快")
    sweeps.run("announce", at=world.at)
    return planted


def test_nothing_that_leaves_holds_what_a_reporter_said(told: Planted) -> None:
    rows = list(Delivery.objects.all())
    assert {row.channel for row in rows} == {"EMAIL", "SMS", "ZHEDING", "DINGTALK", "WEBHOOK"}
    for message in written(rows, told.world):
        said = [message.title, message.text, message.html, message.url, *message.params.values()]
        assert told.found_in(" ".join(said)) == set()


def test_a_digest_holds_none_of_it_either(told: Planted) -> None:
    rows = list(Delivery.objects.exclude(channel="SMS"))
    counts = dict.fromkeys((row.pk for row in rows), 3)
    for message in written(rows, told.world, counts=counts):
        assert told.found_in(message.title + message.text + message.html) == set()


def test_a_delivery_itself_holds_ids_and_codes_only(told: Planted) -> None:
    written: Any = json.loads(serializers.serialize("json", Delivery.objects.all()))
    assert told.found_in(json.dumps(written, ensure_ascii=False)) == set()


def test_no_group_and_no_system_hears_of_what_is_sensitive(told: Planted) -> None:
    hidden = [ticket.pk for ticket in told.tickets if ticket.is_sensitive]
    assert len(hidden) == 2
    assert not Delivery.objects.filter(endpoint__isnull=False, ticket_id__in=hidden).exists()


def test_of_what_is_sensitive_staff_are_told_the_number_only(told: Planted) -> None:
    hidden = [ticket.pk for ticket in told.tickets if ticket.is_sensitive]
    rows = list(Delivery.objects.filter(ticket_id__in=hidden, channel="EMAIL"))
    assert rows
    for message in written(rows, told.world):
        assert "（内容限定）" in message.text
        assert "- " not in message.text
