"""A Redis-protocol server of our own: behind a password, listening to this machine only."""

import socket
from pathlib import Path

from hubin.local.binaries import BrokerBinary
from hubin.local.children import Child
from hubin.local.folder import DataFolder, write_private
from hubin.local.keys import Keys
from hubin.local.ports import HOST
from hubin.local.stopper import Stopper
from hubin.local.trouble import Trouble, last_lines

START_SECONDS = 20.0


class Broker:
    def __init__(
        self, binary: BrokerBinary, folder: DataFolder, keys: Keys, stopper: Stopper
    ) -> None:
        self.binary = binary
        self.folder = folder
        self.keys = keys
        self.stopper = stopper

    @property
    def config(self) -> Path:
        return self.folder.valkey / "valkey.conf"

    def child(self, port: int) -> Child:
        """Its password stands in a private file: everybody may read a command line."""
        write_private(self.config, self._settings(port))
        return Child(
            name="broker",
            command=[str(self.binary.program), str(self.config)],
            env={"LC_ALL": "C.UTF-8"},
            log=self.folder.log("broker"),
            cwd=self.folder.valkey,
        )

    def _settings(self, port: int) -> str:
        settings = {
            "bind": HOST,
            "port": str(port),
            "dir": f'"{self.folder.valkey}"',
            "requirepass": self.keys.redis_password,
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
            "save": '""',
            "daemonize": "no",
            "logfile": '""',
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def wait_ready(self, child: Child, port: int) -> None:
        def settled() -> bool:
            return not child.alive() or self.pings(port)

        done = self.stopper.wait_for(settled, seconds=START_SECONDS)
        if not done or not child.alive():
            raise Trouble(
                f"The broker did not start; all it said stands in {child.log}.",
                details=last_lines(child.log),
            )

    def pings(self, port: int) -> bool:
        try:
            with socket.create_connection((HOST, port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.keys.redis_password}\r\nPING\r\n".encode())
                heard = b""
                while b"PONG" not in heard and b"-" not in heard:
                    more = connection.recv(200)
                    if not more:
                        return False
                    heard += more
                return b"PONG" in heard
        except OSError:
            return False
