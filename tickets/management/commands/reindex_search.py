"""manage.py reindex_search [--all]: what tickets are found by, for texts that have none yet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tickets.reindexing import reindex


class Command(BaseCommand):
    """补词元: in batches, beside the running system; may be broken off and run again."""

    help = "Fill in what tickets are found by; only where it is missing, unless --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also where it is there already")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for count in reindex(is_all=options["all"]):
            total += count
            self.stdout.write(f"{total}")
        self.stdout.write(f"reindex_search: {total}")
