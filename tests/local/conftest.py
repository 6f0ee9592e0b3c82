"""The launcher is tried from outside, as a person would: a process, its output, its exit code."""

import os
import queue
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.local.miniature import ROOT, build

PATIENCE = 60.0


class Launcher:
    """A running `hubinctl up` and the lines it has said."""

    def __init__(self, project: Path, *words: str, env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [str(project / "hubinctl"), "up", *words],
            env=dict(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.said: list[str] = []
        self.start_up: list[str] = []
        self.address = ""
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, pattern: str) -> str:
        """The first line from now on that matches; fails with everything said so far."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                line = None
            if line is None:
                pytest.fail(f"{pattern!r} was not said:\n" + "\n".join(self.said))
            self.said.append(line)
            if re.search(pattern, line):
                return line

    def ready(self) -> str:
        address = self.until(r"^READY ").removeprefix("READY ")
        self.start_up = list(self.said)
        return address

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("project"))


@pytest.fixture
def bare_env(tmp_path: Path) -> dict[str, str]:
    """As after `env -i HOME=… PATH=…`."""
    return {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}


@pytest.fixture
def launch(project: Path, bare_env: dict[str, str]) -> Iterator[Callable[..., Launcher]]:
    begun: list[Launcher] = []

    def begin(*words: str) -> Launcher:
        begun.append(Launcher(project, *words, env=bare_env))
        return begun[-1]

    try:
        yield begin
    finally:
        for launcher in begun:
            if launcher.process.poll() is None:
                launcher.stop(signal.SIGTERM)


@pytest.fixture
def hubinctl(bare_env: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command that ends by itself."""

    def run(*words: str, place: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(place / "hubinctl"), *words],
            env={**bare_env, **env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )

    return run
