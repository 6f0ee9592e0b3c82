"""manage.py replay FILE --profile NAME: a stream through the whole chain, and the proof of it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common import clock
from common.errors import Refused
from tickets.importing import profile as profiles
from tickets.importing.progress import Progress
from tickets.importing.table import Table
from tickets.replay import account, apart
from tickets.replay.run import replay


class Command(BaseCommand):
    """重演: in a database of its own, in simulated time, through the real actions."""

    help = "Replay a file through the chain in a fresh database; exit 1 if an audit fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--profile", required=True, help=f"{', '.join(profiles.known_profiles())}, or a path"
        )
        parser.add_argument("--limit", type=int, help="only the first rows")
        parser.add_argument("--seed", type=int, default=1, help="of the people's choices")
        parser.add_argument("--keep", action="store_true", help="keep the database afterwards")
        parser.add_argument("--database", default=apart.NAME, help=f"default: {apart.NAME}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            profile = profiles.load(options["profile"])
            Table(options["file"], profile).check()  # before a database is made for it
            with apart.database(options["database"], keep=options["keep"]) as seals:
                self._replay(profile, seals, options)
        except Refused as refused:
            raise CommandError(refused.sentence) from None

    def _replay(self, profile: profiles.Profile, seals: Path, options: dict[str, Any]) -> None:
        progress = Progress(_("重演"))
        sim, rejected, effort = replay(
            options["file"], profile, at=clock.now(), limit=options["limit"],
            seed=options["seed"], progress=progress,
        )  # fmt: skip
        progress.end()
        for line in account.lines(sim, rejected, effort):
            self.stdout.write(line)
        failures = account.still_open()
        for name, more in (("verify_chain", {"seals": seals}), ("audit_promises", {})):
            try:
                call_command(name, stdout=self.stdout, **more)
            except CommandError as error:
                failures.append(f"{name}: {error}")
        if failures:
            said = {"count": len(failures), "first": "\n".join(failures[:20])}
            raise CommandError(_("重演有 %(count)s 处不对：\n%(first)s") % said)
