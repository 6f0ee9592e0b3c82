"""Static files: collected and compressed only when one of them changed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from hubin.local.folder import ROOT, DataFolder


def collect_static(folder: DataFolder, packages: Path, collect: Callable[[], None]) -> str:
    """What was done: compressing everything takes seconds, comparing takes none."""
    now = fingerprint(packages)
    manifest = folder.static / "staticfiles.json"
    if manifest.exists() and folder.remembered("static") == now:
        return "up to date"
    folder.remember(static=None)
    collect()
    folder.remember(static=now)
    return "collected"


def fingerprint(packages: Path, root: Path = ROOT) -> str:
    """Of every file under static/, and of what is installed (admin and htmx bring files, too)."""
    digest = hashlib.sha256(packages.read_bytes() if packages.exists() else b"")
    apps = [found.parent / "static" for found in root.glob("*/__init__.py")]
    folders = [root / "static", *apps]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        told = path.stat()
        digest.update(f"{path.relative_to(root)}\0{told.st_size}\0{told.st_mtime_ns}\n".encode())
    return digest.hexdigest()
