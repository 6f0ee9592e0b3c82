"""The statements of one measured request: how long each takes, and how the database does it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks.profile import requests_of, send
from common.meter import APART

SLOW = 5.0  # milliseconds from which on its plan is shown
TIMES = 5
Tell = Callable[[str], None]


@dataclass
class Statements:
    """语句: of one measure by its name."""

    name: str
    at: datetime
    tell: Tell

    def run(self) -> None:
        """Each as often as it is sent, the slow ones with their plans."""
        requests = requests_of(self.name, self.at)
        client = Client(raise_request_exception=False)
        for request in islice(requests, 3):
            send(client, request)
        for request in islice(requests, TIMES):
            self.tell(request.partition(b"\r\n")[0].decode("latin-1"))
            kept = _Kept()
            with connection.execute_wrapper(kept):
                send(client, request)
            for took, sql, params in kept.rows:
                self.tell(f"  {took:8.2f} ms  {sql[:160]}")
                if took >= SLOW and sql.lstrip()[:6].upper() in ("SELECT", "WITH t"):
                    self._explain(sql, params)

    def _explain(self, sql: str, params: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", params)
            lines = [row[0] for row in cursor.fetchall()]
        self.tell(f"    {sql}")
        for line in lines:
            self.tell(f"      {line}")


class _Kept:
    def __init__(self) -> None:
        self.rows: list[tuple[float, str, Any]] = []

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = (time.perf_counter() - begun) * 1000
            if not str(sql).lstrip().upper().startswith(APART):
                self.rows.append((took, str(sql), params))
