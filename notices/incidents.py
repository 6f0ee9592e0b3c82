"""Raise and end incidents."""

from datetime import datetime

from django.db import connection

from notices.models import Incident


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
