"""manage.py chain_docs [--check]: docs/chain.md out of the one table."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tickets.proof import page


class Command(BaseCommand):
    """流转文档: writes it, or says that it is stale."""

    help = "Write docs/chain.md from the table of moves; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 when the page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "chain.md"
        text = page.render()
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            raise CommandError(_("docs/chain.md 与流转表不符，请运行 manage.py chain_docs。"))
