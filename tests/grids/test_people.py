"""Who holds which post."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from grids.models import Level, Person, PostKind
from grids.people import misfit
from tests.factories import (
    GridFactory,
    PersonFactory,
    PostFactory,
    SubdistrictFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def holders(**where: Any) -> list[Person]:
    return list(Person.objects.holding(PostKind.HANDLER, day=DAY, **where))


def test_a_handler_of_the_unit_holds_the_post() -> None:
    post = PostFactory()
    assert holders(unit=post.unit) == [post.person]


def test_a_handler_of_another_unit_does_not() -> None:
    PostFactory()
    assert holders(unit=UnitFactory()) == []


def test_another_post_at_the_unit_does_not_count() -> None:
    assert holders(unit=PostFactory(head=True).unit) == []


@pytest.mark.parametrize(
    "state",
    [
        {"left": True},
        {"person__gone": True},
        {"valid_to": DAY},
        {"valid_from": DAY + timedelta(days=1)},
    ],
)
def test_who_is_not_there_holds_nothing(state: dict[str, object]) -> None:
    assert holders(unit=PostFactory(**state).unit) == []


def test_the_first_day_counts_and_the_last_one_before_the_end() -> None:
    post = PostFactory(valid_from=DAY, valid_to=DAY + timedelta(days=1))
    assert holders(unit=post.unit) == [post.person]


def test_a_post_may_hang_on_a_division() -> None:
    post = PostFactory(desk=True)
    found = Person.objects.holding(PostKind.DESK, day=DAY, division=post.division)
    assert list(found) == [post.person]


def test_two_posts_make_one_holder() -> None:
    post = PostFactory()
    PostFactory(person=post.person)
    assert holders() == [post.person]


def test_the_posts_of_a_moment_leave_out_what_was_given_up() -> None:
    post = PostFactory()
    PostFactory(person=post.person, left=True)
    assert post.person.posts_at(AT) == (post,)


@pytest.mark.parametrize(("minute", "is_held"), [(59, True), (60, False)])
def test_a_post_ends_at_midnight_of_the_district(minute: int, is_held: bool) -> None:
    person = PostFactory(valid_to=DAY).person
    before_midnight = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
    assert bool(person.posts_at(before_midnight + timedelta(minutes=minute))) == is_held


def test_posts_are_read_once_for_a_day(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = PostFactory().person
    person.posts_at(AT)
    with django_assert_num_queries(0):
        person.posts_at(AT + timedelta(hours=1))


def test_a_disabled_person_has_no_active_posts() -> None:
    assert PostFactory(person__gone=True).person.posts_at(AT) == ()


def test_the_same_post_twice_is_refused_by_the_table() -> None:
    post = PostFactory()
    with pytest.raises(IntegrityError, match="post_once"):
        PostFactory(person=post.person, unit=post.unit)


@pytest.mark.parametrize("places", [(True, True), (False, False)])
def test_a_post_hangs_on_one_place(places: tuple[bool, bool]) -> None:
    unit = UnitFactory() if places[0] else None
    division = SubdistrictFactory() if places[1] else None
    with pytest.raises(IntegrityError, match="post_unit_or_division"):
        PostFactory(unit=unit, division=division)


def test_a_new_person_gets_a_usable_password() -> None:
    person = Person.objects.create_user("li_an", name="李安", password="long-enough-1")
    assert person.check_password("long-enough-1")


@pytest.mark.parametrize(
    ("kind", "level", "has_unit"),
    [
        (PostKind.HANDLER, Level.GRID, False),
        (PostKind.GRID_WORKER, Level.COMMUNITY, False),
        (PostKind.DESK, Level.COMMUNITY, False),
        (PostKind.DESK, None, True),
        (PostKind.ADMIN, Level.SUBDISTRICT, False),
        (PostKind.HANDLER, None, False),
        (PostKind.HANDLER, Level.GRID, True),
    ],
)
def test_a_post_in_the_wrong_place_is_told(
    kind: PostKind, level: Level | None, has_unit: bool
) -> None:
    assert misfit(kind, level=level, has_unit=has_unit)


def test_a_post_in_its_place_is_fine() -> None:
    post = PostFactory(grid_worker=True, division=GridFactory())
    assert misfit(post.kind, level=post.division.level, has_unit=False) == ""


def test_the_display_name_is_the_name() -> None:
    assert str(PersonFactory(name="赵禾")) == "赵禾"
