"""Whatever is sent to a form of the administration, a page with a sentence comes back."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.test import Client
from django.urls import reverse

from common.admin import IdsOnly
from grids.models import CalendarSlot, Person, Post
from tests.factories import PersonFactory, UnitFactory, WorkCalendarFactory

pytestmark = pytest.mark.django_db
ODD = ["abc", "\x00", "1e400", "９", "9" * 400, "-1"]


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(PersonFactory(superuser=True))
    return client


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["parent", "divisions"])
def test_a_choice_that_is_none_is_told(boss: Client, name: str, odd: str) -> None:
    words = {"code": "CG", "name": "局", "kind": "BUREAU", "duty_phone": "1", name: odd}
    answer = boss.post(reverse("admin:grids_unit_add"), words)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors[name]


def test_a_choice_in_a_row_that_is_none_is_told(boss: Client) -> None:
    person = PersonFactory()
    rows = {"posts-TOTAL_FORMS": "1", "posts-INITIAL_FORMS": "0", "posts-0-kind": "HANDLER"}
    words = {"username": person.username, "name": person.name, "posts-0-unit": "abc"} | rows
    answer = boss.post(reverse("admin:grids_person_change", args=[person.pk]), words)
    assert answer.status_code == 200
    assert not Post.objects.exists()


def test_a_choice_that_is_one_stays_chosen(boss: Client) -> None:
    unit = UnitFactory(name="城管局")
    answer = boss.post(reverse("admin:grids_unit_add"), {"parent": unit.pk})
    assert f'<option value="{unit.pk}" selected>城管局</option>' in answer.content.decode()


def test_the_same_row_twice_is_told(boss: Client) -> None:
    calendar = WorkCalendarFactory()
    slot = CalendarSlot.objects.filter(calendar=calendar).first()
    assert slot is not None
    rows = {"slots-TOTAL_FORMS": "1", "slots-INITIAL_FORMS": "0", "slots-0-weekday": slot.weekday,
            "slots-0-opens_min": slot.opens_min, "slots-0-closes_min": slot.closes_min}  # fmt: skip
    words = {"code": calendar.code, "name": calendar.name} | rows
    answer = boss.post(reverse("admin:grids_workcalendar_change", args=[calendar.pk]), words)
    assert answer.status_code == 409
    assert "已有同样的一行" in answer.content.decode()


def test_every_choice_of_the_administration_takes_ids_only(rf: Any, boss: Client) -> None:
    request = rf.get("/")
    request.user = Person.objects.get()
    found = []
    for model, one in admin.site._registry.items():
        for place in (one, *one.get_inline_instances(request)):
            for name in place.get_autocomplete_fields(request):
                field: Any = place.formfield_for_dbfield(place.model._meta.get_field(name), request)
                widget = getattr(field.widget, "widget", field.widget)
                assert isinstance(widget, AutocompleteMixin)
                found += [] if isinstance(widget, IdsOnly) else [(model.__name__, name)]
    assert found == []
