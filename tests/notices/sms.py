"""Fixtures of telephones and the gateway."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.plain import running
from tests.servers.sms import SmsServer, configure
from tests.world import MONDAY_NINE

AT = MONDAY_NINE
NUMBER = "13900001234"


@pytest.fixture
def gateway(settings: Any, monday: None) -> Iterator[SmsServer]:
    """A gateway that works, and this system set up for it."""
    server = SmsServer()
    configure(settings, server)
    with running(server):
        yield server
