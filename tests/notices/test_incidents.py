"""Incidents: one open row per matter."""

from datetime import UTC, datetime, timedelta

import pytest

from notices.incidents import end_incident, raise_incident
from notices.models import Incident
from tests.races import race

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def test_a_matter_opens_a_row() -> None:
    raise_incident("unstaffed", "CG-003", detail="no handler", at=AT)
    row = Incident.objects.get()
    assert (row.count, row.first_at, row.last_at, row.ended_at) == (1, AT, AT, None)


def test_a_repetition_counts() -> None:
    raise_incident("unstaffed", "CG-003", at=AT)
    raise_incident("unstaffed", "CG-003", detail="still", at=LATER)
    row = Incident.objects.get()
    assert (row.count, row.first_at, row.last_at, row.detail) == (2, AT, LATER, "still")


@pytest.mark.parametrize("other", [("unstaffed", "CG-004"), ("sweep", "CG-003")])
def test_another_matter_is_another_row(other: tuple[str, str]) -> None:
    raise_incident("unstaffed", "CG-003", at=AT)
    raise_incident(*other, at=AT)
    assert Incident.objects.count() == 2


def test_an_ended_matter_opens_anew() -> None:
    raise_incident("unstaffed", "CG-003", at=AT)
    end_incident("unstaffed", "CG-003", at=LATER)
    raise_incident("unstaffed", "CG-003", at=LATER)
    assert sorted(Incident.objects.values_list("count", "ended_at"), key=str) == [
        (1, None), (1, LATER),
    ]  # fmt: skip


def test_ending_leaves_others_open() -> None:
    raise_incident("unstaffed", "CG-003", at=AT)
    end_incident("unstaffed", "CG-004", at=LATER)
    assert Incident.objects.get().ended_at is None


def test_a_person_is_told_from_the_nth_time_on() -> None:
    told = []
    for minute in range(4):
        raise_incident("sweep", "1", at=AT + timedelta(minutes=minute), nth=3)
        told.append(Incident.objects.get().raised_at)
    third = AT + timedelta(minutes=2)
    assert told == [None, None, third, third]


def test_what_nobody_was_told_of_leaves_no_row() -> None:
    raise_incident("sweep", "1", at=AT, nth=3)
    end_incident("sweep", "1", at=LATER)
    assert not Incident.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_matter_from_four_sides_is_one_row() -> None:
    race(*[lambda: raise_incident("unstaffed", "CG-003", at=AT)] * 4)
    assert Incident.objects.get().count == 4
