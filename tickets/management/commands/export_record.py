"""manage.py export_record NUMBER [--out DIR|FILE.zip]: the audit bundle of one ticket."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from common.errors import Refused
from common.listing import listed
from grids.models import Person
from tickets.exporting.record.making import export_record


class Command(BaseCommand):
    """审计包: record, words, attachments, seals, a page and a verifier that needs no Hubin."""

    help = "Write the audit bundle of a ticket: verifiable anywhere (docs/export.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number")
        parser.add_argument(
            "--out", type=Path, help="a .zip, or a folder it goes into (default: NUMBER.zip, here)"
        )
        parser.add_argument(
            "--with-contacts", action="store_true", help="not masked; needs --reason and --by"
        )
        parser.add_argument("--reason", default="", help="why contacts are looked at; recorded")
        parser.add_argument("--by", default="", help="login name of whoever takes it out")

    def handle(self, *args: Any, **options: Any) -> None:
        number: str = options["number"]
        reason = options["reason"] if options["with_contacts"] else None
        try:
            made = export_record(
                number, options["out"] or Path(f"{number}.zip"), at=clock.now(),
                by=_person(options["by"]), reason=reason,
            )  # fmt: skip
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        said = {"path": made.path, "events": made.events}
        self.stdout.write(_("审计包在 %(path)s，流转记录 %(events)s 条。") % said)
        if made.lost:
            self.stderr.write(
                _("附件 %(lost)s 的文件不在存储里，包里没有；verify.py 也会指出。")
                % {"lost": listed(made.lost)}
            )
        self.stdout.write(
            _("清单摘要 %(digest)s：请另处记下，核验时用 --expect 比对。") % {"digest": made.digest}
        )


def _person(name: str) -> Person | None:
    if not name:
        return None
    found = Person.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(_("没有在用的账号“%(name)s”，请核对登录名。") % {"name": name})
    return found
