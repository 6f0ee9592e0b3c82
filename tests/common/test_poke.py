"""A poke never waits for the broker, and a lost one is only a lost poke."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from common import poke as pokes

# in a process of its own, since its thread never comes back
MORE_THAN_FIT = """
import django
django.setup()
from common import poke
for number in range(poke._waiting.maxsize + 10):
    poke._enqueue("some.task", {"ticket_id": number})
print("full" if poke._waiting.full() else "drained")
"""


@contextmanager
def silent_broker() -> Iterator[str]:
    """An address that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What would be handed to the draining thread."""
    found: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(pokes, "_enqueue", lambda task, kwargs: found.append((task, kwargs)))
    return found


@pytest.mark.django_db(transaction=True)
def test_a_poke_leaves_with_the_commit(settings: Settings, sent: list[Any]) -> None:
    settings.HUBIN_POKES = True
    with transaction.atomic():
        pokes.poke("some.task", ticket_id=7)
        assert sent == []
    assert sent == [("some.task", {"ticket_id": 7})]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_pokes_nobody(settings: Settings, sent: list[Any]) -> None:
    settings.HUBIN_POKES = True
    with transaction.atomic():
        pokes.poke("some.task", ticket_id=7)
        transaction.set_rollback(True)
    assert sent == []


def test_a_silent_broker_keeps_nobody_waiting() -> None:
    with silent_broker() as address:
        environment = os.environ | {"REDIS_URL": address}
        done = subprocess.run(
            [sys.executable, "-c", MORE_THAN_FIT],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stdout.strip() == "full", done.stderr


@pytest.mark.django_db(transaction=True)
def test_what_is_done_in_a_second_is_one_poke(settings: Settings, monkeypatch: Any) -> None:
    settings.HUBIN_POKES = True
    found: list[Any] = []
    monkeypatch.setattr(pokes, "_enqueue", lambda *given: found.append(given))
    monkeypatch.setattr(pokes, "_gathering", {})
    for _time in range(3):
        pokes.poke_soon("some.sweep", seconds=1000.0, name="it")
    pokes.poke_soon("some.sweep", seconds=1000.0, name="another")
    assert found == [
        ("some.sweep", {"name": "it"}, 1000.0),
        ("some.sweep", {"name": "another"}, 1000.0),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_is_done_later_is_another_poke(settings: Settings, monkeypatch: Any) -> None:
    settings.HUBIN_POKES = True
    found: list[Any] = []
    monkeypatch.setattr(pokes, "_enqueue", lambda *given: found.append(given))
    monkeypatch.setattr(pokes, "_gathering", {})
    for _time in range(2):
        pokes.poke_soon("some.sweep", seconds=0.0, name="it")
    assert len(found) == 2
