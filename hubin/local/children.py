"""A child: one long-running process of the system, how to begin it and how to end it."""

import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hubin.local.processes import (
    KILL_WAIT,
    QUIT_WAIT,
    Identity,
    end_stranger,
    group_alive,
    identity,
    send,
    send_group,
    wait_gone,
)
from hubin.local.processes import spawn as spawn_process

LOG_LIMIT = 5_000_000  # bytes; a longer log is put aside at the next start


@dataclass
class Child:
    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    gentle: signal.Signals = signal.SIGTERM
    patience: float = 5.0  # seconds the gentle signal is given
    sockets: Sequence[socket.socket] = ()  # ours, handed to every process begun
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        if self.process is not None:
            self._end_group()
        put_aside(self.log)
        self.process = spawn_process(
            self.command,
            env=self.env,
            log=self.log,
            cwd=self.cwd,
            if_launcher_dies=self.gentle,
            keep_open=[one.fileno() for one in self.sockets],
        )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def code(self) -> int | None:
        return self.process.returncode if self.process else None

    def ask_to_end(self) -> None:
        if self.process is not None and self.alive():
            send(self.process.pid, self.gentle)

    def end(self) -> None:
        """Gentle signal, patience, SIGQUIT, SIGKILL; then whoever is left of its session."""
        if self.process is None:
            return
        self.ask_to_end()
        if not wait_gone(lambda: not self.alive(), self.patience):
            send(self.process.pid, signal.SIGQUIT)  # all our servers know it as "at once"
            wait_gone(lambda: not self.alive(), QUIT_WAIT)
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        assert self.process is not None
        group = self.process.pid
        if group_alive(group):
            send_group(group, signal.SIGKILL)
            wait_gone(lambda: not group_alive(group), KILL_WAIT)

    def as_record(self) -> dict[str, object] | None:
        """What a later launcher must know to find it, should this one be killed."""
        known = identity(self.process.pid) if self.process else None
        if known is None:
            return None
        return {
            "name": self.name,
            "pid": known.pid,
            "born": known.born,
            "gentle": int(self.gentle),
            "patience": self.patience,
        }


def end_recorded(record: Mapping[str, object]) -> bool:
    """End a child of an earlier launcher. False when it is gone already."""
    known = Identity(int(str(record["pid"])), str(record["born"]))
    gentle = signal.Signals(int(str(record["gentle"])))
    return end_stranger(known, gentle, float(str(record["patience"])))


def put_aside(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))
