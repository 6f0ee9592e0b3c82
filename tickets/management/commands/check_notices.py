"""manage.py check_notices: can every notice be written, by every channel, in every language?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tickets import proofreading


class Command(BaseCommand):
    """校对通知."""

    help = "Write every notice of every verb and channel once with sample facts."

    def handle(self, *args: Any, **options: Any) -> None:
        if found := proofreading.problems():
            raise CommandError("\n".join(found))
        self.stdout.write("Every notice can be written.")
