"""Ctrl-C and SIGTERM become an exception at the next pause, never in the middle of a change."""

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from hubin.local.trouble import StopRequested

Found = TypeVar("Found")
SLICE = 0.1


class Stopper:
    """The only place where the launcher waits, so that it always hears when it should stop."""

    def __init__(self) -> None:
        self.requests = 0
        self.last: int | None = None

    def listen(self) -> None:
        signal.signal(signal.SIGINT, self._heard)
        signal.signal(signal.SIGTERM, self._heard)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup keeps us running
            signal.signal(signal.SIGHUP, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.requests += 1
        self.last = number

    def check(self) -> None:
        if self.requests:
            raise StopRequested

    def pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            self.check()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(SLICE, left))

    def wait_for(
        self, probe: Callable[[], Found | None], *, seconds: float, every: float = 0.05
    ) -> Found | None:
        """What `probe` finds first, or None when the time is over."""
        until = time.monotonic() + seconds
        while True:
            found = probe()
            if found:
                return found
            if time.monotonic() >= until:
                return None
            self.pause(every)
