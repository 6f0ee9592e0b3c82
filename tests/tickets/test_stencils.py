"""Statements made once for all who hold the same posts."""

from datetime import timedelta

import pytest
from django.db import connection

from grids import stencils
from grids.models import Person, Post
from tests.world import World
from tickets import boards, tallies

HOUR = timedelta(hours=1)


def of_posts(person: Person) -> stencils.Made:
    """A set that is this person's."""
    return stencils.made(Post.objects.filter(person=person).values("pk"))


def test_a_statement_is_made_once_for_the_same_posts(world: World) -> None:
    asked: list[int | None] = []

    def make(person: Person, _at: object) -> stencils.Made:
        asked.append(person.pk)
        return of_posts(person)

    first, again = world.again("handler"), world.again("handler")
    told = [stencils.filled("once", one, world.at + HOUR, make) for one in (first, again)]
    assert told[0] == told[1] == of_posts(first)
    assert asked == [stencils.WHO]


def test_two_people_of_the_same_posts_have_each_their_own(world: World) -> None:
    handler = world.again("handler")
    other = Person.objects.create(username="twin", name="甲")
    for post in handler.posts.all():
        Post.objects.create(
            person=other, kind=post.kind, unit=post.unit, division=post.division,
            valid_from=post.valid_from,
        )  # fmt: skip
    ticket = world.handled()
    for one, mine in ((handler, "1"), (other, "0")):
        assert tallies.tally(one, world.at, boards.MINE) == {boards.MINE: mine}
        shown = boards.page(boards.tickets_of(one, boards.MINE, world.at), boards.BY_DUE).rows
        assert [row.pk for row in shown] == [ticket.pk] * int(mine)


def test_another_post_makes_another_statement(world: World) -> None:
    person = world.again("handler")
    ticket = world.dispatched()
    before = tallies.tally(person, world.at, boards.OPEN)[boards.OPEN]
    person.posts.update(is_active=False)
    assert tallies.tally(world.again("handler"), world.at, boards.OPEN)[boards.OPEN] == "0"
    assert before != "0"
    assert ticket.ended_at is None


def test_the_moment_is_the_one_of_asking(world: World) -> None:
    world.resolved()
    desk = world.again("desk")
    later = world.at + timedelta(days=20)
    for at in (world.at, later, world.at):
        whole = boards.tickets_of(desk, boards.MINE, at).rows().count()
        assert tallies.tally(desk, at, boards.MINE) == {boards.MINE: str(whole)}


def test_a_moment_that_is_reckoned_has_no_gap(world: World) -> None:
    with pytest.raises(ValueError, match="gap"):
        stencils.filled(
            "reckoned", world.again("desk"), world.at,
            lambda _who, at: stencils.made(Person.objects.filter(date_joined__lte=at - HOUR)),
        )  # fmt: skip


def test_an_empty_set_has_a_statement(world: World) -> None:
    sql, values = stencils.made(Person.objects.none())
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.fetchall() == []
