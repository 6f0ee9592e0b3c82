"""The browser is killed with what was not sent, and begun anew: it is sent, and once."""

import os
import signal
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser import log_in, network_away
from tests.field.conftest import Begin
from tests.field.phone import Phone
from tests.world import World
from tickets.models import Attachment, Ticket


def kill(folder: Path) -> None:
    """As the system does it that needs room: nobody is asked."""
    lock = os.readlink(folder / "SingletonLock")
    os.kill(int(lock.rpartition("-")[2]), signal.SIGKILL)


def write_down(context: BrowserContext) -> None:
    phone = Phone(context.pages[0])
    log_in(phone.page, phone.who)
    phone.open("/field/")
    expect(phone.page.locator("body[data-carried=true]")).to_be_attached()
    with network_away(phone.page):
        phone.open("/field/report/")
        phone.report("人行道地砖松动", with_photo=True)
        phone.send()
        phone.expect_unsent(1)
        phone.grow_older(timedelta(hours=2))


def test_what_was_not_sent_survives_the_kill_and_arrives_once(
    begin: Begin, committed_world: World, tmp_path: Path
) -> None:
    first = begin()
    with first.expect_event("close"):
        write_down(first)
        kill(tmp_path)
    phone = Phone(begin().pages[0])
    with network_away(phone.page):
        expect(phone.queue()).to_contain_text("等待发送")
        assert Ticket.objects.count() == 0
    log_in(phone.page, phone.who)
    expect(phone.queue()).to_contain_text("已发送")
    phone.expect_unsent(0)
    event = Ticket.objects.get().events.get(seq=1)
    assert "observed_at" in event.data
    assert Attachment.objects.get().event == event
