"""What a killed launcher left behind is found and ended before anything new begins."""

import signal
from pathlib import Path

from hubin.local.children import end_recorded
from hubin.local.folder import DataFolder, read_json
from hubin.local.postgres import postmaster
from hubin.local.processes import command_of, end_stranger, identity
from hubin.local.supervisor import STOP_ORDER


def end_leftovers(folder: DataFolder) -> list[str]:
    """End them in the usual order; the names of what was found."""
    records = {
        str(one["name"]): one for one in read_json(folder.processes_file).get("children", [])
    }
    order = [name for together in STOP_ORDER for name in together]
    found = [name for name in order if name in records and end_recorded(records[name])]
    if end_stray_postmaster(folder.postgres):
        found.append("database")
    folder.processes_file.unlink(missing_ok=True)
    folder.run_file.unlink(missing_ok=True)
    return found


def end_stray_postmaster(data: Path) -> bool:
    """End a server that still runs on this folder; clear a note that means somebody else.

    After a crash the number in postmaster.pid may belong to another program by now, and
    PostgreSQL would refuse to start because of it.
    """
    lines = postmaster(data)
    if not lines or not lines[0].isdigit():
        return False
    pid = int(lines[0])
    known = identity(pid)
    if known is None or str(data) not in command_of(pid):
        (data / "postmaster.pid").unlink(missing_ok=True)
        return False
    return end_stranger(known, signal.SIGINT, patience=10.0)
