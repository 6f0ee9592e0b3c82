"""What pages show of people: `{% load grids %}`. A template is an edge, it may read the clock."""

from django import template
from django.utils.translation import gettext as _

from common import clock
from common.listing import listed
from grids import standins
from grids.models import Person, Post
from grids.models.absence import deputy_name

register = template.Library()


@register.simple_tag
def posts_now(person: Person) -> tuple[Post, ...]:
    """在岗: the posts in force at this moment."""
    return person.posts_at(clock.now())


@register.simple_tag
def may_hand_on(person: Person) -> bool:
    """可安排代班."""
    return standins.may_use(person, at=clock.now())


@register.filter
def stood_in_for(person: Person) -> str:
    """代班: by whom, while that person is away; nothing while they are there."""
    name = deputy_name(person.pk, clock.local(clock.now()).date())
    return _("%(name)s代班") % {"name": name} if name else ""


@register.simple_tag
def absent_now(person: Person) -> str:
    """所代的人: names of the absent whose posts this person exercises now."""
    posts = person.posts_at(clock.now())
    return listed(dict.fromkeys(post.person.name for post in posts if post.for_person_id))
