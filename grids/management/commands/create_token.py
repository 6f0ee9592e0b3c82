"""manage.py create_token USERNAME NAME --scope …: a token for a program, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from common.errors import Refused
from grids.models import Person, Scope
from grids.tokens import make_token


class Command(BaseCommand):
    """发令牌."""

    help = "Make an API token for a person; its text is printed once and never again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="whose rights the program has")
        parser.add_argument("name", help="which program uses it")
        parser.add_argument(
            "--scope", action="append", choices=Scope.values, help="repeat it; default: all"
        )
        parser.add_argument("--days", type=int, default=90, help="how long it is good (most 366)")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["username"], is_active=True).first()
        if person is None:
            raise CommandError(_("没有这个在用的登录名，请核对。"))
        scopes = options["scope"] or list(Scope.values)
        try:
            _row, text = make_token(
                person, options["name"], scopes, at=clock.now(), days=options["days"]
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(text)
