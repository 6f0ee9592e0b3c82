"""The environment variables that tell Django where its servers are and what its secrets are."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hubin.local.folder import DataFolder
from hubin.local.keys import Keys
from hubin.local.ports import HOST
from hubin.local.postgres import APP, OWNER, url

DEMO_SETTINGS = "hubin.settings.demo"
# they act on tables as their owner, so their DATABASE_URL is the owner's
AS_OWNER = frozenset({"migrate", "flush", "reindex_search"})
# would bend our own Python or reach into another system
NOT_PASSED_ON = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True)
class Surroundings:
    folder: DataFolder
    keys: Keys
    python: Path
    postgres_port: int
    redis_port: int
    settings: str = DEMO_SETTINGS

    @property
    def app_url(self) -> str:
        return url(APP, self.keys.app_password, self.postgres_port)

    @property
    def owner_url(self) -> str:
        return url(OWNER, self.keys.owner_password, self.postgres_port)

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.keys.redis_password}@{HOST}:{self.redis_port}/0"

    def app(self) -> dict[str, str]:
        """For web, worker, beat, sweep: the role that may not touch the record."""
        return {
            **base(os.environ, self.python),
            "DJANGO_SETTINGS_MODULE": self.settings,
            "DATABASE_URL": self.app_url,
            "REDIS_URL": self.redis_url,
            "HUBIN_SECRET_KEY": self.keys.secret_key,
            "HUBIN_SALT_KEY": self.keys.salt_key,
            "HUBIN_LOOKUP_KEY": self.keys.lookup_key,
            "HUBIN_STATIC_ROOT": str(self.folder.static),
            "HUBIN_FILES": str(self.folder.path / "files"),
            "HUBIN_SEAL_FILE": str(self.folder.path / "seals.jsonl"),
            "HUBIN_SMS_FILE": str(self.folder.path / "sms.jsonl"),
        }

    def command(self, name: str) -> dict[str, str]:
        """For a command given by the person in charge: the owner's address is there, too."""
        env = {**self.app(), "DATABASE_OWNER_URL": self.owner_url}
        if name in AS_OWNER:
            env["DATABASE_URL"] = self.owner_url
        return env


def base(given: Mapping[str, str], python: Path) -> dict[str, str]:
    env = {
        name: value
        for name, value in given.items()
        if name not in NOT_PASSED_ON and not (name.startswith("PG") and name.isupper())
    }
    env["PATH"] = f"{python.parent}{os.pathsep}{given.get('PATH', os.defpath)}"
    env["VIRTUAL_ENV"] = str(python.parent.parent)
    env["PYTHONUNBUFFERED"] = "1"
    env.setdefault("LANG", "C.UTF-8")
    return env
