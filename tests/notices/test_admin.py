"""Incidents in the admin: to look at and to end."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from notices.incidents import raise_incident
from notices.models import Incident
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PersonFactory(superuser=True))
    return client


@pytest.fixture
def incident() -> Incident:
    raise_incident("unstaffed", "CG-003", at=datetime(2026, 3, 2, tzinfo=UTC))
    return Incident.objects.get()


def test_open_incidents_are_listed(admin: Client, incident: Incident) -> None:
    answer = admin.get(reverse("admin:notices_incident_changelist"), {"ended_at__isempty": "1"})
    assert list(answer.context["cl"].result_list) == [incident]


def test_what_is_still_tried_again_is_not_listed(admin: Client) -> None:
    raise_incident("sweep:route", "1", at=datetime(2026, 3, 2, tzinfo=UTC), nth=2)
    answer = admin.get(reverse("admin:notices_incident_changelist"))
    assert list(answer.context["cl"].result_list) == []


def test_a_person_ends_it(admin: Client, incident: Incident) -> None:
    data = {"action": "end", "_selected_action": [incident.pk]}
    admin.post(reverse("admin:notices_incident_changelist"), data)
    incident.refresh_from_db()
    assert incident.ended_at is not None


@pytest.mark.parametrize("page", ["add", "delete"])
def test_nobody_invents_or_removes_one(admin: Client, incident: Incident, page: str) -> None:
    args = [] if page == "add" else [incident.pk]
    assert admin.get(reverse(f"admin:notices_incident_{page}", args=args)).status_code == 403
