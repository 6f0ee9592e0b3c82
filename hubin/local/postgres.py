"""A PostgreSQL of our own: made, begun, given its roles. It listens to this machine only."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from hubin.local.binaries import PostgresBinaries
from hubin.local.children import Child
from hubin.local.folder import DataFolder
from hubin.local.keys import Keys
from hubin.local.ports import HOST
from hubin.local.rootless import Runner
from hubin.local.steps import must
from hubin.local.stopper import Stopper
from hubin.local.trouble import Trouble, last_lines

SUPERUSER, OWNER, APP, DATABASE = "postgres", "hubin_owner", "hubin_app", "hubin"
START_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # one door fewer: everybody comes with a password
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # its log is no place for what people wrote: neither statements nor the rows they failed on
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# a throw-away cluster may forget everything when the machine goes down
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
}
# what is kept of a killed server stands in the machine's memory: enough where that one goes on
UNSYNCED = {"fsync": "off", "full_page_writes": "off"}
ROLES = f"""
\\set ON_ERROR_STOP on
SELECT 'CREATE ROLE {OWNER}'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') \\gexec
SELECT 'CREATE ROLE {APP}'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') \\gexec
ALTER ROLE {OWNER} LOGIN CREATEDB PASSWORD :'owner_password';
ALTER ROLE {APP} LOGIN NOCREATEDB PASSWORD :'app_password';
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP};
"""


def url(role: str, password: str, port: int, database: str = DATABASE) -> str:
    return f"postgres://{role}:{password}@{HOST}:{port}/{database}"


def postmaster(data: Path) -> list[str]:
    """The lines of the note that a running server keeps in its folder."""
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


class Postgres:
    def __init__(
        self,
        binaries: PostgresBinaries,
        runner: Runner,
        folder: DataFolder,
        keys: Keys,
        stopper: Stopper,
        *,
        careless: bool = False,
        unsynced: bool = False,
    ) -> None:
        self.binaries = binaries
        self.runner = runner
        self.folder = folder
        self.keys = keys
        self.stopper = stopper
        loose = CARELESS if careless else UNSYNCED if unsynced else {}
        self.settings = {**SETTINGS, **loose}
        self.data = folder.postgres

    @property
    def env(self) -> dict[str, str]:
        """Nothing of the caller's: a PGDATA or PGPORT of theirs is not meant for this server."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}

    def initialise(self) -> None:
        """Make the cluster beside its place and move it there whole."""
        for unfinished in self.folder.path.glob("postgres.new-*"):
            shutil.rmtree(unfinished)
        if self.data.exists():
            return
        self.runner.open_way(self.folder.path)
        room = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self.folder.path))
        self.runner.give(room)
        password = room / "password"
        password.touch(mode=0o600)
        password.write_text(self.keys.postgres_password, encoding="ascii")
        self.runner.give(password)
        must(
            "Making the database",
            self.runner.command(*self._initdb(room / "data", password)),
            stopper=self.stopper,
            env=self.env,
            log=self.folder.log("initdb"),
            cwd=Path("/"),
        )
        os.rename(room / "data", self.data)
        shutil.rmtree(room)

    def _initdb(self, data: Path, password: Path) -> tuple[str, ...]:
        return (
            self.binaries.program("initdb"),
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )

    def child(self, port: int) -> Child:
        settings = {**self.settings, "port": str(port)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Child(
            name="database",
            command=self.runner.command(
                self.binaries.program("postgres"), "-D", str(self.data), *options
            ),
            env=self.env,
            log=self.folder.log("database"),
            cwd=Path("/"),
            gentle=signal.SIGINT,  # "fast": ends sessions; SIGTERM would wait for them
            patience=10.0,
        )

    def wait_ready(self, child: Child) -> None:
        """The eighth line of postmaster.pid says so; no client is needed to ask."""

        def settled() -> bool:
            return not child.alive() or self._status() == "ready"

        done = self.stopper.wait_for(settled, seconds=START_SECONDS)
        if not done or not child.alive():
            raise Trouble(
                f"PostgreSQL did not start; all it said stands in {child.log}.",
                details=last_lines(child.log),
            )

    def _status(self) -> str:
        lines = postmaster(self.data)
        return lines[7].strip() if len(lines) > 7 else ""

    def make_roles(self, port: int) -> None:
        """The two roles and the database; safe to repeat, and it renews the passwords."""
        self._run(port, self._roles_script())

    def let_owner_fill(self, port: int) -> None:
        """The owner may put triggers and foreign keys aside in a session: for bulk loads."""
        self._run(port, f"GRANT SET ON PARAMETER session_replication_role TO {OWNER};")

    def _run(self, port: int, script: str) -> None:
        done = subprocess.run(
            [
                self.binaries.program("psql"),
                "--no-psqlrc",
                "--quiet",
                f"--dbname=postgres://{SUPERUSER}@{HOST}:{port}/postgres",
            ],
            input=script,
            env={**self.env, "PGPASSWORD": self.keys.postgres_password},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Trouble(
                f"The database roles could not be made: {done.stderr.strip()};"
                f" if {self.folder.secrets_file} was changed, put it back from a copy."
            )

    def _roles_script(self) -> str:
        return (
            f"\\set owner_password '{self.keys.owner_password}'\n"
            f"\\set app_password '{self.keys.app_password}'\n{ROLES}"
        )
