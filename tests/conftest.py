"""Fixtures of all tests."""

pytest_plugins = ["tests.browser", "tests.emptying", "tests.full", "tests.walks", "tests.world"]
