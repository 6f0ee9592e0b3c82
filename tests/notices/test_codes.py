"""Codes that wait are sent once; a gateway in trouble is tried again and holds nobody up."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from grids.login import phone
from grids.models import PhoneCode
from hubin.celery import app
from notices import codes
from notices.models import Incident
from notices.views.phone import SEND
from tests.notices.sms import AT, NUMBER, gateway
from tests.races import race
from tests.servers.plain import Reply
from tests.servers.sms import SmsServer

__all__ = ["gateway"]
pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=21)


def asked(number: str = NUMBER, at: datetime = AT) -> PhoneCode:
    return phone.ask(number, address="192.0.2.1", at=at)


def open_incidents() -> list[str]:
    found = Incident.objects.filter(kind="sms", ended_at=None).exclude(raised_at=None)
    return list(found.values_list("detail", flat=True))


def test_what_waits_is_sent_once(gateway: SmsServer) -> None:
    row = asked()
    code = row.code
    assert (codes.sweep(at=AT), codes.sweep(at=AT + SOON)) == (1, 0)
    assert [one.parameters for one in gateway.sent] == [[code, "5"]]


def test_what_was_sent_keeps_no_code(gateway: SmsServer) -> None:
    row = asked()
    codes.sweep(at=AT)
    row.refresh_from_db()
    assert (row.code, row.sent_at) == (None, AT)


def test_without_a_channel_it_waits_and_expires(db: None) -> None:
    asked()
    assert codes.sweep(at=AT) == 0


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(200, b"<html>"), Reply(200, b"{" * 99, cut=True)],
    ids=["500", "garbage", "cut"],
)  # fmt: skip
def test_trouble_is_tried_again_a_little_later(gateway: SmsServer, reply: Reply) -> None:
    asked()
    gateway.mood.reply = reply
    assert codes.sweep(at=AT) == 0
    gateway.mood.reply = None
    assert codes.sweep(at=AT + timedelta(seconds=1)) == 0
    assert codes.sweep(at=AT + SOON) == 1


def test_after_three_times_a_person_is_told_and_it_is_over(gateway: SmsServer) -> None:
    asked()
    gateway.mood.reply = Reply(503)
    for turn in range(4):
        codes.sweep(at=AT + turn * SOON)
    assert len(gateway.asked) == 3
    assert open_incidents() == ["status 503"]


def test_a_gateway_that_works_again_ends_the_incident(gateway: SmsServer) -> None:
    asked()
    gateway.mood.error = "FailedOperation.InsufficientBalance"
    codes.sweep(at=AT)
    assert open_incidents() == ["FailedOperation.InsufficientBalance"]
    gateway.mood.error = ""
    asked("13900005678")
    codes.sweep(at=AT)
    assert open_incidents() == []


def test_what_no_retry_helps_is_not_tried_again(gateway: SmsServer) -> None:
    row = asked()
    gateway.mood.status = "FailedOperation.PhoneNumberInBlacklist"
    codes.sweep(at=AT)
    codes.sweep(at=AT + SOON)
    row.refresh_from_db()
    assert (row.fault, row.code, len(gateway.asked)) == (gateway.mood.status, None, 1)
    assert open_incidents() == []


def test_a_silent_gateway_costs_one_time_out_a_round(gateway: SmsServer, settings: Any) -> None:
    settings.HUBIN_EGRESS_SECONDS = 0.2
    for turn in range(4):
        asked(f"1390000123{turn}")
    gateway.mood.reply = Reply(silent=True)
    assert codes.sweep(at=AT) == 0
    assert len(gateway.asked) == 1


def test_one_numbers_trouble_holds_up_no_other(gateway: SmsServer) -> None:
    asked("13900002222")
    PhoneCode.objects.update(number="123")
    asked("13900003333", at=AT + timedelta(seconds=1))
    assert codes.sweep(at=AT + timedelta(seconds=1)) == 1
    assert gateway.sent[0].number == "+8613900003333"


def test_a_numbers_flow_limit_holds_up_no_other_and_is_tried_again(gateway: SmsServer) -> None:
    asked("13900002222")
    asked("13900003333", at=AT + timedelta(seconds=1))
    gateway.mood.flow.add("+8613900002222")
    assert codes.sweep(at=AT + timedelta(seconds=1)) == 1
    gateway.mood.flow.clear()
    assert codes.sweep(at=AT + 2 * SOON) == 1
    assert open_incidents() == []


def test_what_expired_is_not_sent(gateway: SmsServer) -> None:
    asked()
    assert codes.sweep(at=AT + timedelta(minutes=5)) == 0
    assert gateway.asked == []


def test_who_died_while_sending_leaves_a_lease_that_runs_out(gateway: SmsServer) -> None:
    asked()
    assert codes._lease(AT) is not None
    assert codes.sweep(at=AT + timedelta(minutes=1)) == 0
    assert codes.sweep(at=AT + timedelta(minutes=2)) == 1


def test_after_a_day_nothing_is_left(gateway: SmsServer) -> None:
    asked()
    codes.sweep(at=AT + timedelta(days=1, seconds=1))
    assert not PhoneCode.objects.exists()


def test_the_task_that_is_poked_exists() -> None:
    app.loader.import_default_modules()
    assert SEND in app.tasks
    assert app.conf.beat_schedule["codes"]["kwargs"] == {"name": "codes"}


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_once(gateway: SmsServer) -> None:
    asked()
    done = race(*[lambda: codes.sweep(at=AT)] * 2)
    assert sorted(done) == [0, 1]
    assert len(gateway.sent) == 1
