"""An empty database becomes a district at work: people, law, model tickets, clones."""

import os
import pickle
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command

from benchmarks import families, stories
from benchmarks.load import Loader
from benchmarks.tables import Family
from grids.demo import FOLDER
from tickets import seals
from tickets.models import Ticket

MODELS = 500
"""Model tickets at most; the rest are clones of them."""
Tell = Callable[[str], None]


def fill(count: int, *, at: datetime, tell: Tell) -> None:
    """装满: with so many tickets; models stay as they are now in a file."""
    settings.HUBIN_POKES = False
    nowhere = StringIO()
    call_command("load_district", str(FOLDER), stdout=nowhere)
    call_command("load_law", stdout=nowhere)
    tell("model tickets")
    stories.tell(min(MODELS, max(count // 2, 20)), at=at)
    with psycopg.connect(address()) as connection:
        known = families.read(connection)
    _kept().write_bytes(pickle.dumps(known))
    loader = Loader(address(), at, tell, processes=2 if count >= 5_000 else 1)
    loader.clone(count - Ticket.objects.count(), filter(families.is_settled, known))
    seals.write_missing(Path(settings.HUBIN_SEAL_FILE))


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
