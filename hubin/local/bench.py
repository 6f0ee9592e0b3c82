"""`hubinctl bench`: the system under load, with servers of its own and real data safety.

Each size has a folder of its own in the bench folder: loaded once, measured as often as wanted.
"""

import os
import shutil
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hubin.local import ports
from hubin.local.folder import ROOT, DataFolder, write_json
from hubin.local.leftovers import end_leftovers
from hubin.local.packages import Packages
from hubin.local.pages import collect_static
from hubin.local.parts import Parts
from hubin.local.say import say, step
from hubin.local.servers import Servers, ensure_packages
from hubin.local.steps import must
from hubin.local.stopper import Stopper
from hubin.local.supervisor import Supervisor
from hubin.local.surroundings import Surroundings
from hubin.local.trouble import StopRequested

RESULTS = ROOT / "benchmarks" / "results"
READY_SECONDS = 60.0
# limits on callers are counted per process: they would be what is measured
UNLIMITED = {"HUBIN_API_READS": "100000000", "HUBIN_API_WRITES": "100000000"}
ROUTED_A_SECOND = 400  # tickets waiting, for each second a measurement takes
A_DAY = 900  # tickets loaded for each day, from today backwards
METER = {"HUBIN_METER": "1"}


@dataclass(frozen=True)
class Options:
    sizes: tuple[int, ...]
    clients: tuple[int, ...]
    seconds: float
    data: Path
    keep: bool
    load_only: bool = False
    serve: bool = False
    results: Path = RESULTS
    a_day: int = A_DAY


def bench(options: Options) -> int:
    os.umask(0o077)
    stopper = Stopper()
    stopper.listen()
    for size in options.sizes:
        folder = DataFolder(options.data / str(size))
        is_new = not folder.path.exists()
        folder.open()
        folder.lock()
        supervisor = Supervisor(folder, stopper)
        try:
            Bench(options, size, folder, supervisor, stopper).run()
        finally:
            stopper.requests = 0
            folder.run_file.unlink(missing_ok=True)
            supervisor.end_all()
            folder.unlock()
            if is_new and not options.keep:
                shutil.rmtree(folder.path, ignore_errors=True)
    return 0


