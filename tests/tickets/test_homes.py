"""Who logs in without having asked for a page begins with their own."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.grids.keys import named, sign_in
from tests.tickets.pages import entered
from tests.world import World
from tickets.views import home

pytestmark = pytest.mark.django_db
BEGIN = {
    "desk": "desk", "shift_leader": "desk", "leader": "figures", "auditor": "figures",
    "grid_worker": "field", "handler": "unit", "head": "unit", "resident": "queue",
}  # fmt: skip


@pytest.mark.parametrize(("who", "name"), BEGIN.items())
def test_each_begins_with_the_page_of_their_post(world: World, who: str, name: str) -> None:
    assert entered(world.people[who]).get("/home/")["Location"] == reverse(name)


def test_the_page_there_opens(world: World) -> None:
    for name in dict(home.FACES):
        who = next(who for who, begins in BEGIN.items() if begins == name)
        assert entered(world.people[who]).get("/home/", follow=True).status_code == 200


def test_a_page_that_was_asked_for_comes_first(client: Client) -> None:
    named()
    assert sign_in(client, next_page="/inbox/")["Location"] == "/inbox/"
