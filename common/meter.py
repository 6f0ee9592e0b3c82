"""What a request costs, told in its answer; only where it is asked for (`HUBIN_METER`), never in
production: how long something takes may tell what somebody may not know.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
APART = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class Count:
    """计数: statements, without those that only mark a transaction, and the time they took."""

    def __init__(self) -> None:
        self.statements = 0
        self.seconds = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - begun
            if not str(sql).lstrip().upper().startswith(APART):
                self.statements += 1


class MeterMiddleware:
    """计量: `Server-Timing` with time, CPU time of the thread, time in the database, statements."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = Count()
        begun, cpu = time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(count):
            answer = self.get_response(request)
        total, cpu = time.perf_counter() - begun, time.thread_time() - cpu
        answer["Server-Timing"] = (
            f"total;dur={total * 1000:.2f}, cpu;dur={cpu * 1000:.2f},"
            f' db;dur={count.seconds * 1000:.2f};desc="{count.statements}"'
        )
        return answer
