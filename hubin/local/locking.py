"""`hubinctl lock`: compile requirements*.txt from the .in files, with hashes, no addresses."""

import os
import tempfile
from pathlib import Path

from hubin.local.folder import ROOT
from hubin.local.packages import CHAIN, Packages, count_pins, pip_env
from hubin.local.say import say, step
from hubin.local.steps import must
from hubin.local.stopper import Stopper
from hubin.local.trouble import Trouble

HEADER = "# Compiled by `./hubinctl lock`; edit the .in file of the same name instead.\n"
OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
)


def lock(upgrade: bool) -> int:
    """Each file under the pins of the one before, so that a larger set holds the smaller."""
    stopper = Stopper()
    stopper.listen()
    with tempfile.TemporaryDirectory(prefix="hubin-lock-") as room:
        packages = Packages(stopper, Path(room) / "packages.log")
        packages.ensure("requirements-dev.txt")
        before: list[str] = []
        for name in CHAIN:
            with step(name, "compiling") as shown:
                _compile(packages, stopper, name, before, upgrade, Path(room))
                shown.done(f"{count_pins(ROOT / name)} packages pinned")
            before = ["--constraint", name]
    say("install them with ./hubinctl up or ./hubinctl test")
    return 0


def _compile(
    packages: Packages,
    stopper: Stopper,
    name: str,
    before: list[str],
    upgrade: bool,
    room: Path,
) -> None:
    target, draft = ROOT / name, ROOT / f".{name}.new"
    draft.write_bytes(b"" if upgrade else target.read_bytes())
    try:
        must(
            f"Compiling {name}",
            [
                *(str(packages.python), "-m", "piptools", "compile", *OPTIONS, *before),
                *("--output-file", draft.name, name.replace(".txt", ".in")),
            ],
            stopper=stopper,
            env=pip_env(os.environ),
            log=room / f"{name}.log",
            cwd=ROOT,
        )
        compiled = draft.read_text(encoding="utf-8")
        if "://" in compiled:
            raise Trouble(f"{name} would name an address; take the URL out of its .in file.")
        target.write_text(HEADER + compiled.removeprefix(HEADER), encoding="utf-8")
    finally:
        draft.unlink(missing_ok=True)
