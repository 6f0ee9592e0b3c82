"""manage.py load_law [DIR]: categories, limits, rules and lists out of a folder of CSV files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common.errors import Refused
from tickets.loading import FOLDER, LABELS, load_law


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
            counts = {"label": LABELS[name], "new": new, "changed": changed}
            self.stdout.write(_("%(label)s：新增 %(new)s，更新 %(changed)s") % counts)
        if not any(new or changed for new, changed in tallies.values()):
            self.stdout.write(_("与现有数据一致，没有变化。"))
