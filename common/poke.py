"""Poke a worker without ever waiting for the broker (DESIGN §4).

A poke goes into a bounded queue of this process, drained by one daemon thread. A full queue or
a dead broker drops the poke: the sweeps find the row within a minute.
"""

import logging
import queue
import threading
import time
from typing import Any

from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)
_waiting: queue.Queue[tuple[str, dict[str, Any], float]] = queue.Queue(maxsize=1000)
_lock = threading.Lock()
_thread: threading.Thread | None = None
_gathering: dict[tuple[str, str], float] = {}


def poke(task: str, **kwargs: Any) -> None:
    """戳一下: send the named task after the commit, from another thread; never raises."""
    if settings.HUBIN_POKES:
        transaction.on_commit(lambda: _enqueue(task, kwargs))


def poke_soon(task: str, *, seconds: float, **kwargs: Any) -> None:
    """稍后戳一下: one poke for all commits of that many seconds; it starts after the last of them.

    Many acts, one task: for a sweep that takes all there is.
    """
    if settings.HUBIN_POKES:
        transaction.on_commit(lambda: _gather(task, kwargs, seconds))


def _gather(task: str, kwargs: dict[str, Any], seconds: float) -> None:
    key, now = (task, repr(kwargs)), time.monotonic()
    with _lock:
        if now < _gathering.get(key, 0.0):
            return  # one is under way that has not begun
        _gathering[key] = now + seconds
    _enqueue(task, kwargs, seconds)


def _enqueue(task: str, kwargs: dict[str, Any], seconds: float = 0.0) -> None:
    global _thread
    with _lock:
        # after a fork the parent's thread is gone, and a dead one is replaced
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_drain, name="pokes", daemon=True)
            _thread.start()
    try:
        _waiting.put_nowait((task, kwargs, seconds))
    except queue.Full:
        log.warning("poke dropped, queue full: %s", task)


def _drain() -> None:
    from celery import current_app

    while True:
        task, kwargs, seconds = _waiting.get()
        try:
            current_app.send_task(
                task, kwargs=kwargs, countdown=seconds or None, ignore_result=True, retry=False
            )
        except Exception as error:
            log.warning("poke not sent: %s: %s", task, error)
        finally:
            _waiting.task_done()
