"""A broker that accepts and never answers: no request waits for it, nothing is lost (DESIGN §4).

The process under test notes which thread connects where, so nothing here depends on time.
"""

import json
import socket
import subprocess
import sys
from typing import Any

import pytest

from notices.models import Notice
from tests.promises.broker import in_this_database
from tests.world import World
from tickets import sweeps
from tickets.models import Event

# a report through the whole house; then the thread of the pokes is given its turn at the socket
REPORT = """
import json, sys, threading
touched = []
def hear(event, args):
    if event == "socket.connect" and args[1][-1:] == (int(sys.argv[1]),):
        touched.append(threading.current_thread().name)
        connecting.set()
connecting = threading.Event()
sys.addaudithook(hear)
import django, hubin.celery
django.setup()
from django.conf import settings
from django.test import Client
from grids.models import Person
settings.HUBIN_POKES, settings.ALLOWED_HOSTS = True, ["*"]
client = Client()
backend = "django.contrib.auth.backends.ModelBackend"
client.force_login(Person.objects.get(username="desk"), backend=backend)
body = {"text": "井盖破损，行人容易踩空", "category": "0103", "address": "湖滨路 1 号",
        "lat": 30.245, "lng": 120.155, "name": "赵见诚", "phone": "13900001234"}
answer = client.post("/api/v1/tickets/", json.dumps(body), content_type="application/json")
here = list(touched)
connecting.wait(60)
print(json.dumps({"status": answer.status_code, "here": here, "later": touched}), flush=True)
"""


@pytest.fixture
def answered(committed_world: World) -> Any:
    """What came of one report while the broker is silent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        around = in_this_database(REDIS_URL=f"redis://127.0.0.1:{port}/0")
        done = subprocess.run(
            [sys.executable, "-c", REPORT, port], env=around, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_report_is_taken_up(answered: dict[str, Any]) -> None:
    assert answered["status"] == 201
    assert Event.objects.filter(verb="report", announced_at=None).count() == 1


def test_only_the_thread_of_the_pokes_touches_the_broker(answered: dict[str, Any]) -> None:
    assert "MainThread" not in answered["here"]
    assert set(answered["later"]) == {"pokes"}


def test_the_sweep_tells_what_no_poke_could(
    answered: dict[str, Any], committed_world: World
) -> None:
    sweeps.run("announce", at=committed_world.at)
    found = Notice.objects.filter(role="DESK").values_list("person__username", flat=True)
    assert set(found) == {"desk", "other_desk", "shift_leader"} - {"desk"}
