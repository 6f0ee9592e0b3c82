"""`hubinctl chaos`: the whole system, tickets moving through it, and everything that may go wrong.

The parts are those of `up`, in a folder thrown away afterwards; `python -m tests.chaos` moves the
tickets and judges at the end whether anything was lost or came twice.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from random import Random

from hubin.local import ports
from hubin.local.faults import Faults, Time
from hubin.local.folder import ROOT, DataFolder
from hubin.local.packages import Packages
from hubin.local.parts import Parts
from hubin.local.processes import spawn
from hubin.local.say import say, step
from hubin.local.servers import Running, Servers, ensure_packages
from hubin.local.steps import end_step, must
from hubin.local.stopper import Stopper
from hubin.local.supervisor import Supervisor
from hubin.local.surroundings import Surroundings
from hubin.local.trouble import Trouble, last_lines

READY_SECONDS = 120.0
SETTLE_SECONDS = 600.0
LOST, FOUND = 1, 0
AFTERWARDS = timedelta(days=1)  # leases, pauses between tries and whatever else runs out
KEPT = ("HUBIN_DELIVERY_DAYS", "HUBIN_NOTICE_READ_DAYS", "HUBIN_NOTICE_UNREAD_DAYS")
LIMITS = {"HUBIN_API_READS": "100000000", "HUBIN_API_WRITES": "100000000"}


@dataclass(frozen=True)
class Options:
    minutes: float
    seed: int
    rate: float  # tickets a second
    keep: bool = False


def chaos(options: Options) -> int:
    os.umask(0o077)
    stopper = Stopper()
    stopper.listen()
    folder = DataFolder(Path(tempfile.mkdtemp(prefix="hubin-chaos-")))
    folder.open()
    supervisor = Supervisor(folder, stopper)
    keeps = options.keep
    try:
        code = Chaos(options, folder, supervisor, stopper).run()
        keeps = keeps or code != 0
    except Trouble:
        keeps = True
        raise
    finally:
        stopper.requests = 0
        if not keeps:
            _kill(supervisor)
        supervisor.end_all()
        if keeps:
            say(f"everything stands in {folder.path}")
        else:
            shutil.rmtree(folder.path, ignore_errors=True)
    return code


def _kill(supervisor: Supervisor) -> None:
    """Nothing of it is wanted any more: nobody has to say good-bye."""
    for child in supervisor.children.values():
        child.gentle = signal.SIGKILL


class Chaos:
    def __init__(
        self, options: Options, folder: DataFolder, supervisor: Supervisor, stopper: Stopper
    ) -> None:
        self.options = options
        self.folder = folder
        self.supervisor = supervisor
        self.stopper = stopper
        self.packages = Packages(stopper, folder.log("packages"))
        self.time = Time(folder.path / "clock")
        self.more = {
            **LIMITS,
            "HUBIN_CLOCK_FILE": str(self.time.file),
            "HUBIN_EGRESS_ALLOW": ports.HOST,
            "HUBIN_SITE_URL": "http://127.0.0.1",
            # the load takes the letters; what it is asked for stands in the address
            "HUBIN_EMAIL_URL": f"smtp://chaos:{secrets.token_hex(8)}@{ports.HOST}:{ports.free_port()}",
            "HUBIN_EMAIL_FROM": "notice@hubin.example",
            "HUBIN_EMAIL_RATE": "30000",
            "HUBIN_DELIVERY_LEASE": "20",  # seconds; that clock never jumps
            "HUBIN_QUIET_HOURS": "",  # at whatever hour it ends, nothing is left for the morning
            **dict.fromkeys(KEPT, "3650"),  # what is to be judged stays
        }

    def run(self) -> int:
        say(f"seed {self.options.seed}, data in {self.folder.path}")
        ensure_packages(self.packages)
        servers = Servers(self.folder, self.packages, self.supervisor, self.stopper, unsynced=True)
        running = servers.begin()
        self._begin_early(running)
        self._prepare()
        self._begin_late()
        load = self._spawn_load()
        try:
            self._until_ready(load)
            self._break(self._faults(running), load)
            return self._judged(load)
        finally:
            end_step(load)

    def _begin_early(self, running: Running) -> None:
        """Who asks for no tables before somebody asks them: they load while the tables are made."""
        python, keys = self.packages.python, running.keys
        self.around = Surroundings(
            self.folder, keys, python, running.postgres_port, running.redis_port
        )
        web = ports.take_web_port(0, None)
        self.port = web.getsockname()[1]
        self.parts = Parts(self.around, self.more)
        for child in (self.parts.web(web), self.parts.worker()):
            self.supervisor.begin(child)

    def _prepare(self) -> None:
        with step("district", "making tables, loading the district and its law"):
            must(
                "tests.chaos prepare",
                [str(self.packages.python), "-m", "tests.chaos", "prepare"],
                stopper=self.stopper,
                env={**self.around.command("migrate"), **self.more},
                log=self.folder.log("prepare"),
                cwd=ROOT,
            )

    def _begin_late(self) -> None:
        parts = self.parts
        for child in (parts.beat(), parts.sweep(), parts.sweep("sweep2"), parts.slow()):
            self.supervisor.begin(child)

    def _until_ready(self, load: "subprocess.Popen[bytes]") -> None:
        """The load makes itself ready while the others do."""
        with step("system", "starting web, worker, beat, three sweeps and the load"):
            wait = self.supervisor.wait_for
            wait("web", self._is_well, READY_SECONDS)
            wait("sweep or beat", self.supervisor.all_settled, READY_SECONDS)
            (self.folder.path / "may-run").touch()
            self._until("load-runs", load, READY_SECONDS)

    def _is_well(self) -> bool:
        return ports.get_status(self.port, "/readyz") == HTTPStatus.OK

    def _spawn_load(self) -> "subprocess.Popen[bytes]":
        words = (
            *("--url", f"http://{ports.HOST}:{self.port}", "--folder", str(self.folder.path)),
            *("--seed", str(self.options.seed), "--rate", f"{self.options.rate:g}"),
            *(["--long"] if self.options.minutes else []),
        )
        return spawn(
            [str(self.packages.python), "-m", "tests.chaos", "run", *words],
            env={**self.around.app(), **self.more},
            log=self.folder.log("load"),
            cwd=ROOT,
        )

    def _faults(self, running: Running) -> Faults:
        return Faults(
            supervisor=self.supervisor,
            parts=self.parts,
            stopper=self.stopper,
            time=self.time,
            luck=Random(self.options.seed),
            file=self.folder.path / "faults.jsonl",
            broker=(running.redis_port, running.keys.redis_password),
            postgres=self.folder.postgres,
            tell=say,
            is_well=self._is_well,
        )

    def _break(self, faults: Faults, load: "subprocess.Popen[bytes]") -> None:
        until = time.monotonic() + self.options.minutes * 60
        faults.round()
        while time.monotonic() < until and load.poll() is None:
            faults.round()
        say(f"  faults     {faults.done} injected; the tickets under way go to their ends")
        faults.until_whole()
        (self.folder.path / "no-more").touch()
        self._until("load-done", load, SETTLE_SECONDS)
        # a day later, standing still: whatever was to come by then has come, or was lost
        faults.last_jump(AFTERWARDS)
        (self.folder.path / "healed").touch()

    def _until(self, name: str, load: "subprocess.Popen[bytes]", seconds: float) -> None:
        def there() -> bool:
            self.supervisor.look()
            return load.poll() is not None or (self.folder.path / name).exists()

        if not self.stopper.wait_for(there, seconds=seconds, every=0.1) or load.poll() is not None:
            log = self.folder.log("load")
            raise Trouble(f"The load did not get so far: {name}.", details=last_lines(log))

    def _judged(self, load: "subprocess.Popen[bytes]") -> int:
        def over() -> bool:
            self.supervisor.look()
            return load.poll() is not None

        self.stopper.wait_for(over, seconds=SETTLE_SECONDS, every=0.2)
        table = self.folder.path / "table.txt"
        if not table.exists():
            log = self.folder.log("load")
            raise Trouble("Nothing was judged.", details=last_lines(log))
        say(table.read_text(encoding="utf-8"))
        return FOUND if load.returncode == 0 else LOST