class Bench:
    """One size: begun, loaded, measured."""

    def __init__(
        self,
        options: Options,
        size: int,
        folder: DataFolder,
        supervisor: Supervisor,
        stopper: Stopper,
    ) -> None:
        self.options = options
        self.size = size
        self.folder = folder
        self.supervisor = supervisor
        self.stopper = stopper
        self.packages = Packages(stopper, folder.log("packages"))

    def run(self) -> None:
        say(f"{self.size:,} tickets, data in {self.folder.path}")
        end_leftovers(self.folder)
        web = ports.take_web_port(0, None)
        ensure_packages(self.packages)
        if self.folder.remembered("loaded") != self.size:
            self._begin_servers(careless=True)
            self._prepare()
            self._load()
            self.supervisor.end_all()
            os.sync()
        if self.options.load_only:
            return
        self._begin_servers(careless=False)
        self._prepare()
        self._collect()
        url = self._begin_web(web)
        if self.options.serve:
            self._serve(url)
            return
        self._measure(url)
        self._pages()
        self._floor()
        self._backlog()
        self._benchmarks("report", "--folder", str(self.options.results))

    def _begin_servers(self, *, careless: bool) -> None:
        """Filling may forget everything in a power cut; what is measured may not."""
        self.supervisor.children.clear()
        servers = Servers(
            self.folder, self.packages, self.supervisor, self.stopper, careless=careless
        )
        running = servers.begin()
        if careless:
            servers.let_owner_fill()
        self.around = Surroundings(
            self.folder,
            running.keys,
            self.packages.python,
            running.postgres_port,
            running.redis_port,
        )

    def _prepare(self) -> None:
        with step("tables", "bringing the tables up to date"):
            self._manage("migrate", "--no-input")

    def _collect(self) -> None:
        """Once for all sizes: compressing takes longer than measuring."""
        shared = DataFolder(self.options.data)
        shared.open()
        with step("pages", "collecting what pages are made of") as shown:
            shown.done(
                collect_static(
                    shared,
                    self.packages.stamp,
                    lambda: self._manage(
                        "collectstatic", "--no-input", "--clear", static=shared.static
                    ),
                )
            )

    def _load(self) -> None:
        with step("tickets", "loading") as shown:
            words = (str(self.size), "--a-day", str(self.options.a_day))
            self._benchmarks("load", *words, on_line=shown.progress)
            self.folder.remember(loaded=self.size)
            shown.done(f"{self.size:,} loaded")

    def _begin_web(self, listening: socket.socket) -> str:
        port = listening.getsockname()[1]
        with step("web", "starting"):
            static = {"HUBIN_STATIC_ROOT": str(self.options.data / "static")}
            more = {**UNLIMITED, **METER, **static}
            self.supervisor.begin(Parts(self.around, more).web(listening))
            wait = self.supervisor.wait_for
            wait("web", lambda: ports.get_status(port, "/readyz") == 200, READY_SECONDS)
        return f"http://{ports.HOST}:{port}"

    def _serve(self, url: str) -> None:
        static = {"HUBIN_STATIC_ROOT": str(self.options.data / "static")}
        env = self.around.command("bench") | UNLIMITED | static
        ours = {name: value for name, value in env.items() if os.environ.get(name) != value}
        write_json(self.folder.run_file, {"url": url, "env": ours, "processes": self._processes()})
        say(f"READY {url}; stop with Ctrl-C.")
        with suppress(StopRequested):
            self.supervisor.watch()

    def _measure(self, url: str) -> None:
        say(f"  measuring  {url}")
        self._benchmarks("measure", "--url", url, *self._asked(), on_line=say)

    def _pages(self) -> None:
        say("  pages      each page of the staff, as the server sees it")
        self._benchmarks("pages", on_line=say)

    def _floor(self) -> None:
        say("  floor      the same rows by bare psycopg")
        self._benchmarks("floor", *self._asked(), on_line=say)

    def _asked(self) -> tuple[str, ...]:
        clients = ",".join(map(str, self.options.clients))
        return "--clients", clients, "--seconds", f"{self.options.seconds:g}"

    def _backlog(self) -> None:
        """Tickets wait while nobody works. First the worker begins, later beat and sweep."""
        parts = Parts(self.around)
        count = max(int(self.options.seconds * ROUTED_A_SECOND), 20)
        for name, beginning in (
            ("worker", (parts.worker(),)),
            ("sweep", (parts.beat(), parts.sweep())),
        ):
            words = ("--by", name, "--tickets", str(count))
            self._benchmarks("backlog", "fill", *words, on_line=say)
            for child in beginning:
                self.supervisor.begin(child)
            self._benchmarks("backlog", "watch", *words, on_line=say)

    def _processes(self) -> str:
        return ",".join(
            f"{name}:{child.process.pid}"
            for name, child in self.supervisor.children.items()
            if child.process is not None
        )

    def _manage(self, name: str, *words: str, static: Path | None = None) -> None:
        more = {"HUBIN_STATIC_ROOT": str(static)} if static else {}
        must(
            f"manage.py {name}",
            [str(self.packages.python), "manage.py", name, *words],
            stopper=self.stopper,
            env={**self.around.command(name), **more},
            log=self.folder.log(name),
            cwd=ROOT,
        )

    def _benchmarks(
        self, name: str, *words: str, on_line: Callable[[str], None] | None = None
    ) -> None:
        env = {**self.around.command(name), **UNLIMITED}
        env["HUBIN_BENCH_FOLDER"] = str(self.folder.path)
        env["HUBIN_BENCH_PROCESSES"] = self._processes()
        must(
            f"benchmarks {name}",
            [str(self.packages.python), "-m", "benchmarks", name, *words],
            stopper=self.stopper,
            env=env,
            log=self.folder.log(f"bench-{name}"),
            cwd=ROOT,
            on_line=on_line,
        )
