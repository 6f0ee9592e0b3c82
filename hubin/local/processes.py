"""Processes: begun in a session of their own, told apart from others, ended with everyone in it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
QUIT_WAIT = 2.0
KILL_WAIT = 3.0
LINUX: bool = sys.platform == "linux"
_libc = ctypes.CDLL(None) if LINUX else None


@dataclass(frozen=True)
class Identity:
    """A process id alone may by now belong to somebody else; with its birth it cannot."""

    pid: int
    born: str


def birth(pid: int) -> str | None:
    """When the process began, or None if there is none (a zombie counts as none)."""
    if LINUX:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]
    shown = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, started = shown.stdout.strip().partition(" ")
    return started.strip() if started and not state.startswith("Z") else None


def command_of(pid: int) -> str:
    if LINUX:
        try:
            return (
                Path(f"/proc/{pid}/cmdline")
                .read_bytes()
                .replace(b"\0", b" ")
                .decode("utf-8", "replace")
            )
        except OSError:
            return ""
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip()


def identity(pid: int) -> Identity | None:
    born = birth(pid)
    return Identity(pid, born) if born else None


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    if_launcher_dies: signal.Signals = signal.SIGTERM,
    umask: int = 0o077,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Begin a process that writes to `log` and that a killed launcher does not leave behind."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=umask,
            pass_fds=keep_open,
            preexec_fn=_die_with(os.getpid(), if_launcher_dies),
        )
    finally:
        os.close(out)


def _die_with(launcher: int, number: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    libc = _libc

    def in_the_child() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != launcher:  # it died between fork and prctl
            os._exit(1)

    return in_the_child


def group_alive(group: int) -> bool:
    """Does anyone of the session live? A group's number is not given away while somebody does."""
    if LINUX:
        return any(_group_of(entry) == group for entry in os.listdir("/proc") if entry.isdigit())
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return True


def _group_of(pid: str) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[2])


def send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def send_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def wait_gone(gone: Callable[[], bool], seconds: float) -> bool:
    """True when `gone` came true in time. Deaf to Ctrl-C: stopping is never half done."""
    until = time.monotonic() + seconds
    while not gone():
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)  # nothing tells of the end of a stranger, nor of the last of a session
    return True


def end_stranger(known: Identity, gentle: signal.Signals, patience: float) -> bool:
    """End what an earlier launcher began, and its group. False when there was nothing to end."""
    alive = birth(known.pid) == known.born
    if not alive and (birth(known.pid) is not None or not group_alive(known.pid)):
        return False
    if alive:
        send(known.pid, gentle)
        if not wait_gone(lambda: birth(known.pid) != known.born, patience):
            send(known.pid, signal.SIGQUIT)
            wait_gone(lambda: birth(known.pid) != known.born, QUIT_WAIT)
    if group_alive(known.pid):
        send_group(known.pid, signal.SIGKILL)
        wait_gone(lambda: not group_alive(known.pid), KILL_WAIT)
    return True
