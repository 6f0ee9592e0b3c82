"""`hubinctl test`: pytest with servers of its own, thrown away afterwards."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hubin.local.folder import ROOT, DataFolder
from hubin.local.packages import Packages
from hubin.local.say import say
from hubin.local.servers import Running, Servers
from hubin.local.stopper import Stopper
from hubin.local.supervisor import Supervisor
from hubin.local.surroundings import Surroundings
from hubin.local.trouble import StopRequested

TEST_SETTINGS = "hubin.settings.test"
BOTH_CORES = ("-n", "2", "--dist", "loadgroup")


def run_tests(words: list[str]) -> int:
    full = "--full" in words
    words = [word for word in words if word != "--full"]
    stopper = Stopper()
    stopper.listen()
    folder = DataFolder(Path(tempfile.mkdtemp(prefix="hubin-test-")))
    folder.open()
    supervisor = Supervisor(folder, stopper)
    packages = Packages(stopper, folder.log("packages"))
    try:
        packages.ensure("requirements-dev.txt")
        running = Servers(folder, packages, supervisor, stopper, careless=True).begin()
        env = test_env(folder, packages, running, full)
        return _pytest(packages.python, words, env, stopper, supervisor)
    except StopRequested:
        say("stopped")
        return 130
    finally:
        supervisor.end_all()
        shutil.rmtree(folder.path, ignore_errors=True)


def test_env(
    folder: DataFolder, packages: Packages, running: Running, full: bool
) -> dict[str, str]:
    """Tests make and drop databases, so they come as the owner; the app role is told besides."""
    around = Surroundings(
        folder,
        running.keys,
        packages.python,
        running.postgres_port,
        running.redis_port,
        settings=TEST_SETTINGS,
    )
    env = {
        **around.app(),
        "DATABASE_URL": around.owner_url,
        "DATABASE_OWNER_URL": around.owner_url,
        "HUBIN_TEST_APP_URL": around.app_url,
    }
    if full:
        env["HUBIN_TEST_FULL"] = "1"
    return env


def with_defaults(words: Sequence[str]) -> list[str]:
    """Two processes, unless the caller says how many."""
    chosen = any(word.startswith(("-n", "--numprocesses", "--dist")) for word in words)
    silent = "no:xdist" in words or "--pdb" in words
    return [*([] if chosen or silent else BOTH_CORES), *words]


def _pytest(
    python: Path,
    words: list[str],
    env: Mapping[str, str],
    stopper: Stopper,
    supervisor: Supervisor,
) -> int:
    """In our own session: Ctrl-C is heard by pytest, which then sums up what it knows."""
    command = [str(python), "-m", "pytest", *with_defaults(words)]
    process = subprocess.Popen(command, env=dict(env), cwd=ROOT)
    asked = 0
    while process.poll() is None:
        supervisor.look()
        if stopper.requests > asked:
            asked = stopper.requests
            if stopper.last != signal.SIGINT:  # that one the terminal gave to both of us
                process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
    return process.returncode
