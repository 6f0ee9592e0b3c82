"""manage.py load_law [DIR]: categories, limits, rules and lists out of a folder of CSV files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import Refused
from tickets.loading import FOLDER, load_law


class Command(BaseCommand):
    """载入规则: the tables a clerk can edit afterwards."""

    help = "Load the rule tables from a folder (default: the seed that comes with Hubin)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, nargs="?", default=FOLDER)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tallies = load_law(options["dir"])
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        for name, (new, changed) in tallies.items():
            self.stdout.write(f"{name}: +{new} ~{changed}")
