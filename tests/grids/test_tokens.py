"""Tokens: shown once, kept as a hash, good for what they were made for and no longer."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from common import clock
from common.errors import Invalid
from grids.models import ApiToken, Person, Scope
from grids.tokens import make_token, open_token, revoke
from tests.world import World

pytestmark = pytest.mark.django_db
ALL = list(Scope.values)


def asked(text: str, path: str = "me/", **more: Any) -> Any:
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {text}"}, **more)


def made(person: Person, *scopes: str, days: int = 90) -> str:
    _row, text = make_token(person, "热线对接", list(scopes) or ALL, at=clock.now(), days=days)
    return text


def test_only_the_hash_is_kept(world: World) -> None:
    text = made(world.desk)
    row = ApiToken.objects.get()
    assert text not in str(vars(row))
    assert text.startswith(row.prefix)


def test_a_program_acts_for_its_person(world: World) -> None:
    assert asked(made(world.desk)).json()["username"] == world.desk.username


def test_what_changes_needs_no_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/api/v1/tickets/", {}, content_type="application/json",
        headers={"Authorization": f"Bearer {made(world.desk)}"},
    )  # fmt: skip
    assert answer.status_code == 422


@pytest.mark.parametrize("wrong", ["hbn_unknown", "x", "hbn_" + "x" * 500, "", "hbn_\u4e2d"])
def test_a_wrong_token_opens_nothing(world: World, wrong: str) -> None:
    answer = asked(wrong.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_session_is_not_asked_when_a_token_is_wrong(world: World) -> None:
    client = Client()
    client.force_login(world.desk, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/api/v1/me/", headers={"Authorization": "Bearer hbn_wrong"})
    assert answer.status_code == 401


def test_it_ends_on_its_day(world: World) -> None:
    text = made(world.desk, days=1)
    at = clock.now()
    assert open_token(text, at=at + timedelta(hours=23)) is not None
    assert open_token(text, at=at + timedelta(days=1)) is None


def test_revoked_it_opens_nothing_and_its_name_is_free_again(world: World) -> None:
    text = made(world.desk)
    row = ApiToken.objects.get()
    assert revoke(row, at=clock.now())
    assert asked(text).status_code == 401
    assert not revoke(row, at=clock.now())
    assert asked(made(world.desk)).status_code == 200


def test_who_is_switched_off_has_no_token(world: World) -> None:
    text = made(world.desk)
    Person.objects.filter(pk=world.desk.pk).update(is_active=False)
    assert asked(text).status_code == 401


def test_it_is_good_for_what_it_was_made_for(world: World) -> None:
    text = made(world.desk, Scope.REFERENCE_READ)
    assert asked(text, "categories/").status_code == 200
    refused = asked(text, "tickets/")
    assert refused.status_code == 403
    assert "tickets:read" in refused.json()["detail"]


def test_its_use_is_noted_once_an_hour(world: World, django_assert_num_queries: Any) -> None:
    text, at = made(world.desk), clock.now()
    assert open_token(text, at=at) is not None
    with django_assert_num_queries(1):
        open_token(text, at=at + timedelta(minutes=59))
    assert ApiToken.objects.get().used_at == at


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        ("", ALL, 90, "name"),
        ("对接", [], 90, "scopes"),
        ("对接", ["all"], 90, "scopes"),
        ("对接", ALL, 0, "days"),
        ("对接", ALL, 367, "days"),
    ],
)
def test_what_does_not_fit_is_named(
    world: World, name: str, scopes: list[str], days: int, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_token(world.desk, name, scopes, at=clock.now(), days=days)
    assert refused.value.field == field


def test_the_command_prints_the_text_once(world: World) -> None:
    said = StringIO()
    call_command("create_token", world.desk.username, "热线对接", stdout=said)
    assert asked(said.getvalue().strip()).status_code == 200
    with pytest.raises(CommandError, match="同名"):
        call_command("create_token", world.desk.username, "热线对接")


def test_the_administration_revokes_and_shows_no_hash(world: World) -> None:
    text = made(world.desk)
    boss = Client()
    boss.force_login(Person.objects.create_superuser("boss", password="x", name="管"))
    row = ApiToken.objects.get()
    page = boss.get(f"/admin/grids/apitoken/{row.pk}/change/").content.decode()
    assert row.key_hash not in page
    boss.post("/admin/grids/apitoken/", {"action": "revoke_chosen", "_selected_action": [row.pk]})
    assert asked(text).status_code == 401
