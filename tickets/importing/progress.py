"""How far it is: a bar on a terminal, a line now and then without one."""

import sys
import time
from typing import TextIO

WIDTH = 30
EVERY_ON_TERMINAL, EVERY_ELSEWHERE = 0.2, 10.0


class Progress:
    """进度: `total` is known before the first step; writes to stderr."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self.label = label
        self.total = 0
        self.done = 0
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._begun = self._shown = time.monotonic()

    def begin(self, total: int) -> None:
        """Starts the watch."""
        self.total = total
        self._begun = self._shown = time.monotonic()

    def step(self, done: int, note: str = "") -> None:
        """So many of the total; drawn at most five times a second."""
        self.done = done
        every = EVERY_ON_TERMINAL if self._is_terminal else EVERY_ELSEWHERE
        if time.monotonic() - self._shown >= every:
            self._draw(note)

    def end(self, note: str = "") -> None:
        """The last line stays."""
        self._draw(note)
        if self._is_terminal:
            self._stream.write("\n")

    @property
    def seconds(self) -> float:
        """Since `begin`."""
        return max(time.monotonic() - self._begun, 1e-9)

    @property
    def rate(self) -> float:
        """Done a second."""
        return self.done / self.seconds

    def _draw(self, note: str) -> None:
        self._shown = time.monotonic()
        share = self.done / self.total if self.total else 1.0
        filled = round(share * WIDTH)
        bar = "█" * filled + "·" * (WIDTH - filled)
        left = (self.total - self.done) / self.rate if self.done else 0.0
        line = (
            f"{self.label} {bar} {share:4.0%} {self.done:,}/{self.total:,}"
            f" {self.rate:,.0f}/s {left // 60:.0f}:{left % 60:02.0f} {note}"
        ).rstrip()
        self._stream.write(f"\r{line}\x1b[K" if self._is_terminal else f"{line}\n")
        self._stream.flush()
