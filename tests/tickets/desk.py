"""What tests of the desk share."""

import re
from typing import Any

from django.test import Client

from tests.tickets.pages import entered, forms_in, text_of
from tests.world import World
from tickets import desks
from tickets.actions._born import Place
from tickets.models import Category, Ticket

DESK, LIST = "/desk/", "/desk/list/"
PANE = {"HX-Request": "true", "HX-Target": "pane"}
STEP = 0.0001
"""Degrees: eleven metres to the north."""


def at_desk(world: World, who: str = "desk") -> Client:
    return entered(world.again(who))


def pane(client: Client, ticket: Ticket, **asked: str) -> Any:
    """The ticket as the page asks for it when its row is chosen."""
    return client.get(DESK, {"t": ticket.number, **asked}, headers=PANE)


def press(client: Client, ticket: Ticket, verb: str, **fields: Any) -> Any:
    """One verb from the pane, as the page sends it."""
    form = forms_in(pane(client, ticket))[f"verb-{verb}"]
    return client.post(f"/t/{ticket.number}/{verb}/", form | fields, headers=PANE)


def listed(client: Client, tab: str = "new") -> list[str]:
    """Numbers of a list, in its order."""
    return re.findall(r'data-row="([0-9-]+)"', text_of(client.get(DESK, {"tab": tab})))


def moved(world: World, steps: float) -> Place:
    """So many times eleven metres north of the usual spot."""
    spot = world.spot
    assert spot.lat is not None
    return Place(lat=spot.lat + steps * STEP, lng=spot.lng, address=spot.address)


def window(world: World, *, metres: int = 50, hours: int = 24) -> None:
    """What counts as similar in the usual category."""
    Category.objects.filter(pk=world.categories["litter"].pk).update(
        similar_metres=metres, similar_hours=hours
    )


def near(world: World, ticket: Ticket, who: str = "desk") -> list[Ticket]:
    fresh = Ticket.objects.get(pk=ticket.pk)
    return [one.ticket for one in desks.similar(fresh, world.again(who), at=world.at)]


def before(world: World, ticket: Ticket, who: str = "desk") -> list[Ticket]:
    fresh = Ticket.objects.get(pk=ticket.pk)
    return [one.ticket for one in desks.earlier(fresh, world.again(who), at=world.at).lines]
