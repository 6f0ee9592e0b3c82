"""manage.py demo_accounts [--json] [--tokens]: who can log in to the demo, and with what."""

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from grids.demo import demo_accounts, demo_tokens
from tickets import demo


class Command(BaseCommand):
    """演示账号: invented people only; refused outside a demo."""

    help = "Print the demo accounts with their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument(
            "--tokens", action="store_true", help="with fresh API tokens; earlier ones end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HUBIN_DEMO:
            raise CommandError(_("正式系统没有演示账号。"))
        password = demo.password(os.environ)
        accounts = demo_accounts()
        if accounts and not demo.opens(password):
            raise CommandError(
                _("演示密码不是 HUBIN_DEMO_PASSWORD 所给的，请运行 manage.py load_demo 重新设置。")
            )
        rows = [{**account, "password": password} for account in accounts]
        if options["tokens"]:
            given = demo_tokens([row["username"] for row in rows], at=clock.now())
            rows = [{**row, "token": given[row["username"]]} for row in rows]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(" · ".join((row["post"], row["name"], row["username"], password)))
