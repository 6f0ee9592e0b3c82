"""A fresh database beside the real one, and this process pointed at it for a while."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from common import law as law_cache
from common.errors import Impossible, Invalid
from grids.demo import FOLDER as DEMO_DISTRICT

NAME = "hubin_replay"
NAMES = re.compile(r"[a-z][a-z0-9_]{0,62}")
MARK = "made by manage.py replay, which drops it again"
KEYS = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
Config = dict[str, Any]


@contextmanager
def database(name: str = NAME, *, keep: bool) -> Iterator[Path]:
    """独立数据库: made, migrated, filled with the demo district and the law; dropped at the end.

    Inside, everything runs as the application role where an owner is known besides, and nobody
    outside is woken. Gives the file the seals go to. Raises `Impossible` when the database
    cannot be made or belongs to somebody else.
    """
    app = {key: connection.settings_dict[key] for key in KEYS}
    url = settings.DATABASE_OWNER_URL
    owner = _config(url) if url else app
    if not NAMES.fullmatch(name):
        raise Invalid(_("数据库名只能是小写字母、数字和下划线，以字母开头。"), field="database")
    create(name, owner)
    try:
        with tempfile.TemporaryDirectory() as folder, _quiet(Path(folder) / "seals.jsonl") as seals:
            with _pointed_at({**owner, "NAME": name}):
                _fill()
            with _pointed_at({**app, "NAME": name}):
                yield seals
    finally:
        if not keep:
            drop(name, owner)


def create(name: str, owner: Config) -> None:
    """建库: drops what an earlier replay left, never anything else."""
    drop(name, owner)
    with _pointed_at(owner), connection.cursor() as cursor:
        try:
            cursor.execute(f"CREATE DATABASE {name}")
        except DatabaseError as error:
            if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
                raise
            raise Impossible(
                _("数据库角色 %(role)s 不能建库，请用 DATABASE_OWNER_URL 给出可以建库的角色。")
                % {"role": owner["USER"]}
            ) from None
        cursor.execute(f"COMMENT ON DATABASE {name} IS '{MARK}'")
        # a throw-away database: what a power cut takes is simply replayed
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")


def drop(name: str, owner: Config) -> None:
    """删库: only with our mark on it."""
    with _pointed_at(owner), connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        found = cursor.fetchone()
        if found is None:
            return
        if found[0] != MARK:
            raise Impossible(
                _("数据库 %(name)s 已经存在，但不是重演建的；请先改名或自行删除。") % {"name": name}
            )
        try:
            cursor.execute(f"DROP DATABASE {name}")
        except DatabaseError as error:
            if not isinstance(error.__cause__, psycopg.errors.ObjectInUse):
                raise
            raise Impossible(
                _("数据库 %(name)s 正在使用，可能有另一次重演还没有结束。") % {"name": name}
            ) from None


@contextmanager
def _pointed_at(config: Config) -> Iterator[None]:
    before = {key: connection.settings_dict[key] for key in KEYS}
    _switch(config)
    try:
        yield
    finally:
        _switch(before)


def _switch(config: Config) -> None:
    connection.close()
    connection.settings_dict.update(config)
    law_cache.cache.clear()  # its tables are those of the other database


@contextmanager
def _quiet(seals: Path) -> Iterator[Path]:
    """No worker is poked, and the real seal file stays as it is."""
    changes = {"HUBIN_POKES": False, "HUBIN_LAW_CACHE": True, "HUBIN_SEAL_FILE": str(seals)}
    before = {name: getattr(settings, name) for name in changes if hasattr(settings, name)}
    for name, value in changes.items():
        setattr(settings, name, value)
    try:
        yield seals
    finally:
        for name in changes:
            delattr(settings, name)
        for name, value in before.items():
            setattr(settings, name, value)


def _fill() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    nowhere = StringIO()
    call_command("load_district", str(DEMO_DISTRICT), stdout=nowhere)
    call_command("load_year", stdout=nowhere)
    call_command("load_law", stdout=nowhere)


def _config(url: str) -> Config:
    found = environ.Env.db_url_config(url)
    return {key: found.get(key, {} if key == "OPTIONS" else "") for key in KEYS}
