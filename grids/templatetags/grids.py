"""What pages show of people: `{% load grids %}`. A template is an edge, it may read the clock."""

from django import template

from common import clock
from grids import standins
from grids.models import Person, Post

register = template.Library()


@register.simple_tag
def posts_now(person: Person) -> tuple[Post, ...]:
    """在岗: the posts in force at this moment."""
    return person.posts_at(clock.now())


@register.simple_tag
def may_hand_on(person: Person) -> bool:
    """可安排代班."""
    return standins.may_use(person, at=clock.now())
