"""manage.py load_district DIR: the district out of a folder of files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from grids.loading import Unloadable, load_district


class Command(BaseCommand):
    """载入辖区: divisions, outlines, buildings, units, people, posts and calendars."""

    help = "Load a district from a folder (docs/load_district.md). A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="folder with divisions.csv and the others")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["dir"]
        if not folder.is_dir():
            raise CommandError(_("没有文件夹 %(folder)s，请检查路径。") % {"folder": folder})
        try:
            tallies = load_district(folder)
        except Unloadable as refused:
            count = {"count": len(refused.problems)}
            closing = _("共 %(count)s 处差错；什么也没有载入。") % count
            raise CommandError(f"{refused}\n{closing}") from None
        for tally in tallies:
            created, changed, same = tally.counts()
            counts = {"label": tally.label, "new": created, "changed": changed, "same": same}
            line = _("%(label)s：新增 %(new)s，更新 %(changed)s，未变 %(same)s") % counts
            self.stdout.write(line)
        if not any(tally.is_changed for tally in tallies):
            self.stdout.write(_("与现有数据一致，没有变化。"))
