"""Fixtures of all tests."""

import pytest
from django.conf import settings
from django.utils import translation

pytest_plugins = [
    "tests.browser",
    "tests.emptying",
    "tests.full",
    "tests.lawful",
    "tests.walks",
    "tests.world",
]


@pytest.fixture(autouse=True)
def source_language() -> None:
    """A page asked for in English leaves its language in the thread; every test begins anew."""
    if settings.configured:
        translation.activate(settings.LANGUAGE_CODE)
