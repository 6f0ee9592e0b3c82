"""Ctrl-C and SIGTERM become an exception at the next pause, never in the middle of a change."""

import os
import select
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from hubin.local.trouble import StopRequested

Found = TypeVar("Found")


class Stopper:
    """The only place where the launcher waits, so that it always hears when it should stop."""

    def __init__(self) -> None:
        self.requests = 0
        self.last: int | None = None
        # rung by every signal we listen to, so that a pause ends at once
        self._bell: list[int] = []

    def listen(self) -> None:
        bell, hammer = os.pipe()
        for end in (bell, hammer):
            os.set_blocking(end, False)
        self._bell = [bell]
        signal.set_wakeup_fd(hammer, warn_on_full_buffer=False)
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
        self.check()
        while (left := until - time.monotonic()) > 0:
            rung, _, _ = select.select(self._bell, [], [], left)
            for bell in rung:
                os.read(bell, 4096)
            self.check()

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
