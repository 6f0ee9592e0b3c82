"""Whoever has to be out of the house at once is logged out everywhere."""

from django.db.models import F

from grids.models import Person


def end_all(person: Person) -> None:
    """结束全部登录: each ends at its next request, as none holds the present count any more."""
    Person.objects.filter(pk=person.pk).update(logins_ended=F("logins_ended") + 1)
    person.refresh_from_db(fields=["logins_ended"])
