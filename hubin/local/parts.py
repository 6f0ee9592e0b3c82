"""The parts that make the system: how `up` and `bench` begin each of them, in one way."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from hubin.local.children import Child
from hubin.local.folder import ROOT
from hubin.local.surroundings import Surroundings

WORKER = "worker@hubin"  # named, so that a ping ends with its answer


@dataclass(frozen=True)
class Parts:
    """Web, worker, beat and sweeps of one data folder, all with the application's role."""

    around: Surroundings
    more: Mapping[str, str] = field(default_factory=dict)  # environment besides

    @property
    def python(self) -> str:
        return str(self.around.python)

    def celery(self) -> list[str]:
        return [self.python, "-m", "celery", "-A", "hubin.celery"]

    def ping(self) -> list[str]:
        """Asks the worker over the broker, so that an answer proves the whole way."""
        return [*self.celery(), "inspect", "ping", "--timeout", "2", "--destination", WORKER]

    def web(self, listening: socket.socket) -> Child:
        command = [
            *(self.python, "-m", "gunicorn", "hubin.wsgi"),
            *("--bind", f"fd://{listening.fileno()}"),
            *("--workers", "2", "--threads", "8", "--graceful-timeout", "4"),
            # no access log: an address may hold a reporter's follow key
            *("--no-control-socket", "--worker-tmp-dir", _memory()),
        ]
        child = self._child("web", command)
        child.sockets = [listening]
        return child

    def worker(self) -> Child:
        command = [
            *(*self.celery(), "worker", "--hostname", WORKER),
            *("--concurrency", "2", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ]
        # the web server checks; here it would only load every page and form, 30 MB a process
        return self._child("worker", command, CELERY_SKIP_CHECKS="1")

    def beat(self, name: str = "beat") -> Child:
        """`name`: of a second one beside the first, which keeps a schedule of its own."""
        schedule = self.around.folder.path / name
        schedule.mkdir(mode=0o700, exist_ok=True)
        return self._child(
            name,
            [
                *(*self.celery(), "beat", "--loglevel", "INFO", "--pidfile", ""),
                *("--schedule", str(schedule / "schedule")),
            ],
        )

    def sweep(self, name: str = "sweep") -> Child:
        return self._loop(name, "quick")

    def slow(self) -> Child:
        """What asks other machines or looks through a store: it delays no clock."""
        return self._loop("slow", "slow")

    def _loop(self, name: str, group: str) -> Child:
        command = [self.python, "manage.py", "sweep", "--loop", "--only", group]
        return self._child(name, command)

    def _child(self, name: str, command: list[str], **more: str) -> Child:
        folder = self.around.folder
        env = {**self.around.app(), **self.more, **more}
        return Child(name, command, env, folder.log(name), ROOT)


def _memory() -> str:
    """gunicorn's heartbeat belongs in memory where there is such a place."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"
