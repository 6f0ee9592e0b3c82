"""What a request costs is told only where it is asked for."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client

from common.meter import MeterMiddleware
from tests.house.source import ROOT

TOLD = re.compile(r'total;dur=[\d.]+, cpu;dur=[\d.]+, db;dur=[\d.]+;desc="(\d+)"')


def answer(_request: HttpRequest) -> HttpResponse:
    """Two statements in a transaction with a savepoint."""
    with connection.cursor() as cursor:
        for statement in ("SELECT 1", "SAVEPOINT one", "SELECT 2", "RELEASE SAVEPOINT one"):
            cursor.execute(statement)
    return HttpResponse("ok")


@pytest.mark.django_db
def test_statements_are_counted_without_the_marks_of_a_transaction() -> None:
    told = MeterMiddleware(answer)(HttpRequest())["Server-Timing"]
    found = TOLD.fullmatch(told)
    assert found is not None
    assert found[1] == "2"


@pytest.mark.django_db
def test_the_next_request_is_counted_anew() -> None:
    metered = MeterMiddleware(answer)
    metered(HttpRequest())
    assert metered(HttpRequest())["Server-Timing"].endswith('desc="2"')


def test_nothing_is_told_unless_it_is_asked_for() -> None:
    assert "Server-Timing" not in Client().get("/healthz").headers


@pytest.mark.parametrize(("asked", "told"), [("1", True), ("0", False)])
def test_the_environment_switches_it(asked: str, told: bool) -> None:
    script = "from hubin.settings import demo; print(any('meter' in m for m in demo.MIDDLEWARE))"
    assert run(script, HUBIN_METER=asked).stdout.strip() == str(told)


def test_production_refuses_it() -> None:
    secrets = dict.fromkeys(("HUBIN_SECRET_KEY", "HUBIN_SALT_KEY"), "x" * 50)
    known = secrets | {"HUBIN_LOOKUP_KEY": "x" * 50, "HUBIN_ALLOWED_HOSTS": "hubin.example"}
    done = run("import hubin.settings.production", HUBIN_METER="1", **known)
    assert "HUBIN_METER" in done.stderr


def run(script: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """In a Python of its own, since settings are read once."""
    return subprocess.run(
        [sys.executable, "-c", script], env=os.environ | env, cwd=ROOT, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
