"""The real broker and a real worker: notices come right after the act, or else by the sweep."""

import json
from pathlib import Path

import pytest
from kombu import Queue
from pytest_django import Settings

from common import poke as pokes
from hubin.celery import app
from notices.models import Delivery, Notice
from notices.models.delivery import DeliveryState
from tests.promises.test_worker import QUEUE, TRIES, worker
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Event, Ticket

__all__ = ["worker"]


@pytest.fixture(autouse=True)
def nothing_gathered() -> None:
    """What an earlier test asked for a moment ago is not on its way any more."""
    pokes._gathering.clear()


def until_told(ticket: Ticket) -> set[str]:
    """Looks again and again, but not for ever."""
    rows = Notice.objects.filter(ticket_id=ticket.pk)
    for _try in range(TRIES):
        if rows.exists():
            break
    return set(rows.values_list("person__username", flat=True))


@pytest.mark.xdist_group("worker")
def test_a_worker_tells_right_after_the_act(worker: World) -> None:
    assert until_told(worker.dispatched()) == {"clerk"}


@pytest.mark.xdist_group("worker")
def test_a_text_message_goes_out_right_after_the_act(
    worker: World, settings: Settings, tmp_path: Path
) -> None:
    settings.HUBIN_SMS_FILE = str(tmp_path / "sms.jsonl")
    settings.HUBIN_SMS_TEMPLATES = {"accept": "1001"}
    settings.HUBIN_SITE_URL = "http://127.0.0.1"
    ticket = actions.accept(worker.reported(), by=worker.desk, at=worker.at)
    for _try in range(TRIES):
        if Delivery.objects.filter(ticket_id=ticket.pk, state=DeliveryState.SENT).exists():
            break
    (line,) = (tmp_path / "sms.jsonl").read_text(encoding="utf-8").splitlines()
    sent = json.loads(line)
    assert (sent["number"], sent["template"]) == ("13900001234", "1001")
    assert sent["parameters"][0] == ticket.number


@pytest.mark.xdist_group("worker")
def test_a_doubled_beat_tells_once(worker: World) -> None:
    for _time in range(3):
        app.send_task("tickets.tasks.sweep", kwargs={"name": "announce"})
    ticket = worker.dispatched()
    until_told(ticket)
    assert Notice.objects.filter(ticket_id=ticket.pk).count() == 1


@pytest.mark.xdist_group("worker")
def test_an_emptied_queue_is_only_later(committed_world: World, settings: Settings) -> None:
    settings.HUBIN_POKES = True
    app.conf.task_default_queue = QUEUE
    committed_world.dispatched()
    pokes._waiting.join()
    app.conf.task_default_queue = "celery"
    with app.connection_for_write() as broker:
        assert (Queue(QUEUE, channel=broker.channel()).purge() or 0) >= 1
    assert (Notice.objects.count(), Event.objects.filter(announced_at=None).exists()) == (0, True)
    sweeps.run("announce", at=committed_world.at)
    assert Notice.objects.filter(person__username="clerk").count() == 1
