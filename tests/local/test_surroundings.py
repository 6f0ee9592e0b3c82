"""Which role of the database a command given by hand acts in."""

import sys
from pathlib import Path

import pytest

from hubin.local.folder import DataFolder
from hubin.local.keys import Keys
from hubin.local.surroundings import Surroundings


@pytest.mark.parametrize(
    ("name", "role"),
    [("migrate", "hubin_owner"), ("reindex_search", "hubin_owner"), ("sweep", "hubin_app"),
     ("import_tickets", "hubin_app")],
)  # fmt: skip
def test_only_who_changes_tables_is_their_owner(tmp_path: Path, name: str, role: str) -> None:
    around = Surroundings(DataFolder(tmp_path), Keys.fresh(), Path(sys.executable), 5432, 6379)
    found = around.command(name)
    assert found["DATABASE_URL"].startswith(f"postgres://{role}:")
    assert found["DATABASE_OWNER_URL"].startswith("postgres://hubin_owner:")
