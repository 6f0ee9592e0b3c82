"""Fixtures of the tests of figures."""

from tests.tickets.pages import nine

__all__ = ["nine"]
