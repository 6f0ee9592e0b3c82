"""Bring the English catalogue up to date with the sources, or check that it is."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import catalogue


class Command(BaseCommand):
    help = "Extract all strings into locale/en and compile it; --check only tells what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, exit 1 on a gap")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        home = root / "locale" / "en" / "LC_MESSAGES"
        try:
            known = catalogue.from_po(home / "django.po")
        except ImportError as missing:
            raise CommandError("Babel is missing: install requirements-dev.txt.") from missing
        found = catalogue.extract(root)
        if not options["check"]:
            known = catalogue.merge(set(found.places), known)
            home.mkdir(parents=True, exist_ok=True)
            (home / "django.po").write_text(catalogue.to_po(known), encoding="utf-8")
            (home / "django.mo").write_bytes(catalogue.to_mo(known))
        compiled = home / "django.mo"
        told = catalogue.problems(found, known, compiled.read_bytes() if compiled.exists() else b"")
        if told and options["check"]:
            raise CommandError("\n".join(told))
        for line in told:
            self.stdout.write(line)
        self.stdout.write(f"{len(found.places)} messages, {len(told)} to do.")
