"""manage.py import_tickets FILE --profile NAME: another system's rows as tickets."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from common.errors import Refused
from tickets.importing import profile as profiles
from tickets.importing.bringing import Tally, bring_table
from tickets.importing.progress import Progress
from tickets.importing.rejects import Rejects
from tickets.importing.table import Table


class Command(BaseCommand):
    """迁入: idempotent by source id; bad rows go to a file, good rows go in."""

    help = "Bring in tickets from a CSV file or a workbook (docs/import.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--profile", required=True, help=f"{', '.join(profiles.known_profiles())}, or a path"
        )
        parser.add_argument(
            "--encoding", default="", help="of a text file (default: UTF-8 or GB18030, found out)"
        )
        parser.add_argument(
            "--sheet", default="", help="of a workbook, by its name (default: the first one)"
        )
        parser.add_argument(
            "--rejects", type=Path, help="where bad rows go (default: FILE.rejects.csv, here)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        progress = Progress(_("迁入"))
        try:
            profile = profiles.load(options["profile"])
            asked = {"encoding": options["encoding"], "sheet": options["sheet"]}
            table = Table(path, profile, **asked)
            where = options["rejects"] or Path(f"{path.name}.rejects.csv")
            with Rejects(where, source=path) as rejects:
                tally = bring_table(
                    table, rejects, at=clock.now(), begin=progress.begin,
                    step=lambda so_far: progress.step(so_far.rows, _note(so_far)),
                )  # fmt: skip
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        except KeyboardInterrupt:
            progress.end()
            raise CommandError(
                _("已停止。已迁入的保留着，再运行一次同样的命令就会接着做。"), returncode=130
            ) from None
        progress.end(_note(tally))
        self._say(tally, rejects, progress.rate)

    def _say(self, tally: Tally, rejects: Rejects, rate: float) -> None:
        said = {"added": tally.added, "known": tally.known, "rejected": tally.rejected}
        line = _("新增 %(added)s，已有 %(known)s，退回 %(rejected)s") % said
        self.stdout.write(f"{line} ({rate:,.0f}/s)")
        if rejects.count:
            self.stdout.write(
                _("退回的行和原因在 %(file)s，改正后可以再迁入。") % {"file": rejects.path}
            )
        if not tally.rows:
            self.stdout.write(_("文件只有表头，没有数据行。"))
        elif not tally.added:
            self.stdout.write(_("没有新增工单。"))


def _note(tally: Tally) -> str:
    return _("退回 %(count)s") % {"count": tally.rejected} if tally.rejected else ""
