"""Fixtures of all tests."""

import gc

import pytest
from django.conf import settings
from django.utils import translation

pytest_plugins = [
    "tests.browser",
    "tests.emptying",
    "tests.full",
    "tests.lawful",
    "tests.world",  # the next two import it, and asserts are rewritten before an import only
    "tests.scenery",
    "tests.walks",
]

GARBAGE = (50_000, 20, 100)
"""What stands after collecting stays; looking through it again and again took an eighth."""


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


@pytest.fixture(autouse=True)
def nobody_counted() -> None:
    """What strangers asked of a process in one test is no load on the next."""
    if settings.configured:
        from common.throttles import Pace

        Pace.forget()


@pytest.fixture(autouse=True)
def source_language() -> None:
    """A page asked for in English leaves its language in the thread; every test begins anew."""
    if settings.configured:
        translation.activate(settings.LANGUAGE_CODE)
