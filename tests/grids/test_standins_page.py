"""代班页: arranged, refused with what was typed, ended; the administration keeps the same rules."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grids.models import Person, StandIn
from tests.grids.standins import away, day
from tests.grids.test_admin import complaints, stamp
from tests.tickets.pages import entered, text_of
from tests.world import World

PAGE = "/me/standins/"


@pytest.fixture
def superuser(world: World) -> Client:
    Person.objects.filter(pk=world.admin.pk).update(is_staff=True, is_superuser=True)
    return entered(world.again("admin"))


def typed(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "person": world.handler.pk, "stand_in": world.other_handler.pk, "since": day(world),
        "until": day(world, 2), "reason": "年休假",
    } | changes  # fmt: skip


def test_one_arranges_a_stand_in_for_oneself(world: World) -> None:
    client = entered(world.handler)
    shown = client.post(PAGE, typed(world), follow=True)
    row = StandIn.objects.get()
    assert (row.person, row.stand_in, row.made_by) == (
        world.handler, world.other_handler, world.handler,
    )  # fmt: skip
    assert shown.redirect_chain
    assert f"{world.other_handler.name}代{world.handler.name}的班" in text_of(shown)
    assert "代班中" in text_of(shown)


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"until": "2026-11-01"}, "止日不能早于起日"), ({"since": ""}, "请填写“起日”"),
     ({"since": "someday"}, "起日"), ({"stand_in": "x"}, "代班人"), ({"person": 0}, "离岗人员")],
)  # fmt: skip
def test_bad_input_is_told_at_its_field(world: World, changes: dict[str, Any], told: str) -> None:
    shown = entered(world.handler).post(PAGE, typed(world, **changes))
    assert shown.status_code == 422
    assert told in text_of(shown)
    assert not StandIn.objects.exists()


def test_nobody_else_is_offered(world: World) -> None:
    shown = entered(world.handler).post(PAGE, typed(world, person=world.clerk.pk))
    assert shown.status_code == 422
    form = shown.context["form"]
    assert list(form.fields["person"].queryset) == [world.handler]
    assert world.desk not in form.fields["stand_in"].queryset


def test_it_is_ended_on_the_page(world: World) -> None:
    row = away(world, world.handler, world.other_handler)
    client = entered(world.other_handler)
    assert f"您代{world.handler.name}的班" in text_of(client.get(PAGE))
    client.post(f"{PAGE}{row.pk}/end/")
    row.refresh_from_db()
    assert row.ended_by == world.other_handler
    assert "已结束" in text_of(client.get(PAGE))


def test_the_menu_and_the_api_say_for_whom_a_post_is_held(world: World) -> None:
    away(world, world.head, world.handler)
    client = entered(world.handler)
    assert f"代{world.head.name}" in text_of(client.get("/"))
    posts = client.get("/api/v1/me/").json()["posts"]
    assert [post["standing_in_for"] for post in posts] == [
        None, {"id": world.head.pk, "name": world.head.name},
    ]  # fmt: skip


def test_the_administration_keeps_the_rules(world: World, superuser: Client) -> None:
    address, before = reverse("admin:grids_standin_add"), stamp("standins")
    superuser.post(address, typed(world))
    row = StandIn.objects.get()
    assert (row.made_by, stamp("standins") > before) == (world.admin, True)
    shown = superuser.post(address, typed(world, stand_in=world.clerk.pk))
    assert world.other_handler.name in complaints(shown)
    shown = superuser.post(address, typed(world, person=world.clerk.pk, until="2026-11-01"))
    assert "止日不能早于起日。" in complaints(shown)
    assert StandIn.objects.count() == 1


def test_the_administration_ends_but_never_deletes(world: World, superuser: Client) -> None:
    row = away(world, world.handler, world.clerk)
    chosen = {"action": "end_chosen", "_selected_action": [row.pk]}
    superuser.post(reverse("admin:grids_standin_changelist"), chosen)
    row.refresh_from_db()
    assert (row.ended_at is not None, row.ended_by) == (True, world.admin)
    assert superuser.post(reverse("admin:grids_standin_delete", args=[row.pk])).status_code == 403
