"""manage.py reindex_search [--all] [--offline]: what tickets are found by."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import Refused
from tickets.reindexing import reindex, without_index


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
        try:
            with without_index() if options["offline"] else nullcontext():
                total = self._fill(is_all=options["all"])
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"reindex_search: {total}")

    def _fill(self, *, is_all: bool) -> int:
        total = 0
        for count in reindex(is_all=is_all):
            total += count
            self.stdout.write(f"{total}")
        return total
