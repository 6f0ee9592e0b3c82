"""manage.py create_client NAME --source …: another system and a token for it, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from common import clock, law
from common.errors import Refused
from grids.tokens import revoke_each
from tickets import external
from tickets.models import Client
from tickets.words import Origin, Source


class Command(BaseCommand):
    """登记来源系统."""

    help = (
        "Register another system that hands in tickets and print a token for it, once. "
        "For a system that is registered already the token is one more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the record calls it, such as 12345 热线")
        parser.add_argument("--source", choices=Source.values, help="its channel, for a new one")
        parser.add_argument("--origin", choices=Origin.values, default=Origin.RESIDENT)
        parser.add_argument("--takes-unknown-codes", action="store_true")
        parser.add_argument("--token", default="", help="name of the token; default: the moment")
        parser.add_argument("--days", type=int, default=366, help="how long it is good (most 366)")
        parser.add_argument("--revoke", action="store_true", help="its tokens end now; no new one")

    def handle(self, *args: Any, **options: Any) -> None:
        at, days = clock.now(), options["days"]
        try:
            with transaction.atomic():
                client = self._client(options)
                if options["revoke"]:
                    living = client.tokens.filter(revoked_at=None)
                    self.stdout.write(revoke_each(living, at=at))
                    return
                name = options["token"] or f"{clock.local(at):%Y-%m-%d %H:%M:%S}"
                _row, text = external.make_token(client, name, at=at, days=days)
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(text)

    def _client(self, options: dict[str, Any]) -> Client:
        name = options["name"]
        known = Client.objects.filter(name=name).first()
        if known is not None:
            return known
        if options["revoke"]:
            raise CommandError(_("没有叫“%(name)s”的来源系统，请核对名称。") % {"name": name})
        if not options["source"]:
            said = {"sources": "、".join(Source.values)}
            raise CommandError(_("新的来源系统要写明 --source，可选：%(sources)s。") % said)
        law.bump(external.STAMP)
        return Client.objects.create(
            name=name, source=options["source"], origin=options["origin"],
            takes_unknown_codes=options["takes_unknown_codes"], made_at=clock.now(),
        )  # fmt: skip
