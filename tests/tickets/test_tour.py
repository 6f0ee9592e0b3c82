"""Without invented people there is no tour; of the demo itself see test_demo."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_real_district_has_none(client: Client) -> None:
    assert client.get("/tour/").status_code == 404
    assert "/tour/" not in client.get("/login/").text
