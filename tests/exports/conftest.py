"""Fixtures of the chain's tests."""

from tests.tickets.pages import nine

__all__ = ["nine"]
