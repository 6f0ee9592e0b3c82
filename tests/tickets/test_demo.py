"""The demo: tickets in every state, a sound record, accounts that open the door."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from common import clock
from grids.models import Person
from notices.models import Notice
from tests.tickets.english import english, left
from tests.tickets.pages import text_of
from tickets import demo, fieldwork, limits, patrols
from tickets.demo import PASSWORD, history, tour
from tickets.models import CheckIn, Clock, Event, Ticket
from tickets.models.clock import ClockState
from tickets.states import State

# otherwise no test of this file asks for the database, and none would be made
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


WEEKS = history.WEEKS if os.environ.get("HUBIN_TEST_FULL") == "1" else 2


@pytest.fixture(scope="module", autouse=True)
def seal_file(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:  # fmt: skip
    """The demo is loaded once for the module, and taken back at its end."""
    file = tmp_path_factory.mktemp("demo") / "seals.jsonl"
    here = override_settings(HUBIN_SEAL_FILE=str(file))
    with django_db_blocker.unblock(), transaction.atomic(), here:
        call_command("load_demo", weeks=WEEKS, stdout=StringIO())
        yield file
        transaction.set_rollback(True)


def test_the_demo_shows_every_state() -> None:
    assert set(Ticket.objects.values_list("state", flat=True)) == set(State)


def test_nothing_lies_in_the_future_or_far_back() -> None:
    ages = [(clock.now() - at).days for at in Event.objects.values_list("at", flat=True)]
    assert min(ages) >= 0
    assert max(ages) <= 7 * WEEKS + 1


def test_some_kept_no_promise_and_some_are_late_now() -> None:
    assert Clock.objects.filter(breached_at__isnull=False, state=ClockState.MET).exists()
    assert Ticket.objects.open().filter(due_at__lt=clock.now()).exists()


def test_inboxes_are_read_but_for_the_last_day() -> None:
    assert not Event.objects.filter(announced_at=None).exists()
    unread = Notice.objects.filter(read_at=None)
    assert unread.exists()
    assert not unread.filter(at__lt=clock.now() - timedelta(days=1, minutes=5)).exists()
    assert Notice.objects.filter(read_at__gt=F("at"), read_at__lt=clock.now()).exists()
    busiest = unread.values("person").annotate(count=Count("pk")).order_by("-count").first()
    assert busiest
    assert busiest["count"] < 40


def test_rounds_were_walked_with_findings_and_one_from_afar() -> None:
    assert CheckIn.objects.filter(is_far=True).exists()
    assert CheckIn.objects.exclude(ticket=None).exists()


def test_the_walker_of_the_tour_finds_something_to_do_all_day() -> None:
    walker, now = Person.objects.get(username=tour.STOPS[0].username), clock.now()
    waiting = [row.ticket for row in fieldwork.tasks(walker, now)]
    assert len(waiting) >= 3
    verifying = Clock.objects.filter(ticket__in=waiting, promise="VERIFY", state=ClockState.RUNNING)
    assert max(map(limits.half_of, verifying)) > now + timedelta(hours=12)
    assert patrols.due(walker, now) >= 1


def test_the_record_of_the_demo_is_sound() -> None:
    call_command("verify_chain", stdout=StringIO())
    call_command("audit_promises", stdout=StringIO())


def test_it_is_sealed_from_the_beginning(seal_file: Path) -> None:
    assert not Ticket.objects.exclude(sealed_seq=F("seq")).exists()
    call_command("verify_chain", seals=seal_file, stdout=StringIO())


def test_a_second_run_changes_nothing() -> None:
    before = list(Event.objects.values()), list(Person.objects.values())
    call_command("load_demo", "--if-empty", stdout=StringIO())
    assert (list(Event.objects.values()), list(Person.objects.values())) == before


def test_the_accounts_open_the_door() -> None:
    said = StringIO()
    call_command("demo_accounts", "--json", stdout=said)
    accounts = json.loads(said.getvalue())
    assert {"post", "name", "username", "password"} == set(accounts[0])
    desk = next(one for one in accounts if one["username"] == "desk_003_1")
    sent = {"username": desk["username"], "password": desk["password"]}
    assert Client().post("/login/", sent).status_code == 302


def test_each_account_has_a_token_until_the_next_ones_are_given() -> None:
    tokens = []
    for _turn in range(2):
        said = StringIO()
        call_command("demo_accounts", "--json", "--tokens", stdout=said)
        tokens.append(json.loads(said.getvalue())[0]["token"])
    asked = [
        Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"})
        for token in tokens
    ]
    assert [answer.status_code for answer in asked] == [401, 200]


def test_another_password_may_be_given_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBIN_DEMO_PASSWORD", "another-good-one")
    with pytest.raises(CommandError, match="load_demo"):
        call_command("demo_accounts", stdout=StringIO())
    call_command("load_demo", "--if-empty", stdout=StringIO())
    assert demo.opens("another-good-one")


def test_the_tour_shows_each_account_and_its_door_opens(client: Client) -> None:
    page = text_of(client.get("/tour/"))
    assert PASSWORD in page
    assert "/tour/" in client.get("/login/").text
    for stop in tour.STOPS:
        assert stop.username in page
        sent = {"username": stop.username, "password": PASSWORD}
        assert Client().post("/login/", sent).status_code == 302
    posts = [one.post for one in tour.shown()]
    assert left(english().get("/tour/"), posts) == []


def test_another_password_is_not_told_by_the_tour(client: Client) -> None:
    person = Person.objects.get(username=tour.STOPS[0].username)
    person.set_password("another-good-one")
    person.save()
    page = text_of(client.get("/tour/"))
    assert PASSWORD not in page
    assert "终端输出" in page
