"""Fixtures of all tests."""

pytest_plugins = ["tests.browser", "tests.emptying", "tests.walks", "tests.world"]
