"""The tour in docs/api.md, run as it is printed, against the live server."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from grids.tokens import make_token
from tests.files import photo
from tests.house import source
from tests.world import World
from tickets.models import Category, Ticket

BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_the_tour_works_as_printed(
    committed_world: World, live_server: LiveServer, tmp_path: Path
) -> None:
    world = committed_world
    parts = {"DESK": world.desk, "HANDLER": world.handler, "GRID": world.grid_worker}
    scopes = ["tickets:read", "tickets:write"]
    who = {
        name: make_token(person, "tour", scopes, at=world.at)[1] for name, person in parts.items()
    }
    Category.objects.update(needs_after_photo=True)
    (tmp_path / "after.jpg").write_bytes(photo())
    script = "\n".join(BLOCK.findall((source.ROOT / "docs/api.md").read_text(encoding="utf-8")))
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HUBIN": live_server.url, "PHOTO": "after.jpg", **who},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert Ticket.objects.get().state == "REPLIED"
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [line["verb"] for line in told[-1]["results"]] == [
        "report", "accept", "dispatch", "claim", "resolve", "verify", "reply",
    ]  # fmt: skip


def test_the_tour_has_ten_lines() -> None:
    tour = BLOCK.findall((source.ROOT / "docs/api.md").read_text(encoding="utf-8"))[1]
    assert len(tour.splitlines()) == 10
