"""What the terminal shows: one line a step while it works, and how long it took."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

EVERY = 5.0  # seconds between progress lines where the output is not a terminal


def prepare() -> None:
    """Make Chinese names printable also where no locale is set."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def say(line: str = "", *, end: str = "\n") -> None:
    try:
        print(line, end=end, flush=True)
    except OSError:  # the reader went away (`hubinctl up | head`): the system runs on, silently
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def complain(line: str) -> None:
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)


class Step:
    """One step of the start: `done` names the result, `progress` what it is at."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.began = time.monotonic()
        self.shown = self.began
        self.result = "ready"
        self.rewrites = sys.stdout.isatty()

    def progress(self, text: str) -> None:
        if self.rewrites:
            width = shutil.get_terminal_size().columns - 1
            say("\r\033[K" + f"  {self.name:<10} {text}"[:width], end="")
        elif time.monotonic() - self.shown >= EVERY:
            self.shown = time.monotonic()
            say(f"  {self.name:<10} {text}")

    def done(self, result: str) -> None:
        self.result = result


@contextmanager
def step(name: str, doing: str) -> Iterator[Step]:
    current = Step(name)
    if current.rewrites:
        current.progress(doing)
    else:
        say(f"  {name:<10} {doing} …")
    try:
        yield current
    except BaseException:
        if current.rewrites:
            say()
        raise
    took = time.monotonic() - current.began
    start = "\r\033[K" if current.rewrites else ""
    say(f"{start}  {name:<10} {current.result} ({took:.1f} s)")
