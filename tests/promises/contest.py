"""What the races of this folder share: who won, and that the others got a sentence."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from common.errors import Refused
from grids.models import Person, Post, PostKind
from tests.promises.proof import all_is_well
from tests.races import race
from tests.world import World
from tickets.models import Ticket

ROUNDS = 4
Call = Callable[[], Any]


def contest(world: World, *calls: Call) -> tuple[list[Any], list[Refused]]:
    """Runs them at once: what the winners returned and what the others were told.

    Nothing but a refusal may be raised, no sweep may have stumbled, and both audits are clean.
    """
    results = race(*calls)
    strange = [
        one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)
    ]
    assert strange == []
    all_is_well(world.at)
    told = [one for one in results if isinstance(one, Refused)]
    assert all(one.sentence for one in told)
    return [one for one in results if not isinstance(one, Refused)], told


def fresh(ticket: Ticket) -> Ticket:
    """The row as another process would load it."""
    return Ticket.objects.get(pk=ticket.pk)


def act(verb: Callable[..., Any], ticket: Ticket, *, by: Any, **needs: Any) -> Call:
    """A call by somebody who opened the ticket for themselves."""
    who = Person.objects.get(pk=by.pk) if isinstance(by, Person) else by
    return partial(verb, fresh(ticket), by=who, **needs)


def rounds() -> Iterator[int]:
    """A race is run a few times: who wins is chance."""
    yield from range(ROUNDS)


def hired(world: World, count: int, kind: str, **where: Any) -> list[Person]:
    """More people of one post."""
    people = Person.objects.bulk_create(
        Person(username=f"{kind.lower()}_{turn}", name=f"新{turn}", password="!")
        for turn in range(count)
    )
    Post.objects.bulk_create(Post(person=person, kind=PostKind(kind), **where) for person in people)
    return people
