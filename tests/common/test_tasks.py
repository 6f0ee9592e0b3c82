"""What is of no use to anybody is forgotten."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from common import clock
from common.tasks import forget


@pytest.mark.django_db
def test_logins_that_ended_are_forgotten() -> None:
    at = clock.now()
    for key, ends in (("over", at - timedelta(minutes=1)), ("living", at + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    forget()
    assert Session.objects.get().session_key == "living"
