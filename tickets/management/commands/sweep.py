"""manage.py sweep [NAME …] [--loop [--only …]]: what beat does, without broker or beat."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from common import clock
from tickets import seals, sweeps
from tickets.periods import GROUPS, PERIODS

log = logging.getLogger(__name__)
EVERY_SECONDS = 20


def names_in(words: str) -> list[str]:
    """Names and groups between commas, in the order of the table."""
    asked = {word.strip() for word in words.split(",")}
    if unknown := asked - GROUPS.keys() - PERIODS.keys():
        known = ", ".join([*GROUPS, *PERIODS])
        raise ArgumentTypeError(f"no sweep {', '.join(sorted(unknown))}; there are {known}")
    found = asked.union(*(GROUPS.get(word, ()) for word in asked))
    return [name for name in PERIODS if name in found]


class Command(BaseCommand):
    """清扫: once, or forever with --loop; safe beside beat and beside another loop."""

    help = "Run the idempotent sweeps once, or forever with --loop, which also seals every hour."
    requires_system_checks: list[str] = []  # the web server checks, as for the worker
    sealed_at: datetime | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.began: dict[str, float] = {}

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", choices=[*sweeps.SWEEPS, []], default=[])
        only = "names or groups (quick, slow) with commas: slow ones in a loop of their own"
        parser.add_argument("--only", type=names_in, default=[], help=only)
        parser.add_argument("--loop", action="store_true", help="run until stopped")
        parser.add_argument("--every", type=float, default=EVERY_SECONDS, help="seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or options["only"] or list(sweeps.SWEEPS)
        if not options["loop"]:
            for name in names:
                self.stdout.write(f"{name}: {sweeps.run(name, at=clock.now())}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            self._round(names, half=options["every"] / 2)
            stop.wait(options["every"])

    def _due(self, names: list[str], now: float, half: float) -> list[str]:
        """By the steady clock: sweeps go on while the other one stands still or is moved."""
        never = float("-inf")
        return [
            name
            for name in names
            if now - self.began.get(name, never) >= PERIODS[name].total_seconds() - half
        ]

    def _round(self, names: list[str], half: float = EVERY_SECONDS / 2) -> None:
        try:
            close_old_connections()
            for name in self._due(names, time.monotonic(), half):
                self.began[name] = time.monotonic()
                self._run(name)
            self._seal(clock.now())
        except OSError as error:
            log.warning("seal: %s", error)
        except (InterfaceError, OperationalError) as error:
            # the database restarts: try again next round
            log.warning("sweep: %s", error)
            connection.close()

    def _run(self, name: str) -> None:
        """One that fails holds up none of the others; health tells of it."""
        try:
            sweeps.run(name, at=clock.now())
        except (InterfaceError, OperationalError):
            raise
        except Exception:
            log.exception("sweep: %s", name)

    def _seal(self, at: datetime) -> None:
        """封存: at start-up and every hour, where beat has not done it."""
        if self.sealed_at is None or at - self.sealed_at >= seals.EVERY:
            seals.seal_overdue(at=at)
            self.sealed_at = at
