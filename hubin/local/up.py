"""`hubinctl up`: from nothing to a running system, and back to nothing in good order."""

import json
import os
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hubin.local import ports
from hubin.local.folder import ROOT, DataFolder, write_json
from hubin.local.leftovers import end_leftovers
from hubin.local.packages import Packages
from hubin.local.pages import collect_static
from hubin.local.parts import Parts
from hubin.local.say import Step, say, step
from hubin.local.servers import Servers, ensure_packages
from hubin.local.steps import must, run_step
from hubin.local.stopper import Stopper
from hubin.local.supervisor import Supervisor
from hubin.local.surroundings import Surroundings
from hubin.local.trouble import StopRequested, Trouble

READY_SECONDS = 120.0
TEXTED = (
    *("accept", "decline", "answer", "extend", "suspend", "inquire", "resolve", "reply"),
    *("reopen", "void", "dispatch", "assign", "warn", "escalate"),
)
"""Of these the demo sends text messages, to reporters and, where it is urgent, to staff."""


@dataclass(frozen=True)
class Options:
    data_dir: Path
    port: int | None
    demo: bool


def up(options: Options) -> int:
    os.umask(0o077)
    stopper = Stopper()
    stopper.listen()
    folder = DataFolder(options.data_dir)
    folder.open()
    folder.lock()
    supervisor = Supervisor(folder, stopper)
    try:
        Up(options, folder, supervisor, stopper).start()
        supervisor.watch()
    except StopRequested:
        say("stopping …")
    finally:
        stopper.requests = 0
        folder.run_file.unlink(missing_ok=True)
        supervisor.end_all()
        folder.unlock()
    say("stopped")
    return 0


class Up:
    def __init__(
        self, options: Options, folder: DataFolder, supervisor: Supervisor, stopper: Stopper
    ) -> None:
        self.options = options
        self.folder = folder
        self.supervisor = supervisor
        self.stopper = stopper
        self.packages = Packages(stopper, folder.log("packages"))

    def start(self) -> None:
        say(f"Hubin 湖滨, data in {self.folder.path}")
        found = end_leftovers(self.folder)
        if found:
            say(f"  ended what an earlier run had left: {', '.join(found)}")
        web = ports.take_web_port(self.options.port, self.folder.remembered("web_port"))
        port = web.getsockname()[1]
        ensure_packages(self.packages)
        servers = Servers(self.folder, self.packages, self.supervisor, self.stopper).begin()
        self.around = Surroundings(
            self.folder,
            servers.keys,
            self.packages.python,
            servers.postgres_port,
            servers.redis_port,
        )
        self._prepare_data()
        self.url = f"http://{ports.HOST}:{port}"
        self._begin_processes(web, port)
        self.folder.remember(web_port=port)
        self._tell()

    def _prepare_data(self) -> None:
        with step("tables", "bringing the tables up to date"):
            self._manage("migrate", "--no-input")
        with step("pages", "collecting what pages are made of") as shown:
            shown.done(
                collect_static(
                    self.folder,
                    self.packages.stamp,
                    lambda: self._manage("collectstatic", "--no-input", "--clear"),
                )
            )
        if self.options.demo:
            with step("demo", "looking whether the demo district is there") as shown:
                self._manage("load_demo", "--if-empty", progress=shown)

    def _manage(self, name: str, *words: str, progress: Step | None = None) -> None:
        must(
            f"manage.py {name}",
            [str(self.packages.python), "manage.py", name, *words],
            stopper=self.stopper,
            env=self.around.command(name),
            log=self.folder.log(name),
            cwd=ROOT,
            on_line=_show(progress) if progress else None,
        )

    def _begin_processes(self, web: socket.socket, port: int) -> None:
        with step("system", "starting web, worker, beat and sweep") as shown:
            parts = Parts(self.around, self._texts())
            beginning = (parts.beat(), parts.sweep(), parts.slow())
            for child in (parts.web(web), parts.worker(), *beginning):
                self.supervisor.begin(child)
            for name, answering in (
                ("web", lambda: ports.get_status(port, "/readyz") == 200),
                ("worker", self._worker_answers),
            ):
                shown.progress(f"waiting for {name}")
                self.supervisor.wait_for(name, answering, READY_SECONDS)
            settled = self.supervisor.all_settled
            self.supervisor.wait_for("sweep or beat", settled, READY_SECONDS)
            shown.done("web, worker, beat and sweep answer")

    def _texts(self) -> dict[str, str]:
        """In the demo text messages are written, into a file; with links that open here."""
        if not self.options.demo:
            return {}
        return {
            "HUBIN_SITE_URL": self.url,
            "HUBIN_SMS_TEMPLATES": ",".join(f"{verb}=demo-{verb}" for verb in TEXTED),
        }

    def _worker_answers(self) -> bool:
        code = run_step(
            Parts(self.around).ping(),
            stopper=self.stopper,
            env=self.around.app(),
            log=self.folder.log("ping"),
            cwd=ROOT,
        )
        return code == 0

    def _tell(self) -> None:
        if self.options.demo:
            accounts = self._accounts()
            write_json(
                self.folder.run_file,
                {
                    "url": self.url,
                    "database_url": self.around.app_url,
                    "redis_url": self.around.redis_url,
                    "accounts": accounts,
                },
            )
            say("")
            say("Demo accounts (post · user name · password · person):")
            for one in accounts:
                say(f"  {one['post']} · {one['username']} · {one['password']} · {one['name']}")
            say(f"Text messages are written to {self.folder.path / 'sms.jsonl'}")
            say(f"API: {self.url}/api/docs/, a token for each account in {self.folder.run_file}")
        say("")
        say(f"Open {self.url}; logs in {self.folder.logs}; stop with Ctrl-C.")
        say(f"READY {self.url}")

    def _accounts(self) -> list[dict[str, str]]:
        done = subprocess.run(
            [str(self.packages.python), "manage.py", "demo_accounts", "--json", "--tokens"],
            env=self.around.app(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise Trouble("The demo accounts could not be read.", details=done.stderr)
        accounts: list[dict[str, str]] = json.loads(done.stdout)
        return accounts


def _show(shown: Step) -> Callable[[str], None]:
    def on_line(line: str) -> None:
        if line and not line[0].isdigit():  # log lines begin with the date
            shown.progress(line)

    return on_line
