"""Health turns red when time is not kept, says what is late, and tells nothing of any ticket."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.models import SweepRun
from hubin.settings.health import _networks
from notices.incidents import raise_incident
from notices.models import Delivery
from tests.world import World
from tickets import health, sweeps
from tickets.periods import PERIODS

MINUTE = timedelta(minutes=1)
STRANGER: dict[str, Any] = {"REMOTE_ADDR": "198.51.100.7"}


def sweep_all(world: World, *, minutes: int = 0) -> None:
    for name in sweeps.SWEEPS:
        sweeps.run(name, at=world.at + minutes * MINUTE)


def late(world: World, *, minutes: int = 0) -> list[str]:
    return health.look(at=world.at + minutes * MINUTE).late


def test_what_was_never_swept_is_late(world: World) -> None:
    assert late(world) == list(PERIODS)


def test_it_turns_red_when_nobody_sweeps_and_green_again(world: World) -> None:
    sweep_all(world)
    assert late(world, minutes=4) == []
    quick = [name for name, period in PERIODS.items() if period <= MINUTE]
    assert late(world, minutes=6) == quick
    sweep_all(world, minutes=6)
    assert late(world, minutes=6) == []


@pytest.mark.parametrize(("minutes", "is_late"), [(15, False), (16, True)])
def test_three_periods_are_patience_enough(world: World, minutes: int, is_late: bool) -> None:
    sweep_all(world)
    assert ("pass" in late(world, minutes=minutes)) is is_late


def test_a_sweep_that_only_fails_is_late(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep_all(world)
    monkeypatch.setitem(sweeps.SWEEPS, "close", lambda at: 1 / 0)
    for minutes in (10, 20):
        with pytest.raises(ZeroDivisionError):
            sweeps.run("close", at=world.at + minutes * MINUTE)
    assert "close" in late(world, minutes=20)


def test_rows_that_wait_too_long_are_late(world: World) -> None:
    sweep_all(world)
    world.reported()
    assert "due:announce" not in late(world, minutes=4)
    assert "due:announce" in late(world, minutes=6)
    sweeps.run("announce", at=world.at + 6 * MINUTE)
    assert "due:announce" not in late(world, minutes=6)


def test_the_door_names_what_is_late(world: World, client: Client) -> None:
    sweep_all(world)
    SweepRun.objects.filter(name="route").update(done_at=world.at - 6 * MINUTE)
    answer = client.get("/healthz/sweeps", **STRANGER)
    assert (answer.status_code, answer.json()) == (503, {"on_time": False, "late": ["route"]})


def test_the_door_is_green(world: World, client: Client) -> None:
    sweep_all(world)
    answer = client.get("/healthz/sweeps", **STRANGER)
    assert (answer.status_code, answer.json()["on_time"]) == (200, True)


def test_from_an_allowed_address_it_tells_ages_and_faults(world: World, client: Client) -> None:
    sweep_all(world)
    SweepRun.objects.filter(name="route").update(fault="ValueError route:3")
    found = client.get("/healthz/sweeps").json()
    assert found["sweeps"]["route"]["fault"] == "ValueError route:3"
    assert found["sweeps"]["pass"]["limit"] == 900
    assert found["due"] == {kind: {"lag": 0, "limit": 300} for kind in health.OLDEST}


def figures(client: Client) -> dict[str, str]:
    lines = client.get("/metrics").content.decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_figures_count_open_tickets_by_state(world: World, client: Client) -> None:
    world.reported()
    world.handled()
    raise_incident("sweep:route", "HB-1", at=world.at)
    found = figures(client)
    assert found['hubin_tickets{state="REPORTED"}'] == "1"
    assert found['hubin_tickets{state="HANDLING"}'] == "1"
    assert found["hubin_incidents"] == "1"


def test_figures_tell_of_sweeps_and_the_queue(world: World, client: Client) -> None:
    sweeps.run("announce", at=world.at)
    found = figures(client)
    assert float(found['hubin_sweep_age_seconds{name="announce"}']) < 60
    assert found['hubin_due_lag_seconds{kind="announce"}'] == "0"
    assert (found["hubin_broker_up"], 'hubin_queue_depth{queue="celery"}' in found) == ("1", True)


def test_figures_count_deliveries_by_state(world: World, client: Client) -> None:
    for state, sent_at in (("WAITING", None), ("SENT", world.at), ("DEAD", None)):
        delivery(world, state=state, sent_at=sent_at)
    found = figures(client)
    counted = {
        state: found[f'hubin_deliveries{{state="{state}"}}'] for state in ("WAITING", "DEAD")
    }
    assert counted == {"WAITING": "1", "DEAD": "1"}
    assert 'hubin_deliveries{state="SENT"}' not in found
    assert found['hubin_deliveries_lately{state="SENT"}'] == "1"


def test_a_delivery_that_waits_too_long_is_late(world: World) -> None:
    sweep_all(world)
    delivery(world, not_before=world.at)
    delivery(world, not_before=world.at + 60 * MINUTE)
    assert "due:deliver" not in late(world, minutes=5)
    assert "due:deliver" in late(world, minutes=6)


def delivery(world: World, **given: Any) -> Delivery:
    number = Delivery.objects.count()
    values = {"person": world.handler, "channel": "EMAIL", "not_before": world.at} | given
    return Delivery.objects.create(
        event_id=number, ticket_id=1, dedupe_key=str(number), made_at=world.at, **values
    )


def test_figures_come_without_the_broker(world: World, client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    found = figures(client)
    assert found["hubin_broker_up"] == "0"
    assert not any("queue" in name for name in found)


@pytest.mark.parametrize("allowed", [[], [ip_network("192.0.2.0/24")]])
def test_there_are_no_figures_for_others(
    world: World, client: Client, settings: Any, allowed: list[Any]
) -> None:
    settings.HUBIN_METRICS_ALLOW = allowed
    assert client.get("/metrics").status_code == 404


def test_a_list_of_addresses_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBIN_METRICS_ALLOW", "10.0.0.0/8, prometheus")
    with pytest.raises(ImproperlyConfigured, match="HUBIN_METRICS_ALLOW is a list of addresses"):
        _networks("HUBIN_METRICS_ALLOW", [])


def test_no_figure_tells_of_a_ticket(world: World, client: Client) -> None:
    ticket = world.handled()
    text = client.get("/metrics").content.decode()
    assert not any(part in text for part in (ticket.number, "湖滨路", "赵见诚", "垃圾"))


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        client.get(path)
    return len(counted)


@pytest.mark.parametrize(("path", "most"), [("/healthz/sweeps", 5), ("/metrics", 9)])
def test_asking_costs_few_statements_however_much_there_is(
    world: World, client: Client, path: str, most: int
) -> None:
    sweep_all(world)
    for _turn in range(5):
        world.handled()
    assert cost(client, path) <= most
