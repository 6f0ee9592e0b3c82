"""manage.py freeze_month MONTH [--check]: a month's figures kept as they are now, once."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from common.errors import Refused
from tickets.figures import months
from tickets.models import MonthFigure


def month_of(text: str) -> date:
    """Its first day."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ArgumentTypeError(f"{text} is no month; write it as 2026-10") from None


class Command(BaseCommand):
    """封存月报: of the district and of each street, what is not kept yet."""

    help = "Keep a month's figures as they are now, once; --check compares the digests instead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", type=month_of, metavar="MONTH", help="as 2026-10")
        parser.add_argument("--check", action="store_true", help="exit 1 if a row was changed")

    def handle(self, *args: Any, **options: Any) -> None:
        month = options["month"]
        if options["check"]:
            self._check(month)
            return
        try:
            made = months.freeze(month, at=clock.now())
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        told = {"month": f"{month:%Y-%m}", "made": made}
        self.stdout.write(_("%(month)s：封存了 %(made)s 份，已有的没有改动。") % told)

    def _check(self, month: date) -> None:
        rows = list(MonthFigure.objects.filter(month=month))
        bad = [row.division.code for row in rows if months.digest(row) != row.digest]
        if bad:
            told = {"month": f"{month:%Y-%m}", "codes": ", ".join(bad)}
            raise CommandError(_("%(month)s 的封存与摘要不符：%(codes)s。") % told)
        told = {"month": f"{month:%Y-%m}", "rows": str(len(rows))}
        self.stdout.write(_("%(month)s：%(rows)s 份封存，摘要都相符。") % told)
