"""manage.py sweep [NAME …] [--loop]: what beat does, without broker or beat."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from common import clock
from tickets import seals, sweeps

log = logging.getLogger(__name__)
EVERY_SECONDS = 20


class Command(BaseCommand):
    """清扫: once, or forever with --loop; safe beside beat and beside another loop."""

    help = "Run the idempotent sweeps once, or forever with --loop, which also seals every hour."
    sealed_at: datetime | None = None
    hour: datetime | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", choices=[*sweeps.SWEEPS, []], default=[])
        parser.add_argument("--loop", action="store_true", help="run until stopped")
        parser.add_argument("--every", type=float, default=EVERY_SECONDS, help="seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or list(sweeps.SWEEPS)
        if not options["loop"]:
            for name in names:
                self.stdout.write(f"{name}: {sweeps.run(name, at=clock.now())}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            self._round(names)
            stop.wait(options["every"])

    def _due(self, names: list[str]) -> list[str]:
        """Every round, or once an hour what looks through a store."""
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        is_new, self.hour = hour != self.hour, hour
        return [name for name in names if is_new or name not in sweeps.HOURLY]

    def _round(self, names: list[str]) -> None:
        try:
            close_old_connections()
            for name in self._due(names):
                sweeps.run(name, at=clock.now())
            self._seal(clock.now())
        except OSError as error:
            log.warning("seal: %s", error)
        except (InterfaceError, OperationalError) as error:
            # the database restarts: try again next round
            log.warning("sweep: %s", error)
            connection.close()

    def _seal(self, at: datetime) -> None:
        """封存: at start-up and every hour, where beat has not done it."""
        if self.sealed_at is None or at - self.sealed_at >= seals.EVERY:
            seals.seal_overdue(at=at)
            self.sealed_at = at
