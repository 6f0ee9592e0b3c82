"""Nothing is told twice and nothing is lost: doubled sweeps, killed workers, no broker."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from notices.announce import Told, announce
from notices.incidents import raise_incident
from notices.models import Incident, Notice
from tests.promises.broker import in_this_database, until_alone
from tests.races import race, start
from tests.world import World
from tickets import actions, announcing, audience, sweeps
from tickets.models import Event, Ticket

# announces a batch, says so, and waits to be shot before it can commit
HALF_DONE = """
import sys, django
django.setup()
from django.db import transaction
from common import clock
from tickets import announcing
with transaction.atomic():
    print(len(announcing._announce(0, 1000, at=clock.now())), flush=True)
    sys.stdin.read()
"""


def told() -> Counter[tuple[int, int]]:
    return Counter(Notice.objects.values_list("event_id", "person_id"))


def waiting() -> int:
    return Event.objects.filter(announced_at=None).count()


def test_a_second_sweep_finds_nothing(world: World) -> None:
    world.handled()
    first = sweeps.run("announce", at=world.at)
    assert (first > 0, sweeps.run("announce", at=world.at), waiting()) == (True, 0, 0)


def test_two_sweeps_at_once_tell_everything_once(committed_world: World) -> None:
    world = committed_world
    for _time in range(6):
        world.resolved()
    due = waiting()
    done = race(*[lambda: sweeps.run("announce", at=world.at)] * 2)
    assert (sum(done), waiting(), set(told().values())) == (due, 0, {1})


def test_what_another_sweep_holds_is_passed_over(committed_world: World) -> None:
    committed_world.dispatched()
    with transaction.atomic():
        assert announcing._announce(0, 1000, at=committed_world.at)
        found = start(lambda: sweeps.run("announce", at=committed_world.at)).result(timeout=60)
    assert (found, waiting(), set(told().values())) == (0, 0, {1})


def test_a_trouble_that_another_sweep_has_in_hand_is_not_over(committed_world: World) -> None:
    event = committed_world.dispatched().events.get(verb="dispatch")
    raise_incident(announcing.KIND, str(event.pk), detail="1 / 0", at=committed_world.at)
    with transaction.atomic():
        assert announcing._announce(0, 1000, at=committed_world.at)
        start(lambda: sweeps.run("announce", at=committed_world.at)).result(timeout=60)
        assert Incident.objects.get(kind=announcing.KIND).ended_at is None


def test_a_worker_shot_before_its_commit_has_told_nobody(committed_world: World) -> None:
    committed_world.handled()
    due = waiting()
    worker = subprocess.Popen(
        [sys.executable, "-c", HALF_DONE], env=in_this_database(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert worker.stdout is not None
    assert int(worker.stdout.readline()) == due
    worker.kill()
    worker.communicate()
    until_alone()
    assert (waiting(), Notice.objects.count()) == (due, 0)
    assert sweeps.run("announce", at=committed_world.at) == due
    assert set(told().values()) == {1}


def test_told_but_not_done_with_is_told_once(world: World) -> None:
    """A restored backup, say, in which notices are newer than their events."""
    world.dispatched()
    events = list(Event.objects.filter(announced_at=None))
    with transaction.atomic():
        announcing.announce_events(events, at=world.at)
        before = told()
        announce(
            (
                Told(one.event_id, one.ticket_id, one.person_id, "CLERK", one.at)
                for one in Notice.objects.all()
            ),
            at=world.at,
        )
    assert told() == before


def test_one_that_cannot_be_told_holds_up_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = world.dispatched().events.get(verb="dispatch")
    good = world.dispatched().events.get(verb="dispatch")
    called: Callable[..., Any] = audience.Audience._called

    def broken(self: audience.Audience, event: Event) -> Any:
        return called(self, event) if event.pk != bad.pk else 1 / 0

    monkeypatch.setattr(audience.Audience, "_called", broken)
    sweeps.run("announce", at=world.at)
    assert set(Event.objects.filter(announced_at=None)) == {bad}
    assert Notice.objects.filter(event_id=good.pk).exists()
    assert Incident.objects.get(ended_at=None).subject == str(bad.pk)


def test_its_incident_ends_when_it_was_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.dispatched()
    with monkeypatch.context() as patch:
        patch.setattr(audience.Audience, "_called", lambda self, event: 1 / 0)
        sweeps.run("announce", at=world.at)
    sweeps.run("announce", at=world.at)
    assert (waiting(), Incident.objects.filter(ended_at=None).count()) == (0, 0)


def test_history_brought_in_is_told_to_nobody(world: World) -> None:
    for number, ended_at in enumerate((None, world.at)):
        actions.bring_in(
            at=world.at, text="路面塌陷", place=world.spot, profile="old", source_id=str(number),
            reported_at=world.at - timedelta(days=1), category=world.categories["manhole"],
            ended_at=ended_at, urgency="URGENT",
        )  # fmt: skip
    assert (waiting(), sweeps.run("announce", at=world.at)) == (0, 0)


def urged(tickets: list[Ticket], times: int, at: datetime, verb: str = "urge") -> None:
    """So many more events on each of them, without what an action does besides."""
    Event.objects.bulk_create(
        Event(
            ticket=ticket, seq=ticket.seq + 1 + time, verb=verb, by="system", at=at,
            from_state=ticket.state, to_state=ticket.state, hash="",
        )
        for ticket in tickets
        for time in range(times)
    )  # fmt: skip


@pytest.mark.parametrize("times", [1, 20])
def test_a_batch_takes_so_many_statements(world: World, times: int) -> None:
    urged([world.handled() for _time in range(times)], 5, world.at)
    with CaptureQueriesContext(connection) as counted:
        found = announcing._announce(0, announcing.BATCH, at=world.at)
    assert len(found) >= 8 * times
    assert sum("SAVEPOINT" not in row["sql"] for row in counted) <= 14


def test_a_thousand_events_take_a_few_batches(world: World) -> None:
    urged([world.handled() for _time in range(20)], 50, world.at)
    batches = 1000 // announcing.BATCH + 1
    with CaptureQueriesContext(connection) as counted:
        assert sweeps.run("announce", at=world.at) > 1000
    assert sum("SAVEPOINT" not in row["sql"] for row in counted) <= 14 * batches + 2
    assert Notice.objects.filter(role="HEAD").count() == 1000
