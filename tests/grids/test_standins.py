"""代班: who may arrange it, what is refused, what it passes on and when it ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common import law
from common.errors import Impossible, Invalid, NotVisible, NotYours
from grids import standins
from grids.models import Person, Post, PostKind, StandIn
from grids.models.absence import acting, deputies
from tests.grids.standins import away, day
from tests.world import World

DAY = timedelta(days=1)


def arrange(world: World, absent: str = "handler", by: str = "", **given: Any) -> StandIn:
    values: dict[str, Any] = {
        "stand_in": world.other_handler, "since": day(world), "until": day(world, 2),
    } | given  # fmt: skip
    return standins.arrange(
        world.again(absent), by=world.again(by or absent), at=world.at, **values
    )


def refused(world: World, field: str, **given: Any) -> str:
    with pytest.raises(Invalid) as told:
        arrange(world, **given)
    assert told.value.field == field
    assert not StandIn.objects.filter(made_by__isnull=False).exists()
    return str(told.value.sentence)


@pytest.mark.parametrize(
    ("absent", "by", "stand_in"),
    [
        ("handler", "handler", "other_handler"), ("handler", "head", "clerk"),
        ("desk", "shift_leader", "other_desk"), ("desk", "district_shift_leader", "far_desk"),
        ("leader", "leader", "shift_leader"), ("grid_worker", "grid_worker", "community_lead"),
        ("head", "head", "handler"),
    ],
)  # fmt: skip
def test_they_may_arrange_it(world: World, absent: str, by: str, stand_in: str) -> None:
    if (absent, by) == ("desk", "district_shift_leader"):
        stand_in = "district_desk"
    row = arrange(world, absent, by, stand_in=world.people[stand_in])
    assert (row.person, row.stand_in) == (world.people[absent], world.people[stand_in])
    assert world.again(stand_in).represents(day(world)) == {world.people[absent].pk}


@pytest.mark.parametrize(
    ("absent", "by"),
    [("handler", "desk"), ("far_handler", "head"), ("far_desk", "shift_leader"),
     ("desk", "other_desk"), ("admin", "admin"), ("resident", "resident")],
)  # fmt: skip
def test_others_may_not(world: World, absent: str, by: str) -> None:
    with pytest.raises(NotYours):
        arrange(world, absent, by, stand_in=world.other_desk)


def test_dates_must_make_sense(world: World) -> None:
    assert "起日" in refused(world, "since", since=day(world, -1))
    assert "止日" in refused(world, "until", since=day(world, 3))
    assert "180" in refused(world, "until", until=day(world, 400))


def test_a_stand_in_is_a_colleague_with_an_account(world: World) -> None:
    assert "同一单位" in refused(world, "stand_in", stand_in=world.fire_handler)
    assert "本人" in refused(world, "stand_in", stand_in=world.handler)
    Person.objects.filter(pk=world.other_handler.pk).update(is_active=False)
    assert "同一单位" in refused(world, "stand_in")


def test_one_person_has_one_stand_in_at_a_time(world: World) -> None:
    away(world, world.handler, world.clerk)
    told = refused(world, "since")
    assert world.clerk.name in told
    assert str(day(world, 2)) in told


def test_who_is_away_stands_in_for_nobody(world: World) -> None:
    away(world, world.other_handler, world.handler)
    assert "不在岗" in refused(world, "stand_in")


@pytest.mark.parametrize("change", [{"until": -1}, {"stand_in": "handler"}, {"again": True}])
def test_the_database_refuses_it_too(world: World, change: dict[str, Any]) -> None:
    given: dict[str, Any] = {"since": day(world), "until": day(world, change.get("until", 0))}
    if "again" in change:
        away(world, world.handler, world.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        away(world, world.handler, world.people[change.get("stand_in", "other_handler")], **given)


def test_the_posts_of_the_absent_come_last_and_say_whose_they_are(world: World) -> None:
    away(world, world.head, world.handler)
    posts = world.again("handler").posts_at(world.at)
    assert [(post.kind, post.for_person_id) for post in posts] == [
        (PostKind.HANDLER, None), (PostKind.UNIT_HEAD, world.head.pk),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["admin", "auditor"])
def test_looking_after_the_system_is_not_passed_on(world: World, name: str) -> None:
    away(world, world.people[name], world.handler)
    assert len(world.again("handler").posts_at(world.at)) == 1


@pytest.mark.parametrize(("later", "is_on"), [(-1, False), (0, True), (2, True), (3, False)])
def test_it_holds_on_its_days_and_no_others(world: World, later: int, is_on: bool) -> None:
    away(world, world.head, world.handler)
    posts = world.again("handler").posts_at(world.at + later * DAY)
    assert (len(posts) == 2) == is_on


def test_what_was_handed_on_is_handed_on_again(world: World) -> None:
    away(world, world.head, world.handler)
    away(world, world.handler, world.clerk)
    today = day(world)
    assert world.again("clerk").represents(today) == {world.head.pk, world.handler.pk}
    assert deputies([world.head.pk], today) == {world.handler.pk, world.clerk.pk}
    assert acting(world.head.pk, today) == world.clerk.pk


def test_it_ends_at_once(world: World, stamps_only: None, settings: Any) -> None:
    settings.HUBIN_LAW_CACHE = True
    law.cache.clear()
    row = arrange(world, "head", stand_in=world.handler)
    assert len(world.again("handler").posts_at(world.at)) == 2
    law.cache.recheck()  # what the commit does
    standins.end(row.pk, by=world.again("head"), at=world.at)
    law.cache.recheck()
    assert len(world.again("handler").posts_at(world.at)) == 1
    row.refresh_from_db()
    assert (row.ended_at, row.ended_by) == (world.at, world.head)


@pytest.mark.parametrize("by", ["handler", "other_handler", "head"])
def test_they_may_end_it(world: World, by: str) -> None:
    row = away(world, world.handler, world.other_handler)
    assert standins.end(row.pk, by=world.again(by), at=world.at).ended_at == world.at
    with pytest.raises(Impossible):
        standins.end(row.pk, by=world.again(by), at=world.at)
    assert arrange(world).pk != row.pk


@pytest.mark.parametrize("by", ["desk", "far_handler", "resident"])
def test_for_others_it_does_not_exist(world: World, by: str) -> None:
    row = away(world, world.handler, world.other_handler)
    with pytest.raises(NotVisible):
        standins.end(row.pk, by=world.again(by), at=world.at)


def test_who_represents_whom_costs_nothing_once_known(world: World, settings: Any) -> None:
    settings.HUBIN_LAW_CACHE = True
    away(world, world.head, world.handler)
    world.again("handler").posts_at(world.at)
    handler, clerk = world.again("handler"), world.again("clerk")
    for person in (handler, clerk):
        with CaptureQueriesContext(connection) as counted:
            person.posts_at(world.at)
            person.represents(day(world))
        assert sum("common_lawstamp" not in row["sql"] for row in counted) == 1


def test_posts_of_the_absent_are_filled_unless_the_stand_in_left(world: World) -> None:
    away(world, world.head, world.handler)
    posts = Post.objects.filter(person=world.head)
    assert posts.in_force(day(world)).exists()
    Person.objects.filter(pk=world.handler.pk).update(is_active=False)
    assert not posts.in_force(day(world)).exists()
    assert posts.in_force(day(world, 3)).exists()
