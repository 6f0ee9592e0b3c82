"""Whoever has to be out of the house at once is logged out everywhere."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from grids.models import Person


def end_all(person: Person, *, at: datetime) -> int:
    """结束全部登录: reads every living session, so it is for commands and not for requests."""
    living = Session.objects.filter(expire_date__gt=at)
    theirs = [
        row.pk for row in living.iterator() if row.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0]
