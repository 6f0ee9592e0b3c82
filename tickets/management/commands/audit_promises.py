"""manage.py audit_promises: is every open ticket in somebody's hands?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from tickets.proof import promises


class Command(BaseCommand):
    """审查: names every ticket that could be forgotten; exit status 1 on any breach."""

    help = "Find tickets without turn, holder, clock, due date or answer; exit 1 on any breach."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for breach in promises.audit(at=clock.now()):
            count += 1
            self.stdout.write(str(breach))
        self.stdout.write(promises.summary())
        if count:
            raise CommandError(_("承诺有 %(count)s 处没有兑现。") % {"count": count})
