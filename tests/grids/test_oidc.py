"""Logging in by an identity provider: whoever it vouches for, and nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client

from common import clock, outgoing
from grids.login.identities import link
from grids.models import Identity, Person
from tests.grids.keys import is_in, with_phone
from tests.servers.oidc import CLIENT, SECRET, OidcServer, public
from tests.servers.plain import Reply, running
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(world: World, settings: Any) -> Iterator[OidcServer]:
    """The provider, and the desk's person linked to its subject."""
    cache.clear()
    found = OidcServer()
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.1"]
    settings.HUBIN_OIDC_ISSUER, settings.HUBIN_OIDC_NAME = found.url, "浙政钉"
    settings.HUBIN_OIDC_CLIENT_ID, settings.HUBIN_OIDC_CLIENT_SECRET = CLIENT, SECRET
    link(world.desk, issuer=found.url, subject=found.sub, by="admin", at=world.at)
    with running(found):
        yield found


def set_out(client: Client, next_page: str = "") -> str:
    """What the provider's page sends the browser back to."""
    begun = client.get("/login/oidc/", {"next": next_page} if next_page else None)
    assert begun.status_code == 302, begun.content.decode()
    return str(outgoing.call("GET", begun["Location"]).headers["location"])


def sign_in(client: Client, next_page: str = "") -> Any:
    return client.get(set_out(client, next_page).removeprefix("http://testserver"))


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
    assert sign_in(client, page)["Location"] == "/"


def refused(client: Client, status: int = 403) -> str:
    answer = sign_in(client)
    assert (answer.status_code, is_in(client)) == (status, False)
    return str(answer.content.decode())


LIES: dict[str, dict[str, Any]] = {
    "nonce of another": {"nonce": "x" * 43},
    "expired": {"exp": 1_000_000_000},
    "from tomorrow": {"iat": 4_000_000_000},
    "not yet": {"nbf": 4_000_000_000},
    "audience of another": {"aud": "other"},
    "audience shared without a party": {"aud": [CLIENT, "other"]},
    "party of another": {"azp": "other"},
    "issuer of another": {"iss": "https://example.org"},
    "no subject": {"sub": ""},
    "subject no text": {"sub": 7},
    "expiry no number": {"exp": "soon"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_us_opens_nothing(
    client: Client, server: OidcServer, lie: str
) -> None:
    server.bend.claims = LIES[lie]
    assert "没有通过核对" in refused(client)


@pytest.mark.parametrize("missing", ["nonce", "exp", "iat", "aud", "iss", "sub"])
def test_nothing_may_be_missing_from_it(client: Client, server: OidcServer, missing: str) -> None:
    server.bend.without = (missing,)
    assert "没有通过核对" in refused(client)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512"])
def test_only_signatures_by_public_keys_count(
    client: Client, server: OidcServer, algorithm: str
) -> None:
    server.bend.algorithm = algorithm
    assert "没有通过核对" in refused(client)


def test_a_strangers_signature_opens_nothing(client: Client, server: OidcServer) -> None:
    server.bend.signed_by = "a stranger's"
    assert "没有通过核对" in refused(client)


@pytest.mark.parametrize(
    "keys", [[], [public("two")], [public("one"), public("one")], [{"kty": "RSA", "kid": "one"}],
             [{"kty": "oct", "kid": "one", "k": "eA"}], [None], ["x"]],
    ids=["none", "another", "twice", "half", "shared secret", "null", "text"],
)  # fmt: skip
def test_the_key_has_to_be_published(client: Client, server: OidcServer, keys: list[Any]) -> None:
    server.bend.keys = keys
    assert "没有通过核对" in refused(client)


def test_a_new_key_works_at_once(client: Client, server: OidcServer) -> None:
    sign_in(client)
    client.logout()
    server.bend.keys = [public("one"), public("two", "newer")]
    server.bend.signed_by, server.bend.header = "newer", {"kid": "two"}
    sign_in(client)
    assert is_in(client)


@pytest.mark.parametrize("path", ["/token", "/keys"])
@pytest.mark.parametrize(
    "reply",
    [Reply(500), Reply(503, b"<html>"), Reply(200, b"<html>"), Reply(200, b"[]"),
     Reply(200, b"{" * 100, cut=True), Reply(silent=True)],
    ids=["500", "503", "page", "list", "cut", "silent"],
)  # fmt: skip
def test_a_provider_in_trouble_is_told_and_waited_for_no_longer(
    client: Client, server: OidcServer, settings: Any, path: str, reply: Reply
) -> None:
    back = set_out(client).removeprefix("http://testserver")
    settings.HUBIN_EGRESS_SECONDS = 0.3
    server.replies[path] = reply
    answer = client.get(back)
    assert (answer.status_code, is_in(client)) == (503, False)
    assert "浙政钉暂时没有应答" in answer.content.decode()


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(200, b"<html>"), Reply(302, headers={"Location": "/x"})],
    ids=["500", "page", "elsewhere"],
)  # fmt: skip
def test_without_its_description_nobody_sets_out(
    client: Client, server: OidcServer, reply: Reply
) -> None:
    server.replies["/.well-known/openid-configuration"] = reply
    assert client.get("/login/oidc/").status_code == 503


@pytest.mark.parametrize(
    "about", [{"issuer": "https://example.org"}, {"authorization_endpoint": None},
              {"authorization_endpoint": "javascript:alert(1)"}], ids=str,
)  # fmt: skip
def test_a_description_that_is_not_its_own_is_not_believed(
    client: Client, server: OidcServer, about: dict[str, Any]
) -> None:
    server.bend.about = about
    assert client.get("/login/oidc/").status_code == 503


@pytest.mark.parametrize("about", [{"token_endpoint": 7}, {"jwks_uri": ""}], ids=str)
def test_a_half_description_opens_nothing(
    client: Client, server: OidcServer, about: dict[str, Any]
) -> None:
    server.bend.about = about
    assert "没有通过核对" in refused(client)


def test_an_inside_address_in_the_description_is_not_asked(
    client: Client, server: OidcServer
) -> None:
    server.bend.about = {"token_endpoint": "http://10.0.0.1/token"}
    assert "暂时没有应答" in refused(client, 503)


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


@pytest.mark.parametrize("username", ["nobody", "", "resident", 7, None, "a\x00b"])
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
    assert sign_in(client)["Location"] == "/"
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
