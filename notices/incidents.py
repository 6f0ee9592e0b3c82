"""Raise and end incidents."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from common.errors import NotYours
from grids.models import Person, PostKind
from notices.models import Incident

LOOK_AT = frozenset({PostKind.INSPECTOR, PostKind.LEADER, PostKind.ADMIN})


def raise_incident(kind: str, subject: str, *, detail: str = "", at: datetime) -> None:
    """记异常: one open row per (kind, subject); a repetition adds to its count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_incident (kind, subject, detail, count, first_at, last_at)"
            " VALUES (%s, %s, %s, 1, %s, %s)"
            " ON CONFLICT (kind, subject) WHERE ended_at IS NULL"
            " DO UPDATE SET count = notices_incident.count + 1,"
            " last_at = EXCLUDED.last_at, detail = EXCLUDED.detail",
            [kind, subject, detail, at, at],
        )


def end_incident(kind: str, subject: str, *, at: datetime) -> None:
    """销异常: it was dealt with or went away by itself."""
    Incident.objects.filter(kind=kind, subject=subject, ended_at=None).update(ended_at=at)


def may_see(person: Person, *, at: datetime) -> bool:
    """可看异常: inspectors, leaders and administrators."""
    return any(post.kind in LOOK_AT for post in person.posts_at(at))


def require(person: Person, *, at: datetime) -> None:
    """须可看异常, else `NotYours`."""
    if not may_see(person, at=at):
        raise NotYours(_("异常只对督查员、领导和系统管理员开放。"))
