"""manage.py explain_deadline NUMBER: how each due date of a ticket came about."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from tickets import dossier, explaining
from tickets.models import Ticket


class Command(BaseCommand):
    """时限说明: start, limit, days skipped and why, pauses, extensions, due date."""

    help = "Explain how each due date of a ticket came about, by the ticket's own record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the ticket's number")
        parser.add_argument("--promise", default="", help="only this limit, such as RESOLVE")

    def handle(self, *args: Any, **options: Any) -> None:
        ticket = Ticket.objects.filter(number=options["number"]).first()
        if ticket is None:
            raise CommandError(
                _("没有编号为 %(number)s 的工单，请核对编号。") % {"number": options["number"]}
            )
        told = dossier.deadlines(ticket, inside=True)
        wanted = [one for one in told if options["promise"] in ("", one.clock.promise)]
        if not wanted:
            raise CommandError(
                _("这张工单没有 %(promise)s 的时限。") % {"promise": options["promise"]}
            )
        for one in wanted:
            for line in explaining.explain(one.clock, one.pauses, at=clock.now()):
                self.stdout.write(line)
            self.stdout.write("")
