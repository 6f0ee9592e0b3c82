"""manage.py load_year [FILE]: days off and make-up days out of a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from grids.loading import Unloadable
from grids.loading.years import SEED, load_years
from grids.models import YearState


class Command(BaseCommand):
    """载入年度: the years named in the file are then official, or provisional if so told."""

    help = "Load days off and make-up workdays (default: 2019-2026 as published, with Hubin)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=SEED)
        parser.add_argument(
            "--status", choices=["official", "provisional"], default="official",
            help="what the years become (default: official)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        status = YearState[options["status"].upper()]
        try:
            tally = load_years(options["file"], status, at=clock.now())
        except Unloadable as refused:
            count = {"count": len(refused.problems)}
            closing = _("共 %(count)s 处差错；什么也没有载入。") % count
            raise CommandError(f"{refused}\n{closing}") from None
        created, changed, same = tally.counts()
        counts = {"label": tally.label, "new": created, "changed": changed, "same": same}
        self.stdout.write(_("%(label)s：新增 %(new)s，更新 %(changed)s，未变 %(same)s") % counts)
