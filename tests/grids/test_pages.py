"""The frame says that people are invented where they are, and nowhere else."""

from typing import Any

import pytest
from django.test import RequestFactory

from grids.pages import context
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_invented", [True, False])
def test_a_demo_says_so_only_with_invented_people(
    settings: Any, rf: RequestFactory, is_invented: bool
) -> None:
    settings.HUBIN_DEMO = True
    PersonFactory(is_demo=is_invented)
    assert context(rf.get("/"))["is_demo"]() is is_invented


def test_production_never_asks(
    settings: Any, rf: RequestFactory, django_assert_num_queries: Any
) -> None:
    settings.HUBIN_DEMO = False
    with django_assert_num_queries(0):
        assert context(rf.get("/"))["is_demo"]() is False
