"""`hubinctl shots`: pictures of every page, of a system of its own with the demo district."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hubin.local.folder import ROOT, DataFolder
from hubin.local.say import say, step
from hubin.local.steps import must
from hubin.local.stopper import Stopper
from hubin.local.supervisor import Supervisor
from hubin.local.up import Options as UpOptions
from hubin.local.up import Up


@dataclass(frozen=True)
class Options:
    folder: Path
    only: tuple[str, ...] = ()


def shots(options: Options) -> int:
    os.umask(0o077)
    stopper = Stopper()
    stopper.listen()
    folder = DataFolder(Path(tempfile.mkdtemp(prefix="hubin-shots-")))
    folder.open()
    supervisor = Supervisor(folder, stopper)
    try:
        system = Up(UpOptions(folder.path, 0, demo=True), folder, supervisor, stopper)
        system.start()
        _take(system, options)
    finally:
        stopper.requests = 0
        supervisor.end_all()
        shutil.rmtree(folder.path, ignore_errors=True)
    say(f"pictures in {options.folder}")
    return 0


def _take(system: Up, options: Options) -> None:
    with step("pictures", "of every page, small and wide, light and dark") as shown:
        system.packages.ensure("requirements-dev.txt")
        words = (system.url, str(options.folder), *options.only)
        must(
            "tests.people.shots",
            [str(system.packages.python), "-m", "tests.people.shots", *words],
            stopper=system.stopper,
            env=system.around.app(),
            log=system.folder.log("shots"),
            cwd=ROOT,
            on_line=shown.progress,
        )
