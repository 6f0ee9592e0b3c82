"""The whole product in English: only data is Chinese."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from grids.models import Person
from tests.tickets.english import english, left, left_on, walk
from tests.tickets.follow import BAD, address
from tests.tickets.pages import entered, forms_in
from tests.tickets.stages import (
    STAGES,
    asked,
    contested,
    declined,
    helped,
    merged,
    stage,
    supervised,
    suspended,
    urgent,
)
from tests.world import World
from tickets import actions
from tickets.keys import make_key
from tickets.models import Ticket

CAST = (
    "grid_worker", "desk", "shift_leader", "leader", "inspector", "handler", "head", "resident",
)  # fmt: skip
Way = Callable[[World], Ticket]
WAYS: tuple[Way, ...] = (
    World.reported, World.accepted, World.dispatched, World.handled, World.resolved,
    World.verified, World.replied, asked, contested, declined, helped, merged, supervised,
    suspended, urgent,
)  # fmt: skip


def wanted(world: World) -> Ticket:
    """An extension was asked for."""
    return actions.extend(
        world.handled(), by=world.handler, at=world.at, days=3, reason="MATERIAL", text="等灯杆"
    )


def full(world: World) -> World:
    """Tickets in every state, as they come about."""
    for way in (*WAYS, wanted):
        way(world)
    return world


FULL = pytest.mark.scene(make=full)


def test_a_page_that_is_not_english_is_found(nine: World) -> None:
    assert any("我的待办" in words for words in left(entered(nine.desk).get("/")))


@FULL
@pytest.mark.parametrize("name", CAST)
def test_pages_of_staff(scene: World, name: str) -> None:
    found = walk(english(scene.again(name)), "/", "/?tab=ended", "/report/", "/approvals/")
    assert left_on(found) == {}
    assert {page.status_code for page in found.values()} == {200}
    assert any(path.startswith("/t/") for path in found) or name == "resident"


@pytest.mark.parametrize("verb", STAGES)
def test_a_verb_and_its_refusal(nine: World, verb: str) -> None:
    ticket, person, typed, _event = stage(verb, nine)
    client, page = english(person), reverse("ticket", args=[ticket.number])
    form = forms_in(client.get(page))[f"verb-{verb}"]
    empty = {"seen": form["seen"], "since": form["since"]}
    doing = reverse("verb", args=[ticket.number, verb])
    refused, done = client.post(doing, empty), client.post(doing, form | typed, follow=True)
    again = client.post(doing, form | typed)
    assert left_on({"refused": refused, "done": done, "again": again}, typed) == {}


@pytest.mark.parametrize("decision", ["countersign", "grant", "refuse"])
def test_a_decision(nine: World, decision: str) -> None:
    approval = wanted(nine).approvals.get()
    who = nine.again("head" if decision == "countersign" else "shift_leader")
    if decision == "grant":
        actions.countersign(approval, by=nine.head, at=nine.at)
    client, doing = english(who), reverse("decide", args=[approval.pk, decision])
    form = forms_in(client.get("/approvals/"))[f"decide-{decision}-{approval.pk}"]
    refused = client.post(doing, form | {"seen": "0"})
    done = client.post(doing, form | {"text": "知道了"}, follow=True)
    again = client.post(doing, form)
    assert left_on({"refused": refused, "done": done, "again": again}, "知道了") == {}


def test_a_report(nine: World) -> None:
    client = english(nine.desk)
    form = forms_in(client.get("/report/"))["report"]
    typed = {"text": "路灯不亮", "category": "0101", "building": "B1", "name": "赵见诚"}
    refused, taken = client.post("/report/", form), client.post("/report/", form | typed)
    again = client.post("/report/", form | typed)
    assert left_on({"refused": refused, "taken": taken, "again": again}, typed) == {}


@pytest.mark.parametrize("way", WAYS)
def test_pages_of_a_reporter(nine: World, way: Way) -> None:
    token = make_key(way(nine), at=nine.at)
    found = walk(english(), address(token))
    forms = [form for page in found.values() for form in forms_in(page) if form[:5] == "verb-"]
    sent = {form: english().post(address(token, form[5:]), {}, follow=True) for form in forms}
    assert left_on(found | sent) == {}


def test_what_a_reporter_says(nine: World) -> None:
    token, client = make_key(nine.replied(), at=nine.at), english()
    for verb, typed in (
        ("urge", {"text": "请快些"}),
        ("inform", {"text": "在三楼"}),
        ("rate", BAD),
    ):
        assert left(client.post(address(token, verb), typed, follow=True), typed) == []
    assert left(client.post(address(token, "rate"), BAD), BAD) == []


@pytest.fixture
def chief(scene: World) -> Client:
    """A superuser over everything."""
    Person.objects.filter(pk=scene.admin.pk).update(is_staff=True, is_superuser=True)
    return english(scene.again("admin"))


def administered() -> list[tuple[str, Model | None]]:
    """Names of the administration's addresses, each with a row if there is one."""
    return [
        (f"admin:{model._meta.app_label}_{model._meta.model_name}", model._default_manager.first())
        for model in admin.site._registry
    ]


@FULL
def test_pages_of_the_administration(chief: Client) -> None:
    pages = ["/admin/"]
    for name, row in administered():
        pages += [reverse(f"{name}_changelist")]
        if row is not None:
            pages += [reverse(f"{name}_{view}", args=[row.pk]) for view in ("change", "delete")]
    assert left_on({page: chief.get(page, follow=True) for page in pages}) == {}


@FULL
def test_what_the_administration_refuses(chief: Client) -> None:
    addresses = [reverse(f"{name}_add") for name, _row in administered()]
    assert left_on({address: chief.post(address, {}) for address in addresses}) == {}


def test_pages_for_nobody(db: None) -> None:
    client = english()
    refused = client.post("/login/", {"username": "", "password": ""})
    unknown = client.post("/login/", {"username": "nobody", "password": "wrong"})
    pages = {path: client.get(path) for path in ("/login/", "/nowhere/", "/f/none/", "/t/1/")}
    assert left_on(pages | {"refused": refused, "unknown": unknown}) == {}
