"""The demo: tickets in every state, a sound record, accounts that open the door."""

import json
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
from tickets import demo
from tickets.models import Event, Ticket
from tickets.states import State

# otherwise no test of this file asks for the database, and none would be made
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module", autouse=True)
def seal_file(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:  # fmt: skip
    """The demo is loaded once for the module, and taken back at its end."""
    file = tmp_path_factory.mktemp("demo") / "seals.jsonl"
    here = override_settings(HUBIN_SEAL_FILE=str(file))
    with django_db_blocker.unblock(), transaction.atomic(), here:
        call_command("load_demo", stdout=StringIO())
        yield file
        transaction.set_rollback(True)


def test_the_demo_shows_every_state() -> None:
    assert set(Ticket.objects.values_list("state", flat=True)) == set(State)


def test_nothing_lies_in_the_future_or_far_back() -> None:
    ages = [(clock.now() - at).days for at in Event.objects.values_list("at", flat=True)]
    assert min(ages) >= 0
    assert max(ages) <= 8


def test_inboxes_are_read_but_for_the_last_day() -> None:
    assert not Event.objects.filter(announced_at=None).exists()
    unread = Notice.objects.filter(read_at=None)
    assert unread.exists()
    assert not unread.filter(at__lt=clock.now() - timedelta(days=1, minutes=5)).exists()
    assert Notice.objects.filter(read_at__gt=F("at"), read_at__lt=clock.now()).exists()
    busiest = unread.values("person").annotate(count=Count("pk")).order_by("-count").first()
    assert busiest
    assert busiest["count"] < 40


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
