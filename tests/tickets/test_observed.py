"""What a device says of when something was seen: kept, shown as claimed, never reckoned with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from common.errors import Invalid
from tests.api.asking import Program
from tests.house import source
from tests.promises.proof import breaches
from tests.tickets.follow import address
from tests.tickets.pages import text_of
from tests.world import World
from tickets import actions, observing, timeline
from tickets.keys import make_key
from tickets.models import Clock, Ticket

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KEY = "f0e1d2c3-0002"
FOUND = {"text": "人行道地砖松动", "category": "0101", "lat": 30.245, "lng": 120.155}


def noted(world: World, ago: timedelta) -> Ticket:
    """A note of the handler, written down that long ago."""
    ticket = world.handled()
    observed = world.at - ago
    return actions.note(
        ticket, by=world.handler, at=world.at, text="到了现场", observed_at=observed
    )


def told(ticket: Ticket, person: Any, at: datetime) -> str:
    lines = timeline.lines(ticket, person, at=at)
    return " ".join(fact for line in lines for fact in line.details)


def test_it_stands_in_the_record_and_the_record_holds(world: World) -> None:
    ticket = noted(world, timedelta(hours=3))
    assert ticket.events.get(verb="note").data["observed_at"] == "2026-11-22T22:00:00+00:00"
    assert breaches() == []


def test_it_is_told_as_claimed(world: World) -> None:
    ticket = noted(world, timedelta(hours=3))
    assert "现场时间 11-23 06:00（手机记录，未核实）" in told(ticket, world.desk, world.at)


def test_a_reporter_is_not_told(nine: World) -> None:
    ticket = nine.resolved()
    observed = nine.at - timedelta(hours=1)
    actions.verify(ticket, by=nine.grid_worker, at=nine.at, observed_at=observed)
    assert "现场时间" in told(ticket, nine.desk, nine.at)
    assert "现场时间" not in text_of(Client().get(address(make_key(ticket, at=nine.at))))


@pytest.mark.parametrize("ahead", [timedelta(minutes=6), timedelta(days=1)])
def test_the_future_is_refused(ahead: timedelta) -> None:
    with pytest.raises(Invalid, match="校对手机时间") as refused:
        observing.check(AT + ahead, at=AT)
    assert refused.value.field == "observed_at"


def test_what_is_too_old_is_refused() -> None:
    with pytest.raises(Invalid, match="7 天") as refused:
        observing.check(AT - timedelta(days=7, seconds=1), at=AT)
    assert refused.value.field == "observed_at"


@pytest.mark.parametrize("ago", [timedelta(minutes=-5), timedelta(0), timedelta(seconds=59)])
def test_what_came_at_once_claims_nothing(ago: timedelta) -> None:
    assert observing.told(AT - ago, at=AT) == {}


def test_limits_are_the_same_with_and_without(world: World) -> None:
    shown = ("promise", "started_at", "due_at", "state")
    late, prompt = (
        actions.confirm(ticket, by=world.desk, at=world.at) and ticket
        for ticket in (world.reported(), world.reported())
    )
    seen = world.at - timedelta(days=6)
    for ticket, observed in ((late, seen), (prompt, None)):
        by, at = world.grid_worker, world.at
        actions.confirm(ticket, by=by, at=at, confirm_result="EXISTS", observed_at=observed)
    clocks = [list(Clock.objects.filter(ticket=one).values(*shown)) for one in (late, prompt)]
    assert clocks[0] == clocks[1] != []


def test_a_program_says_it_with_a_verb(nine: World) -> None:
    ticket = nine.handled()
    body = {"text": "到了", "observed_at": "2026-11-23T07:30:00+08:00"}
    assert Program(nine.handler).do(ticket.number, "note", body).status_code == 200
    assert ticket.events.get(verb="note").data["observed_at"] == "2026-11-22T23:30:00+00:00"


@pytest.mark.parametrize("wrong", ["yesterday", "2026-11-22T22:00:00", "2026-02-31T09:00:00Z", 7])
def test_what_is_no_moment_is_refused_by_name(nine: World, wrong: Any) -> None:
    ticket = nine.handled()
    answer = Program(nine.handler).do(ticket.number, "note", {"text": "到", "observed_at": wrong})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["observed_at"])


def test_a_verb_of_the_office_does_not_take_it(nine: World) -> None:
    ticket = nine.reported()
    body = {"observed_at": "2026-11-22T22:00:00Z"}
    answer = Program(nine.desk).do(ticket.number, "accept", body)
    assert answer.status_code == 422
    assert "不需要" in answer.json()["errors"]["observed_at"][0]


def test_a_report_of_the_sixth_day_sent_again_on_the_eighth_is_known(
    nine: World, settings: Any
) -> None:
    program = Program(nine.grid_worker)
    body = {**FOUND, "observed_at": "2026-11-17T02:00:00Z"}
    first = program.post("tickets/", body, Idempotency_Key=KEY)
    settings.HUBIN_CLOCK_FILE = later(settings.HUBIN_CLOCK_FILE, days=2)
    program = Program(nine.grid_worker)
    again = program.post("tickets/", body, Idempotency_Key=KEY)
    assert (first.status_code, again.status_code, Ticket.objects.count()) == (201, 201, 1)
    assert Ticket.objects.get().events.get(seq=1).data["observed_at"]
    fresh = program.post("tickets/", body, Idempotency_Key=KEY + "-x")
    assert (fresh.status_code, list(fresh.json()["errors"])) == (422, ["observed_at"])


def later(file: str, *, days: int) -> str:
    """The clock file, further on."""
    with open(file, encoding="ascii") as held:
        offset = float(held.read()) + days * 86_400
    with open(file + "-later", "w", encoding="ascii") as held:
        held.write(f"{offset}")
    return file + "-later"


def test_only_who_writes_and_tells_it_reads_it() -> None:
    readers = {
        source.name(path)
        for room in ("tickets", "notices", "grids", "common")
        for path in source.modules(room)
        if '"observed_at"' in path.read_text(encoding="utf-8")
    }
    assert readers <= {"tickets/observing.py", "tickets/actions/__init__.py"}
