"""manage.py verify_chain [--seals FILE] [--without-files]: recompute the record of every ticket."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tickets.proof import chain
from tickets.proof.facts import Tally


class Command(BaseCommand):
    """核验: names every row that is not what the record says; exit status 1 on any breach."""

    help = "Recompute every event, word, number and seal; exit 1 and name the row on any breach."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seals", type=Path, metavar="FILE", help="compare with the seals kept outside"
        )

        parser.add_argument(
            "--without-files",
            action="store_true",
            help="do not read the attachments' files, only what the record says of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seals: Path | None = options["seals"]
        if seals is not None and not seals.is_file():
            raise CommandError(_("没有封存文件 %(file)s，请给出它的路径。") % {"file": seals})
        tally = Tally()
        with_files = not options["without_files"]
        for breach in chain.verify(tally=tally, seals=seals, with_files=with_files):
            self.stdout.write(str(breach))
        self.stdout.write(str(tally))
        if tally.breaches:
            raise CommandError(_("记录有 %(count)s 处破绽。") % {"count": tally.breaches})
