"""Vendored front-end files: fetch them anew from vendor.json, or check them."""

import json
import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import vendor


class Command(BaseCommand):
    help = "Fetch the packages of each vendor.json with `npm pack`; --check only compares."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare hashes, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            for where in vendor.homes():
                _refresh(where)
        found = [line for where in vendor.homes() for line in vendor.problems(where)]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("Vendored files are as listed.")


def _refresh(where: Path) -> None:
    packages = vendor.packages(where)
    for package in packages:
        with tempfile.TemporaryDirectory() as scratch:
            _place(package, where / package["folder"], _unpack(package, Path(scratch)))
    text = json.dumps({"packages": packages}, indent=2, ensure_ascii=False)
    (where / "vendor.json").write_text(text + "\n", encoding="utf-8")


def _unpack(package: dict[str, Any], scratch: Path) -> Path:
    wanted = f"{package['name']}@{package['version']}"
    try:
        subprocess.run(["npm", "pack", "--silent", wanted], cwd=scratch, check=True)
    except (OSError, subprocess.CalledProcessError) as failed:
        raise CommandError(f"npm could not fetch {wanted}: {failed}") from failed
    with tarfile.open(next(scratch.glob("*.tgz"))) as archive:
        archive.extractall(scratch, filter="data")
    return scratch / "package"


def _place(package: dict[str, Any], home: Path, source: Path) -> None:
    for name, facts in package["files"].items():
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if "from" in facts:
            content = (source / facts["from"]).read_bytes()
            is_code = target.suffix in {".css", ".js"}
            target.write_bytes(vendor.without_source_map(content) if is_code else content)
        elif "join" in facts:
            modules = {path: (source / path).read_text(encoding="utf-8") for path in facts["join"]}
            target.write_text(vendor.joined(modules, facts["as"]), encoding="utf-8")
        elif name == "sprite.svg":
            target.write_text(vendor.sprite(_drawings(package, source)), encoding="utf-8")
        facts["sha256"] = vendor.digest(target)


def _drawings(package: dict[str, Any], source: Path) -> dict[str, Path]:
    return {
        icon: source / "icons" / (f"{icon}.svg" if "/" in icon else f"outline/{icon}.svg")
        for icon in package["icons"]
    }
