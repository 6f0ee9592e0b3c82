"""The provider on this machine, and a browser that goes there and back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from common import outgoing
from grids.login.identities import link
from tests.grids.keys import is_in
from tests.servers.oidc import CLIENT, SECRET, OidcServer
from tests.servers.plain import running
from tests.world import World


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


def refused(client: Client, status: int = 403) -> str:
    answer = sign_in(client)
    assert (answer.status_code, is_in(client)) == (status, False)
    return str(answer.content.decode())
