"""Who is staff and who comes from outside: they get in by different doors."""

from datetime import datetime

from grids.models import Person, PostKind

OUTSIDE = frozenset({PostKind.HOST, PostKind.COURIER})
"""Posts of people outside the offices: a telephone is their key."""


def is_office(person: Person, *, at: datetime) -> bool:
    """工作人员: holds a post of the offices today, or looks after the system."""
    return _keeps(person) or any(post.kind not in OUTSIDE for post in person.posts_at(at))


def was_office(person: Person) -> bool:
    """曾是工作人员: today, formerly or from some day on; a password says the same."""
    posts = person.posts.exclude(kind__in=OUTSIDE)
    return _keeps(person) or person.has_usable_password() or posts.exists()


def _keeps(person: Person) -> bool:
    return person.is_staff or person.is_superuser
