"""Channels to people whose servers run beside: letters, text messages, work notices."""

from collections.abc import Iterator
from typing import Any

import pytest

from grids.models import Person
from notices.models import Preference
from tests.notices.channels.sending import beside
from tests.servers import sms, zheding
from tests.servers.plain import running
from tests.servers.sms import SmsServer
from tests.servers.smtp import SENDER, MailServer
from tests.servers.zheding import ACCOUNTS, ZheDingServer
from tickets.notices import TABLE


@pytest.fixture
def mail(settings: Any, monday: None) -> Iterator[MailServer]:
    """A mail server."""
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.1"]
    settings.HUBIN_SITE_URL = "https://hubin.example"
    with running(MailServer()) as found:
        settings.HUBIN_EMAIL_URL, settings.HUBIN_EMAIL_FROM = found.url(), SENDER
        yield found


@pytest.fixture
def texts(settings: Any, monday: None) -> Iterator[SmsServer]:
    """A gateway with one template, of two parameters, for whatever there is to say."""
    with beside(SmsServer(), settings) as server:
        sms.configure(settings, server)
        settings.HUBIN_SMS_TEMPLATES = dict.fromkeys(TABLE, sms.TEMPLATE)
        yield server


@pytest.fixture
def work(settings: Any, monday: None) -> Iterator[ZheDingServer]:
    """The platform of work notices."""
    with beside(ZheDingServer(), settings) as server:
        zheding.configure(settings, server)
        yield server


def wishes(person: Person, channel: str, **more: Any) -> Preference:
    """What that person chose."""
    return Preference.objects.create(person=person, channel=channel, **more)


def at_work(person: Person, **more: Any) -> Preference:
    """An account on the platform of work notices."""
    return wishes(person, "ZHEDING", address=ACCOUNTS[0], **more)
