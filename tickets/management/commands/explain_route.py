"""manage.py explain_route NUMBER: which rule sends this ticket where, and why."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from tickets.models import Ticket
from tickets.proof import why


class Command(BaseCommand):
    """派单说明: what the rules would choose now, and what the record says of each dispatch."""

    help = "Explain which routing rule wins for a ticket, why, and what came second."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the ticket's number")

    def handle(self, *args: Any, **options: Any) -> None:
        ticket = Ticket.objects.filter(number=options["number"]).first()
        if ticket is None:
            raise CommandError(
                _("没有编号为 %(number)s 的工单，请核对编号。") % {"number": options["number"]}
            )
        for line in why.explain(ticket, at=clock.now()):
            self.stdout.write(line)
