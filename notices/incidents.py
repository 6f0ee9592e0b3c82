"""Raise and end incidents."""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import Impossible, Invalid, NotVisible, NotYours
from common.texts import visible
from grids.models import Person, PostKind
from notices.models import Incident

LONGEST = 500
LOOK_AT = frozenset({PostKind.SHIFT_LEADER, PostKind.INSPECTOR, PostKind.LEADER, PostKind.ADMIN})


def raise_incident(
    kind: str, subject: str, *, detail: str = "", at: datetime, nth: int = 1
) -> None:
    """记异常: one open row per (kind, subject); a repetition adds to its count.

    A person is told of it from the `nth` time on; until then the row only counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_incident AS known"
            " (kind, subject, detail, count, first_at, last_at, raised_at)"
            " VALUES (%(kind)s, %(subject)s, %(detail)s, 1, %(at)s, %(at)s,"
            " CASE WHEN %(nth)s <= 1 THEN %(at)s::timestamptz END)"
            " ON CONFLICT (kind, subject) WHERE ended_at IS NULL"
            " DO UPDATE SET count = known.count + 1, last_at = EXCLUDED.last_at,"
            " detail = EXCLUDED.detail, raised_at = COALESCE(known.raised_at,"
            " CASE WHEN known.count + 1 >= %(nth)s THEN EXCLUDED.last_at END)",
            {"kind": kind, "subject": subject, "detail": detail, "at": at, "nth": nth},
        )


def end_incident(kind: str, subject: str, *, at: datetime) -> None:
    """销异常: it was dealt with or went away by itself; what nobody was told of leaves no row."""
    open_ones = Incident.objects.filter(kind=kind, subject=subject, ended_at=None)
    open_ones.filter(raised_at=None).delete()
    open_ones.update(ended_at=at)


def listed(*, is_ended: bool) -> QuerySet[Incident]:
    """异常列表: what a person was told of, open or ended; the rest is still tried again."""
    return Incident.objects.filter(raised_at__isnull=False, ended_at__isnull=not is_ended)


def close_incident(pk: int, *, by: Person, at: datetime, note: str) -> Incident:
    """结束异常: by a person, who says what was found; if it is still there it is raised anew."""
    require(by, at=at)
    known = Incident.objects.filter(pk=pk, raised_at__isnull=False)
    if not known.exists():
        raise NotVisible(_("没有这个异常，请从异常列表进入。"))
    said = visible(note).strip()
    if not said or "\x00" in said or len(said) > LONGEST:
        sentence = _("请写明查到了什么、做了什么，最多 %(count)s 字。") % {"count": LONGEST}
        raise Invalid(sentence, field="note")
    if not known.filter(ended_at=None).update(ended_at=at, ended_by=by, note=said):
        raise Impossible(_("这个异常已经结束，不用再处理。"))
    return known.get()


def may_see(person: Person, *, at: datetime) -> bool:
    """可看异常: shift leaders, inspectors, leaders and administrators."""
    return any(post.kind in LOOK_AT for post in person.posts_at(at))


def require(person: Person, *, at: datetime) -> None:
    """须可看异常, else `NotYours`."""
    if not may_see(person, at=at):
        raise NotYours(_("异常只对值班长、督查员、领导和系统管理员开放。"))
