"""The real broker and a real worker: acceptance is routed at once, or else by the sweep."""

from collections.abc import Iterator

import pytest
from celery.contrib.testing.worker import start_worker
from pytest_django import Settings

from hubin.celery import app
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Ticket
from tickets.states import State

QUEUE = "tests-of-the-worker"
TRIES = 50_000  # each asks the database once


@pytest.fixture
def worker(committed_world: World, settings: Settings) -> Iterator[World]:
    """A worker of this process on the real broker, with a queue of its own."""
    settings.HUBIN_POKES = True
    app.conf.task_default_queue = QUEUE
    app.control.purge()
    with start_worker(
        app, queues=[QUEUE], perform_ping_check=False, shutdown_timeout=30, loglevel="WARNING"
    ):
        yield committed_world
    app.control.purge()
    app.conf.task_default_queue = "celery"


def until_state(ticket: Ticket, state: State) -> str:
    """Looks again and again, but not for ever."""
    for _try in range(TRIES):
        ticket.refresh_from_db()
        if ticket.state == state:
            break
    return ticket.state


@pytest.mark.xdist_group("worker")
def test_a_worker_routes_right_after_acceptance(worker: World) -> None:
    ticket = actions.accept(worker.reported(), by=worker.desk, at=worker.at)
    assert until_state(ticket, State.DISPATCHED) == State.DISPATCHED


@pytest.mark.xdist_group("worker")
def test_a_worker_accepts_and_routes_an_urgent_report_by_itself(worker: World) -> None:
    ticket = worker.reported(category=worker.categories["manhole"])
    assert ticket.state == State.REPORTED
    assert until_state(ticket, State.DISPATCHED) == State.DISPATCHED


@pytest.mark.xdist_group("worker")
def test_the_same_poke_twice_dispatches_once(worker: World) -> None:
    ticket = worker.accepted()
    for _time in range(3):
        app.send_task("tickets.tasks.route", kwargs={"ticket_id": ticket.pk})
    until_state(worker.accepted(), State.DISPATCHED)  # behind them in the same queue
    assert ticket.events.filter(verb="dispatch").count() == 1


def test_a_lost_poke_is_only_later(committed_world: World) -> None:
    ticket = committed_world.accepted()
    assert ticket.state == State.ACCEPTED
    sweeps.run("route", at=committed_world.at)
    ticket.refresh_from_db()
    assert ticket.state == State.DISPATCHED
