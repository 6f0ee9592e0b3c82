"""manage.py reindex_search [--all] [--offline]: what tickets are found by."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tickets.reindexing import build_index, drop_index, reindex


class Command(BaseCommand):
    """补查找件: in batches, beside the running system; may be broken off and run again."""

    help = "Fill in what tickets are found by; only where it is missing, unless --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also where it is there already")
        parser.add_argument(
            "--offline",
            action="store_true",
            help="take the index away and build it anew at the end: much faster for many tickets,"
            " but searches are slow meanwhile; needs the owner's role",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["offline"]:
            drop_index()
        total = 0
        for count in reindex(is_all=options["all"]):
            total += count
            self.stdout.write(f"{total}")
        if options["offline"]:
            build_index()
        self.stdout.write(f"reindex_search: {total}")
