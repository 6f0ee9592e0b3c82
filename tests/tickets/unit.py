"""What tests of a unit's page share."""

import re
from typing import Any

from django.test import Client

from tests.tickets.pages import entered, text_of
from tests.world import World
from tickets.models import Ticket

UNIT, LIST, BULK, LEDGER = "/unit/", "/unit/list/", "/unit/bulk/", "/unit/suspended/"
KEY = "0123456789abcdef0123456789abcdef"
HTMX = {"HX-Request": "true"}


def at_unit(world: World, who: str = "handler") -> Client:
    return entered(world.again(who))


def listed(client: Client, **asked: Any) -> list[str]:
    """Numbers of a list, in its order."""
    return re.findall(r'id="row-([0-9-]+)"', text_of(client.get(UNIT, asked)))


def counted(client: Client) -> dict[str, int]:
    """What each counter and tab of the page says, by the address it leads to."""
    page = text_of(client.get(UNIT))
    cells = re.findall(r'href="(/unit/[^"]*)"[^>]*>(?:<svg.*?</svg>)?(.*?)</a>', page, re.DOTALL)
    found = {url.replace("&amp;", "&"): re.sub(r"<[^>]*>", " ", text) for url, text in cells}
    return {url: int(hit[0]) for url, text in found.items() if (hit := re.findall(r"\d+", text))}


def row(ticket: Ticket) -> str:
    return f"{ticket.number}:{ticket.version}"


def claim(client: Client, *rows: str, key: str = KEY) -> Any:
    return client.post(BULK, {"verb": "claim", "key": key, "row": rows}, headers=HTMX)
