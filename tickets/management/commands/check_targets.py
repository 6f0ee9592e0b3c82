"""manage.py check_targets FILE --profile NAME: our deadlines beside those of another house."""

from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common.errors import Refused
from tickets.importing import profile as profiles
from tickets.importing import targets
from tickets.importing.table import Table


class Command(BaseCommand):
    """对照承诺: the arithmetic alone, without any database."""

    help = "Compare our deadlines with the target dates of a file; exit 1 under 99 %."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", required=True, help="one with [calendar] and [targets]")
        parser.add_argument("--limit", type=int, help="only the first rows")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            profile = profiles.load(options["profile"])
            wanted = targets.read(profile)
            rows = Table(options["file"], targets.with_targets(profile, wanted)).rows()
            found = targets.check(islice(rows, options["limit"]), profile, wanted)
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        for line in _lines(found, wanted):
            self.stdout.write(line)
        if not found.total:
            raise CommandError(_("没有可以对照的行：类别、开单时间或承诺时间都对不上。"))
        if not found.is_enough:
            raise CommandError(_("对上的不到 %(least)s。") % {"least": f"{targets.ENOUGH:.0%}"})


def _lines(found: targets.Checked, wanted: targets.Targets) -> list[str]:
    judged = {
        "within": found.within, "total": found.total, "share": f"{found.share:.2%}",
        "seconds": round(wanted.within.total_seconds()),
    }  # fmt: skip
    others = {"within": found.outside_within, "total": found.outside}
    lines = [
        _("对照 %(total)s 行，相差不超过 %(seconds)s 秒的 %(within)s 行（%(share)s）。") % judged,
        _("其他时间开单的 %(total)s 行里对上 %(within)s 行（不计入）。") % others,
    ]
    if found.unreadable:
        lines.append(_("读不出的行：%(count)s。") % {"count": found.unreadable})
    zone = wanted.calendar.zone
    return lines + [
        _("第 %(line)s 行 %(kind)s：开单 %(opened)s，对方 %(theirs)s，我们 %(ours)s。")
        % {
            "line": miss.line, "kind": miss.kind,
            "opened": miss.opened.astimezone(zone).strftime("%F %T"),
            "theirs": miss.theirs.astimezone(zone).strftime("%F %T"),
            "ours": miss.ours.astimezone(zone).strftime("%F %T"),
        }
        for miss in found.worst
        if miss.size > wanted.within
    ]  # fmt: skip
