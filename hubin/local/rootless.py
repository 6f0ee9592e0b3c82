"""PostgreSQL refuses user id 0: how to run it all the same where hubinctl is started by root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hubin.local.trouble import Trouble

AS_1000 = ("unshare", "-U", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Runner:
    """A prefix for the database's commands, and whom its files must belong to."""

    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def command(self, *words: str) -> list[str]:
        return [*self.prefix, *words]

    def give(self, path: Path) -> None:
        if self.owner:
            os.chown(path, *self.owner)

    def open_way(self, folder: Path) -> None:
        """Let that user walk through the data folder (not read it)."""
        if self.owner:
            folder.chmod(0o711)


def choose_runner(programs: Path, data: Path) -> Runner:
    """As an ordinary user nothing; as root a user namespace, else the user nobody."""
    if os.geteuid() != 0:
        return Runner()
    if _works(AS_1000, "true"):
        return Runner(AS_1000)
    nobody = as_nobody()
    reachable = ("test", "-x", str(programs / "postgres"), "-a", "-x", str(data.parent))
    if nobody and _works(nobody.prefix, *reachable):
        return nobody
    raise Trouble(
        f"PostgreSQL does not run as root, and user nobody cannot reach {programs} and {data};"
        " start hubinctl as an ordinary user, or put the project where everyone may enter (/srv)."
    )


def as_nobody() -> Runner | None:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return None
    prefix = ("setpriv", "--reuid=nobody", f"--regid={nobody.pw_gid}", "--clear-groups")
    return Runner((*prefix, "--pdeathsig=SIGINT"), (nobody.pw_uid, nobody.pw_gid))


def _works(prefix: tuple[str, ...], *words: str) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    done = subprocess.run([*prefix, *words], capture_output=True, check=False, cwd="/")
    return done.returncode == 0
