"""Notices say nothing that is a reporter's or internal, and reach nobody who may not see a ticket.

The same markers as on the pages, after everything planted was announced.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import serializers

from notices.models import Notice
from tests.api.asking import Program
from tests.promises.doors import NOBODY
from tests.promises.markers import EVERYONE, Planted, plant
from tests.tickets.pages import entered
from tests.world import World
from tickets import actions, sweeps
from tickets.models import Ticket


@pytest.fixture(autouse=True)
def cached_law(settings: Any) -> None:
    """As in production; the world clears the cache before and after itself."""
    settings.HUBIN_LAW_CACHE = True


def announced(world: World) -> Planted:
    """Every event of the planted tickets announced, and one that everybody is urged about."""
    planted = plant(world)
    for ticket in planted.tickets:
        if ticket.is_open:
            actions.urge(ticket, by=world.district_desk, at=world.at, text="请尽快")
    sweeps.run("announce", at=world.at)
    return planted


pytestmark = pytest.mark.scene(make=announced)


def inboxes(planted: Planted, who: str) -> Iterator[str]:
    person = planted.world.people[who]
    for address in ("/inbox/", "/inbox/?tab=unread"):
        yield entered(person).get(address).text
    yield Program(person).get("me/inbox/?limit=100").text


@pytest.mark.parametrize("who", [who for who in EVERYONE if who != NOBODY])
def test_no_inbox_holds_what_a_reporter_said(scene: Planted, who: str) -> None:
    for page in inboxes(scene, who):
        assert scene.found_in(page) == set()


def test_a_notice_itself_holds_ids_and_codes_only(scene: Planted) -> None:
    assert Notice.objects.exists()
    written = json.dumps(json.loads(serializers.serialize("json", Notice.objects.all())))
    assert scene.found_in(written) == set()


def test_nobody_is_told_of_a_ticket_they_cannot_see(scene: Planted) -> None:
    world = scene.world
    for row in Notice.objects.select_related("person"):
        seen = Ticket.objects.visible_to(row.person, world.at)
        assert seen.filter(pk=row.ticket_id).exists()


def test_the_unit_a_report_is_about_is_told_nothing_of_it(scene: Planted) -> None:
    about = next(ticket for ticket in scene.tickets if ticket.about_unit_id)
    told = Notice.objects.filter(ticket_id=about.pk, person__posts__unit=about.about_unit_id)
    assert not told.exists()
