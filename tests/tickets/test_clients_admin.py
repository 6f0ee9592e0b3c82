"""来源系统 in the administration and by command: registered, told what codes mean, switched off."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse

from common.models import LawStamp
from grids.models import Person
from tests.api.clients import System, connect
from tests.tickets.pages import entered
from tests.world import World
from tickets import external
from tickets.models import Client, ClientToken, CodeMap


@pytest.fixture
def chief(world: World) -> Browser:
    """Somebody with all rights in the administration."""
    Person.objects.filter(pk=world.admin.pk).update(is_staff=True, is_superuser=True)
    return entered(world.again("admin"))


def add_code(chief: Browser, client: Client, **sent: str) -> Any:
    given = {"client": str(client.pk), "kind": "CATEGORY", "theirs": "B7", "ours": "0102"} | sent
    return chief.post(reverse("admin:tickets_codemap_add"), given)


def test_a_clerk_says_what_a_code_means_and_it_holds_at_once(world: World, chief: Browser) -> None:
    system = connect(world)
    assert add_code(chief, system.client).status_code == 302
    answer = system.hand_in(category=None, external_codes={"category": "B7"})
    assert answer.json()["ticket"]["category"]["code"] == "0102"


@pytest.mark.parametrize(
    ("kind", "ours"),
    [("CATEGORY", "9999"), ("CATEGORY", "01"), ("DIVISION", "330102999000"), ("UNIT", "CG-999"),
     ("NATURE", "投诉"), ("URGENCY", "SOON")],
)  # fmt: skip
def test_a_code_must_mean_something_here(
    world: World, chief: Browser, kind: str, ours: str
) -> None:
    page = add_code(chief, connect(world).client, kind=kind, ours=ours)
    assert (page.status_code, CodeMap.objects.filter(theirs="B7").exists()) == (200, False)
    assert f"“{ours}”" in page.text


@pytest.mark.parametrize(
    ("kind", "ours"),
    [("DIVISION", "330102003050001"), ("UNIT", "CG-004"), ("NATURE", "PRAISE"), ("URGENCY", "LOW")],
)  # fmt: skip
def test_every_kind_of_code_can_be_told(world: World, chief: Browser, kind: str, ours: str) -> None:
    add_code(chief, connect(world).client, kind=kind, ours=ours)
    assert CodeMap.objects.get(theirs="B7").ours == ours


def test_a_system_is_switched_off_and_not_deleted(world: World, chief: Browser) -> None:
    system = connect(world)
    address = reverse("admin:tickets_client_change", args=[system.client.pk])
    sent = {"name": "12345 热线", "source": "HOTLINE", "origin": "RESIDENT"}
    assert chief.post(address, sent).status_code == 302
    assert system.get("tickets/").status_code == 401
    assert chief.get(address.replace("change", "delete")).status_code == 403


def test_a_system_registered_by_hand_has_its_day(world: World, chief: Browser) -> None:
    sent = {"name": "数字城管", "source": "CITY", "origin": "PATROL", "is_active": "on"}
    chief.post(reverse("admin:tickets_client_add"), sent)
    assert (Client.objects.get().made_at - world.at).total_seconds() < 600
    assert LawStamp.objects.filter(name=external.STAMP, version__gte=1).exists()


def test_tokens_are_looked_at_and_revoked(world: World, chief: Browser) -> None:
    system = connect(world)
    address = reverse("admin:tickets_clienttoken_changelist")
    row = ClientToken.objects.get()
    assert row.prefix in chief.get(address).text
    assert row.key_hash not in chief.get(address).text
    chief.post(address, {"action": "revoke_chosen", "_selected_action": [str(row.pk)]})
    assert system.get("tickets/").status_code == 401


def test_numbers_are_read_only(world: World, chief: Browser) -> None:
    connect(world).hand_in()
    assert "HL-2026-00017" in chief.get(reverse("admin:tickets_externalref_changelist")).text
    assert chief.get(reverse("admin:tickets_externalref_add")).status_code == 403


def run(*words: str) -> str:
    said = StringIO()
    call_command("create_client", *words, stdout=said)
    return said.getvalue().strip()


def test_the_command_registers_and_prints_a_token_that_opens(world: World) -> None:
    text = run("12345 热线", "--source", "HOTLINE")
    system = System(Client.objects.get(), text)
    assert (text.startswith("hbc_"), system.hand_in().status_code) == (True, 201)
    assert text not in str(ClientToken.objects.values())


def test_another_token_for_the_same_system(world: World) -> None:
    run("12345 热线", "--source", "HOTLINE", "--token", "主机")
    run("12345 热线", "--token", "备机")
    assert (Client.objects.count(), ClientToken.objects.count()) == (1, 2)


def test_the_command_revokes(world: World) -> None:
    text = run("12345 热线", "--source", "HOTLINE")
    assert "1" in run("12345 热线", "--revoke")
    assert System(Client.objects.get(), text).get("tickets/").status_code == 401


@pytest.mark.parametrize(
    "words",
    [("新系统",), ("新系统", "--revoke"), ("新系统", "--source", "CITY", "--days", "400")],
)
def test_the_command_says_what_is_missing(world: World, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"source|名称|366"):
        run(*words)
    assert Client.objects.count() == 0
