"""Raise and end incidents."""

from datetime import datetime

from django.db import connection

from notices.models import Incident


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
