"""`hubinctl manage` and `hubinctl stop`: reach the system that runs on a data folder."""

import os
import signal
from pathlib import Path

from hubin.local import keys, ports
from hubin.local.folder import ROOT, DataFolder
from hubin.local.leftovers import end_leftovers
from hubin.local.packages import Packages
from hubin.local.processes import identity, send
from hubin.local.say import say
from hubin.local.stopper import Stopper
from hubin.local.surroundings import Surroundings
from hubin.local.trouble import Trouble

STOP_SECONDS = 60.0


def running(data_dir: Path) -> Surroundings:
    """The surroundings of the system that runs there, or a sentence that none does."""
    folder = DataFolder(data_dir)
    postgres_port = folder.remembered("postgres_port") if folder.path.is_dir() else None
    redis_port = folder.remembered("redis_port") if postgres_port else None
    if not (postgres_port and redis_port and folder.in_use() and ports.answers(postgres_port)):
        raise Trouble(f"Hubin does not run on {folder.path}; start it with ./hubinctl up.")
    packages = Packages(Stopper(), folder.log("packages"))
    return Surroundings(folder, keys.load(folder), packages.python, postgres_port, redis_port)


def manage(data_dir: Path, words: list[str]) -> int:
    """Become the Django command, so that terminal and exit code are its own."""
    around = running(data_dir)
    name = words[0] if words else "help"
    arguments = [str(around.python), str(ROOT / "manage.py"), *(words or ["help"])]
    os.execve(arguments[0], arguments, around.command(name))


def stop(data_dir: Path) -> int:
    folder = DataFolder(data_dir)
    if not folder.path.is_dir():
        raise Trouble(f"There is no data folder {folder.path}; nothing runs there.")
    stopper = Stopper()
    stopper.listen()
    launcher = folder.holder() if folder.in_use() else None
    if launcher is None:
        return _end_what_is_left(folder)
    known = identity(launcher)
    say(f"stopping Hubin on {folder.path} (process {launcher}) …")
    send(launcher, signal.SIGTERM)
    gone = stopper.wait_for(lambda: identity(launcher) != known, seconds=STOP_SECONDS)
    if not gone:
        raise Trouble(f"Process {launcher} is still busy; look into {folder.logs}.")
    say("stopped")
    return 0


def _end_what_is_left(folder: DataFolder) -> int:
    folder.lock()
    found = end_leftovers(folder)
    folder.unlock()
    say(f"ended what was left: {', '.join(found)}" if found else "nothing runs there")
    return 0
