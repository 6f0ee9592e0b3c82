"""Logging in by an identity provider: whoever it vouches for, and nobody else."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from common import clock
from grids.login.identities import link
from grids.models import Identity, Person
from tests.grids.keys import is_in, with_phone
from tests.grids.provider import refused, server, set_out, sign_in
from tests.servers.oidc import SECRET, OidcServer
from tests.world import World

__all__ = ["server"]
pytestmark = pytest.mark.django_db


def test_who_is_linked_gets_in(client: Client, server: OidcServer, world: World) -> None:
    answer = sign_in(client, "/inbox/")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert client.session["_auth_user_id"] == str(world.desk.pk)


def test_the_button_is_there_with_a_provider_only(
    client: Client, server: OidcServer, settings: Any
) -> None:
    assert "用浙政钉登录" in client.get("/login/").content.decode()
    settings.HUBIN_OIDC_ISSUER = ""
    assert "/login/oidc/" not in client.get("/login/").content.decode()
    assert client.get("/login/oidc/").status_code == 404
    assert client.get("/login/oidc/callback/?code=a&state=b").status_code == 404


def test_state_nonce_and_challenge_are_new_each_time(client: Client, server: OidcServer) -> None:
    asked = [parse_qs(urlsplit(client.get("/login/oidc/")["Location"]).query) for _turn in "ab"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    assert SECRET not in str(asked)


@pytest.mark.parametrize("page", ["https://example.org/", "//example.org", "/\\example.org"])
def test_it_never_leads_to_another_site(client: Client, server: OidcServer, page: str) -> None:
    assert sign_in(client, page)["Location"] == "/home/"


def test_a_refusal_of_the_provider_is_told(client: Client, server: OidcServer) -> None:
    server.bend.refuses = "access_denied"
    assert "浙政钉没有完成" in refused(client)


def test_an_answer_nobody_asked_for_opens_nothing(client: Client, server: OidcServer) -> None:
    stolen = set_out(Client()).removeprefix("http://testserver")
    assert client.get(stolen).status_code == 403
    assert not is_in(client)


def test_an_answer_to_another_question_opens_nothing(client: Client, server: OidcServer) -> None:
    set_out(client)
    stolen = set_out(Client()).removeprefix("http://testserver")
    assert client.get(stolen).status_code == 403
    assert not is_in(client)


def test_an_answer_counts_once(client: Client, server: OidcServer) -> None:
    back = set_out(client).removeprefix("http://testserver")
    client.get(back)
    client.logout()
    assert client.get(back).status_code == 403


def test_an_answer_of_another_provider_is_refused(client: Client, server: OidcServer) -> None:
    back = set_out(client).removeprefix("http://testserver").split("&iss=")[0]
    assert client.get(f"{back}&iss=https%3A%2F%2Fexample.org").status_code == 403


@pytest.mark.parametrize("code", ["", "x" * 2001, "guessed"])
def test_a_code_that_is_none_opens_nothing(client: Client, server: OidcServer, code: str) -> None:
    state = parse_qs(urlsplit(set_out(client)).query)["state"][0]
    answer = client.get("/login/oidc/callback/", {"code": code, "state": state})
    assert answer.status_code == 403


def test_after_ten_minutes_the_answer_is_too_late(
    client: Client, server: OidcServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = set_out(client).removeprefix("http://testserver")
    late = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert client.get(back).status_code == 403


def test_the_secret_goes_where_the_provider_wants_it(client: Client, server: OidcServer) -> None:
    server.bend.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    sign_in(client)
    asked = next(one for one in server.asked if one.path == "/token")
    assert is_in(client)
    assert "authorization" not in asked.headers


def test_who_is_unknown_is_told_and_not_made(client: Client, server: OidcServer) -> None:
    people = Person.objects.count()
    server.sub = "8a3e-0002"
    assert "没有对应的工作人员" in refused(client)
    assert Person.objects.count() == people


@pytest.mark.parametrize("who", ["resident", "inactive"])
def test_only_active_staff_get_in(
    client: Client, server: OidcServer, world: World, who: str
) -> None:
    Identity.objects.all().delete()
    person = world.resident if who == "resident" else world.desk
    Person.objects.filter(pk=world.desk.pk).update(is_active=False)
    link(person, issuer=server.url, subject=server.sub, by="admin", at=world.at)
    assert "没有对应的工作人员" in refused(client)


@pytest.fixture
def by_claim(server: OidcServer, settings: Any) -> OidcServer:
    Identity.objects.all().delete()
    settings.HUBIN_OIDC_CLAIM = "employee"
    return server


def test_the_first_time_a_claim_may_say_who_it_is(
    client: Client, by_claim: OidcServer, world: World
) -> None:
    sign_in(client)
    assert is_in(client)
    row = Identity.objects.get()
    assert (row.person, row.subject) == (world.desk, by_claim.sub)
    assert world.desk.access_events.first().by == "浙政钉"  # type: ignore[union-attr]


def test_afterwards_only_the_subject_counts(
    client: Client, by_claim: OidcServer, world: World
) -> None:
    sign_in(client)
    client.logout()
    by_claim.username = "admin"
    sign_in(client)
    assert client.session["_auth_user_id"] == str(world.desk.pk)


def test_a_second_subject_does_not_become_the_same_person(
    client: Client, by_claim: OidcServer
) -> None:
    sign_in(client)
    client.logout()
    by_claim.sub = "8a3e-0002"
    assert "没有对应的工作人员" in refused(client)


@pytest.mark.parametrize("username", ["nobody", "", "resident", 7, None, "a\x00b", "\ud800"])
def test_a_claim_that_names_no_staff_links_nobody(
    client: Client, by_claim: OidcServer, username: Any
) -> None:
    by_claim.username = username
    assert "没有对应的工作人员" in refused(client)
    assert not Identity.objects.exists()


def test_without_the_setting_no_claim_links(
    client: Client, by_claim: OidcServer, settings: Any
) -> None:
    settings.HUBIN_OIDC_CLAIM = ""
    assert "没有对应的工作人员" in refused(client)


def test_userinfo_of_somebody_else_opens_nothing(client: Client, by_claim: OidcServer) -> None:
    by_claim.bend.userinfo = {"sub": "8a3e-0009"}
    assert "没有通过核对" in refused(client)


def test_the_second_factor_is_asked_besides(
    client: Client, server: OidcServer, world: World
) -> None:
    with_phone(world.desk, clock.now())
    assert sign_in(client)["Location"] == "/login/code/"
    assert not is_in(client)


def test_unless_the_providers_login_counts_as_one(
    client: Client, server: OidcServer, world: World, settings: Any
) -> None:
    settings.HUBIN_OIDC_IS_MFA = settings.HUBIN_MFA_REQUIRED = True
    with_phone(world.desk, clock.now())
    assert sign_in(client)["Location"] == "/home/"
    assert client.get("/security/").status_code == 200


def test_where_one_is_demanded_the_provider_alone_leads_to_the_set_up(
    client: Client, server: OidcServer, settings: Any
) -> None:
    settings.HUBIN_MFA_REQUIRED = True
    sign_in(client)
    assert client.get("/")["Location"] == "/security/totp/"


def test_who_keeps_failing_has_to_wait(client: Client, server: OidcServer) -> None:
    for _try in range(20):
        assert client.get("/login/oidc/callback/?code=a&state=b").status_code == 403
    answer = client.get("/login/oidc/")
    assert answer.status_code == 429
    assert "请 15 分钟后再试" in answer.content.decode()


def test_the_log_keeps_codes_and_tokens_to_itself(
    client: Client, server: OidcServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.bend.signed_by = "a stranger's"
    refused(client)
    assert "oidc: refused: token: InvalidSignatureError" in caplog.text
    assert "eyJ" not in caplog.text


def test_the_log_keeps_what_was_sent_on_one_line(
    client: Client, server: OidcServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    server.bend.refuses = "no\n2026-03-02 INFO grids: all is well"
    refused(client)
    assert "oidc: declined: 'no\\n2026" in caplog.text


def test_an_administrator_links_and_it_is_noted(server: OidcServer, world: World) -> None:
    Identity.objects.all().delete()
    boss = Client()
    boss.force_login(Person.objects.create_superuser("boss", password="x", name="管"))
    words = {"person": world.handler.pk, "issuer": server.url, "subject": "8a3e-0003"}
    boss.post("/admin/grids/identity/add/", words)
    assert Identity.objects.get().person == world.handler
    assert world.handler.access_events.get().by == "boss"


def test_who_is_no_superuser_links_nobody(server: OidcServer, world: World) -> None:
    helper = Person.objects.create_user("helper", password="x", name="助", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(content_type__model="identity"))
    client = Client()
    client.force_login(helper, backend="django.contrib.auth.backends.ModelBackend")
    words = {"person": world.admin.pk, "issuer": server.url, "subject": "mine"}
    assert client.post("/admin/grids/identity/add/", words).status_code == 403
