"""manage.py resend_delivery ID: once more, under a dedupe key of its own."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.errors import Refused
from notices import resending


class Command(BaseCommand):
    """重发."""

    help = "Send a delivery that is dead, was sent or was skipped once more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="the delivery's id, as incidents name it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = resending.resend(options["id"], at=clock.now())
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"#{row.pk} {row.channel} waits to be sent, {row.resent}. time again")
