"""Calendars out of their tables."""

import pytest
from pytest_django import DjangoAssertNumQueries

from common import law
from common.errors import Invalid
from grids import calendars
from grids.models import CalendarSlot
from tests.factories import WorkCalendarFactory

pytestmark = pytest.mark.django_db


def test_a_calendar_knows_its_week() -> None:
    WorkCalendarFactory(slots={0: [(810, 1050), (510, 720)], 6: [(0, 1440)]})
    assert calendars.spec("office").slots == {0: ((510, 720), (810, 1050)), 6: ((0, 1440),)}


def test_calendars_run_in_the_districts_zone() -> None:
    WorkCalendarFactory(always=True)
    assert str(calendars.spec("always").zone) == "Asia/Shanghai"


def test_an_unknown_calendar_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="lunar") as refusal:
        calendars.spec("lunar")
    assert refusal.value.field == "calendar"


@pytest.mark.django_db(transaction=True)
def test_a_calendar_is_read_once(
    law_cache: law.LawCache, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    WorkCalendarFactory()
    calendars.spec("office")
    with django_assert_num_queries(0):
        calendars.spec("office")


@pytest.mark.django_db(transaction=True)
def test_a_changed_slot_counts_from_the_commit(law_cache: law.LawCache) -> None:
    WorkCalendarFactory(slots={0: [(510, 720)]})
    calendars.spec("office")
    CalendarSlot.objects.update(closes_min=1050)
    law.bump(calendars.STAMP)
    assert calendars.spec("office").slots == {0: ((510, 1050),)}
