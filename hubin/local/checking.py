"""`hubinctl check`: everything that can be found without running the system."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from hubin.local.folder import ROOT, DataFolder
from hubin.local.keys import Keys
from hubin.local.packages import Packages
from hubin.local.say import say
from hubin.local.stopper import Stopper
from hubin.local.surroundings import Surroundings
from hubin.local.trouble import Trouble

BOTH_CORES = 2
NOWHERE = 9  # the discard port: nothing here needs a database
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "hubin.settings.production",
    "HUBIN_ALLOWED_HOSTS": "hubin.example",
}


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


def checks(programs: Path) -> list[Check]:
    manage = [str(programs / "python"), "-W", "ignore::RuntimeWarning", "manage.py"]

    def tool(name: str, *words: str) -> list[str]:
        return [str(programs / name), *words]

    return [
        Check("format", tool("ruff", "format", "--check", ".")),
        Check("lint", tool("ruff", "check", ".")),
        Check("types", tool("mypy")),
        Check("templates", tool("djlint", "templates", "--lint", "--quiet")),
        Check("imports", tool("lint-imports")),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check("messages", [*manage, "messages", "--check"]),
        Check(
            "schema",
            [*manage, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
        ),
        Check("deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]


def run_checks(names: list[str]) -> int:
    """All of them, also after one failed; 1 if any did."""
    stopper = Stopper()
    with tempfile.TemporaryDirectory(prefix="hubin-check-") as room:
        folder = DataFolder(Path(room))
        folder.open()
        packages = Packages(stopper, folder.log("packages"))
        packages.ensure("requirements-dev.txt")
        around = Surroundings(
            folder, Keys.fresh(), packages.python, NOWHERE, NOWHERE, "hubin.settings.test"
        )
        every = checks(packages.python.parent)
        unknown = set(names) - {one.name for one in every}
        if unknown:
            raise Trouble(
                f"There is no check {', '.join(sorted(unknown))}; there are"
                f" {', '.join(one.name for one in every)}."
            )
        chosen = [one for one in every if not names or one.name in names]
        with ThreadPoolExecutor(BOTH_CORES) as pool:
            passed = list(pool.map(lambda one: passes(one, around.app()), chosen))
        failed = [one.name for one, did in zip(chosen, passed, strict=True) if not did]
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def passes(check: Check, env: Mapping[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        env={**env, **check.env},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    took = time.monotonic() - began
    told = [f"  {check.name:<11} {'failed' if done.returncode else 'ok'} ({took:.1f} s)"]
    if done.returncode:
        told.append(f"    $ {os.path.basename(check.command[0])} {' '.join(check.command[1:])}")
        told += [f"    {line}" for line in [*done.stdout.rstrip().splitlines(), ""]]
    say("\n".join(told))  # at once: another check may have something to say
    return done.returncode == 0
