"""An empty database becomes a district at work: people, law, model tickets, clones."""

import json
import os
import pickle
import time
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command

from benchmarks import families, stories
from benchmarks.load import A_DAY, Loader
from benchmarks.tables import Family
from grids.demo import FOLDER
from tickets import seals
from tickets.models import Ticket

MODELS = 500
"""Model tickets at most; the rest are clones of them."""
Tell = Callable[[str], None]


def fill(count: int, *, at: datetime, tell: Tell, a_day: int = A_DAY) -> None:
    """装满: with so many tickets, so many a day; models stay as they are now in a file."""
    settings.HUBIN_POKES = False
    begun = time.monotonic()
    nowhere = StringIO()
    call_command("load_district", str(FOLDER), stdout=nowhere)
    call_command("load_law", stdout=nowhere)
    call_command("load_year", stdout=nowhere)
    tell("model tickets")
    stories.tell(min(MODELS, max(count // 2, 20)), at=at)
    known = keep()
    told = time.monotonic()
    loader = Loader(address(), at, tell, processes=2 if count >= 5_000 else 1, a_day=a_day)
    made = loader.clone(count - Ticket.objects.count(), filter(families.is_settled, known))
    seals.write_missing(Path(settings.HUBIN_SEAL_FILE))
    found = {
        "tickets": Ticket.objects.count(),
        "of_them_open": Ticket.objects.open().count(),
        "models_through_actions": len(known),
        "models_seconds": round(told - begun, 1),
        "clones": made,
        "clones_seconds": round(time.monotonic() - told, 1),
        "database_gib": _gibibytes(),
    }
    (folder() / "loaded.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    tell(f"{found['tickets']:,} in {time.monotonic() - begun:.0f} s")


def _gibibytes() -> float:
    with psycopg.connect(address()) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return round(row[0] / (1 << 30), 2) if row else 0.0


def keep() -> list[Family]:
    """留存: every ticket there is, as a model for clones."""
    with psycopg.connect(address()) as connection:
        known = families.read(connection)
    _kept().write_bytes(pickle.dumps(known))
    return known


def models() -> list[Family]:
    """模型: as they were when the database was filled."""
    found: list[Family] = pickle.loads(_kept().read_bytes())
    return found


def address() -> str:
    """地址 of the database, for its owner."""
    url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    return url.replace("postgres://", "postgresql://", 1)


def folder() -> Path:
    """文件夹 of this bench."""
    return Path(os.environ["HUBIN_BENCH_FOLDER"])


def _kept() -> Path:
    return folder() / "models.pickle"
