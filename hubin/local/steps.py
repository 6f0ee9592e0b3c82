"""Short commands of a start (install, initdb, migrate …): logged, watched, not left behind."""

import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hubin.local.processes import send_group, spawn, wait_gone
from hubin.local.stopper import Stopper
from hubin.local.trouble import Trouble, last_lines

PATIENCE = 3.0


def run_step(
    command: Sequence[str],
    *,
    stopper: Stopper,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    on_line: Callable[[str], None] | None = None,
    umask: int = 0o077,
) -> int:
    """Run it to its end, giving each line of its output to `on_line`; its exit code."""
    log.unlink(missing_ok=True)
    process = spawn(command, env=env, log=log, cwd=cwd, umask=umask)
    try:
        with log.open(encoding="utf-8", errors="replace") as output:
            while process.poll() is None:
                _hand_out(output.readlines(), on_line)
                stopper.pause(0.05)
            _hand_out(output.readlines(), on_line)
        return process.returncode
    finally:
        end_step(process)


def _hand_out(lines: list[str], on_line: Callable[[str], None] | None) -> None:
    if on_line:
        for line in lines:
            on_line(line.rstrip())


def end_step(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        send_group(process.pid, signal.SIGTERM)
        if not wait_gone(lambda: process.poll() is not None, PATIENCE):
            send_group(process.pid, signal.SIGKILL)
        process.wait()


def must(
    what: str,
    command: Sequence[str],
    *,
    stopper: Stopper,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    on_line: Callable[[str], None] | None = None,
) -> None:
    """Run it; where it fails, stop the start with the end of its output."""
    code = run_step(command, stopper=stopper, env=env, log=log, cwd=cwd, on_line=on_line)
    if code:
        raise Trouble(
            f"{what} failed with exit code {code}; all it said stands in {log}.",
            details=last_lines(log),
        )
