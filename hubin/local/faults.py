"""What `hubinctl chaos` does to a running system: one fault after another, in a drawn order."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from hubin.local.children import Child
from hubin.local.parts import Parts
from hubin.local.ports import HOST
from hubin.local.postgres import postmaster
from hubin.local.processes import LINUX, send, send_group
from hubin.local.stopper import Stopper
from hubin.local.supervisor import Supervisor

BEGINS = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)  # a Monday, nine o'clock at the lake
JUMPED = "clock jumped"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
LAST_JUMP = timedelta(days=300)  # from then on by hours only: tokens of the load last a year
BROKER_AWAY, STILL, STOPPED, DOUBLED = 6.0, 1.5, 2.0, 2.0
WISH, KNOWN = "edit-calendar", 1.5  # seconds until every process knows the calendar that is edited
APART = (0.1, 0.6)  # seconds between two faults, at least and at most


class Time:
    """The file that all processes take the time from."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.ahead = BEGINS - self._truly()
        self.run_on()

    def run_on(self) -> None:
        self._say(f"{self.ahead.total_seconds():+f}")

    def stand_still(self) -> None:
        self._say(f"@{(self._truly() + self.ahead).isoformat()}")

    def jump(self, by: timedelta) -> None:
        self.ahead += by

    def _truly(self) -> datetime:
        """The time of the machine, as the file system notes it."""
        self.file.touch()
        return datetime.fromtimestamp(self.file.stat().st_mtime, UTC)

    def _say(self, words: str) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(words, encoding="ascii")
        os.replace(fresh, self.file)  # nobody reads half of it


@dataclass
class Faults:
    """Each is begun, lasts, and is over; when and what stands in a file, a line each."""

    supervisor: Supervisor
    parts: Parts
    stopper: Stopper
    time: Time
    luck: Random
    file: Path
    broker: tuple[int, str]  # port and password
    postgres: Path
    tell: Callable[[str], None]
    is_well: Callable[[], bool]  # whether the whole system answers
    done: int = field(default=0, init=False)
    struck: float | None = field(default=None, init=False)
    jumped: timedelta = field(default=timedelta(0), init=False)

    def round(self) -> None:
        """Every kind once, in an order that the seed draws."""
        kinds = list(self.kinds().items())
        self.luck.shuffle(kinds)
        for name, act in kinds:
            self.hold(self.luck.uniform(*APART))
            for standing in self.supervisor.standing.values():
                standing.deaths = 0  # it was us: nobody has to wait for longer each time
            with self._noted(name):
                act()
            self.done += 1

    def last_jump(self, by: timedelta) -> None:
        """Ahead once more, and there time stands still."""
        with self._noted(JUMPED):
            self.time.jump(by)
            self.time.stand_still()
        self.done += 1

    def kinds(self) -> dict[str, Callable[[], None]]:
        found = {
            "calendar edited": self._edit_calendar,
            "worker killed": lambda: self._kill("worker"),
            "beat killed": lambda: self._kill("beat"),
            "broker killed": lambda: self._kill("broker"),
            "broker away": self._keep_away,
            "broker emptied": self._empty,
            "sweep stopped": self._stop_sweep,
            "sweep killed": lambda: self._kill("sweep"),
            "second beat": self._second_beat,
            "database restarted": self._restart_database,
            "clock stood still": self._stand_still,
            JUMPED: self._jump,
        }
        of_linux = {
            "pool child killed": lambda: self._kill_child("worker"),
            "web child killed": lambda: self._kill_child("web"),
        }
        return found | (of_linux if LINUX else {})

    def hold(self, seconds: float) -> None:
        """So long; who died is begun again meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.supervisor.look()
            self.stopper.pause(min(left, 0.1))

    def until_whole(self, seconds: float = 60.0) -> bool:
        """Everybody lives again."""

        def whole() -> bool:
            self.supervisor.look()
            return self.supervisor.all_settled()

        return bool(self.stopper.wait_for(whole, seconds=seconds, every=0.1))

    @contextmanager
    def _noted(self, name: str) -> Iterator[None]:
        self.tell(f"  fault      {name}")
        began, self.struck = time.monotonic(), None
        yield
        ended = time.monotonic()
        line = {"fault": name, "began": began, "struck": self.struck or ended, "ended": ended}
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _pid(self, name: str) -> int:
        process = self.supervisor.children[name].process
        assert process is not None
        return process.pid

    def _kill(self, name: str) -> None:
        send(self._pid(name), signal.SIGKILL)
        self.struck = time.monotonic()
        self._until_back(name)

    def _until_back(self, name: str) -> None:
        child = self.supervisor.children[name]
        known = child.process

        def is_back() -> bool:
            self.supervisor.look()
            return child.process is not known and child.alive()

        self.stopper.wait_for(is_back, seconds=40.0, every=0.05)

    def _kill_child(self, name: str) -> None:
        """One of those that do its work: of the worker's pool, or of the web server's."""
        children = children_of(self._pid(name))
        if children:
            send(self.luck.choice(children), signal.SIGKILL)
        self.struck = time.monotonic()
        self.hold(1.0)

    def _keep_away(self) -> None:
        child = self.supervisor.children["broker"]
        send(self._pid("broker"), signal.SIGKILL)
        self.stopper.wait_for(lambda: not child.alive(), seconds=10.0)
        self.supervisor.look()
        self.supervisor.standing["broker"].due = time.monotonic() + BROKER_AWAY
        self._until_back("broker")

    def _empty(self) -> None:
        port, password = self.broker
        with socket.create_connection((HOST, port), timeout=5) as connection:
            connection.sendall(f"AUTH {password}\r\nFLUSHALL\r\n".encode())
            heard = b""
            while heard.count(b"\r\n") < 2:
                heard += connection.recv(200) or b"\r\n\r\n"

    def _stop_sweep(self) -> None:
        name = self.luck.choice(("sweep", "sweep2", "slow"))
        send_group(self._pid(name), signal.SIGSTOP)
        self.hold(STOPPED)
        send_group(self._pid(name), signal.SIGCONT)

    def _second_beat(self) -> None:
        second: Child = self.parts.beat("beat2")
        second.start()
        self.hold(DOUBLED)
        second.end()

    def _restart_database(self) -> None:
        """At once: as after a power cut, it goes on from its log."""
        first = postmaster(self.postgres)[0]
        is_ours = int(first) != 1  # in a room of its own it does not know its number outside
        send(int(first) if is_ours else self._pid("database"), signal.SIGQUIT)
        self._until_back("database")
        self.stopper.wait_for(self.is_well, seconds=40.0, every=0.1)

    def _edit_calendar(self) -> None:
        """A day off or a day made up, in some days; the load does it as a clerk would."""
        wish = self.file.with_name(WISH)
        wish.touch()
        self.stopper.wait_for(lambda: not wish.exists(), seconds=40.0, every=0.05)
        self.hold(KNOWN)

    def _stand_still(self) -> None:
        self.time.stand_still()
        self.hold(STILL)
        self.time.run_on()

    def _jump(self) -> None:
        """The first a week, later ones as they are drawn."""
        by = self.luck.choice((HOUR, DAY, WEEK)) if self.jumped else WEEK
        by = by if self.jumped < LAST_JUMP else HOUR
        self.time.jump(by)
        self.jumped += by
        self.time.run_on()
        self.hold(1.0)


def children_of(parent: int) -> list[int]:
    """Whom it forked (Linux)."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = Path(f"/proc/{entry}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == parent:
            found.append(int(entry))
    return sorted(found)
