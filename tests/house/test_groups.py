"""What shares a costly fixture runs in one process."""

import os

import pytest


@pytest.mark.xdist_group("together")
def test_the_runner_puts_groups_together(request: pytest.FixtureRequest) -> None:
    """A runner that does not know the groups is silent and only slow, or lets servers collide."""
    is_grouping = "PYTEST_XDIST_WORKER" in os.environ and request.config.getvalue("loadgroup")
    assert request.node.nodeid.endswith("@together") == is_grouping
