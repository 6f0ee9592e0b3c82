"""manage.py reset_mfa USERNAME: for a lost telephone, once it is sure who asks."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from grids.login import factors, sessions
from grids.models import Person


class Command(BaseCommand):
    """重置两步验证."""

    help = "Remove a person's second factor and end their logins; noted with who did it and when."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="whose telephone is lost")
        parser.add_argument("--by", default="", help="who made sure of it (default: who runs this)")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(_("没有这个登录名，请核对。"))
        by = (options["by"] or getpass.getuser())[:80]
        at = clock.now()
        if not factors.reset(person, by=by, at=at):
            raise CommandError(_("这个账号没有启用两步验证，不用重置。"))
        sessions.end_all(person)
        self.stdout.write(_("已重置，此人的登录都已结束。下次登录只要密码；请本人尽快重新启用。"))
