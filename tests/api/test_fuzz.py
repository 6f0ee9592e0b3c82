"""Whatever is sent to any address of the API: no 5xx, and nothing the schema does not tell.

Bounded here; `./hubinctl test --full` tries more of each.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase
from hypothesis import settings as bounds
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    response_schema_conformance,
    status_code_conformance,
)

from common import clock
from grids.models import Scope
from grids.tokens import make_token
from hubin.wsgi import application
from tests.api.clients import connect
from tests.world import World

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
IS_FULL = os.environ.get("HUBIN_TEST_FULL") == "1"
EXAMPLES = 60 if IS_FULL else 2
# the explicit ones cover every bound of every parameter, one by one
PHASES = [Phase.explicit, Phase.generate] if IS_FULL else [Phase.generate]


@pytest.fixture
def steady(db: None, settings: Any) -> Iterator[None]:
    """The connection stays open between requests, as Django's own test client has it."""
    settings.HUBIN_API_READS = settings.HUBIN_API_WRITES = 1_000_000
    settings.ALLOWED_HOSTS = ["*"]
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(steady: None, world: World) -> str:
    return make_token(world.desk, "fuzz", list(Scope.values), at=clock.now())[1]


schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
schema.app = application


BOUNDS = bounds(
    max_examples=EXAMPLES, deadline=None, derandomize=True,
    phases=PHASES, suppress_health_check=list(HealthCheck),
)  # fmt: skip
OF_SYSTEMS = ["create_ticket", "list_tickets", "get_ticket_by_external", "inform_ticket"]


@schema.parametrize()
@BOUNDS
def test_nothing_sent_breaks_it(case: Case, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


@pytest.fixture
def systems_token(steady: None, world: World) -> str:
    return connect(world).token


@schema.include(operation_id=OF_SYSTEMS).parametrize()
@BOUNDS
def test_nothing_another_system_sends_breaks_it(case: Case, systems_token: str) -> None:
    headers = {"Authorization": f"Bearer {systems_token}"}
    case.call_and_validate(headers=headers, checks=CHECKS)
