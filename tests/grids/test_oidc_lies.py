"""A provider that lies, is in trouble, or says things that nobody can take apart."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.grids.keys import is_in
from tests.grids.provider import refused, server, set_out, sign_in
from tests.servers.oidc import CLIENT, OidcServer, public
from tests.servers.plain import Reply

__all__ = ["server"]
pytestmark = pytest.mark.django_db
ABOUT = "/.well-known/openid-configuration"


def deep() -> Any:
    """As deep as it can be written down, and deeper than it can be read."""
    found: Any = []
    for _level in range(900):
        found = [found]
    return found


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
    "subject nobody can be looked up by": {"sub": "a\x00b"},
    "subject no character": {"sub": "\ud800"},
    "nonce no character": {"nonce": "\ud800"},
    "expiry no number": {"exp": "soon"},
    "expiry beyond numbers": {"exp": 10**400},
    "issued beyond numbers": {"iat": 10**400},
    "claims without end": {"deep": deep()},
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


def test_who_did_not_answer_is_let_alone_for_a_while(client: Client, server: OidcServer) -> None:
    server.replies[ABOUT] = Reply(500)
    assert [client.get("/login/oidc/").status_code for _turn in "ab"] == [503, 503]
    assert len(server.asked) == 1
    server.replies.clear()
    cache.clear()  # as time does
    assert client.get("/login/oidc/").status_code == 302
