"""manage.py load_demo [--if-empty]: the demo district with its people, rules and tickets."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import clock
from common.errors import Refused
from grids.demo import FOLDER as DISTRICT
from grids.demo import set_demo_passwords
from grids.loading import Unloadable, load_district
from grids.loading.years import SEED as YEARS
from grids.loading.years import load_years
from grids.models import Division, Person, YearState
from tickets import demo, seals
from tickets.demo.history import WEEKS
from tickets.loading import FOLDER as LAW
from tickets.loading import load_law
from tickets.models import Ticket

MIN_PASSWORD = 10


class Command(BaseCommand):
    """载入演示: all in one transaction, so that half a demo never stays behind."""

    help = "Load the demo district, its people, rules and tickets. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where a district is loaded"
        )

        parser.add_argument(
            "--weeks", type=int, default=os.environ.get("HUBIN_DEMO_WEEKS", str(WEEKS)),
            help="how far the tickets go back (default: HUBIN_DEMO_WEEKS, else %(default)s)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HUBIN_DEMO:
            raise CommandError(_("演示数据只能载入演示系统，正式系统不载入演示人员。"))
        password = demo.password(os.environ)
        if len(password) < MIN_PASSWORD:
            raise CommandError(_("HUBIN_DEMO_PASSWORD 至少要有 10 个字符。"))
        is_empty = not (Division.objects.exists() or Ticket.objects.exists())
        is_ours = Person.objects.filter(is_demo=True).exists()
        if not is_empty and not is_ours and not options["if_empty"]:
            raise CommandError(_("数据库里是另一个辖区，没有载入演示数据；请用空数据库。"))
        if not is_empty and options["if_empty"]:
            self._keep(password, is_ours=is_ours)
            return
        try:
            with transaction.atomic():
                self._load(password, options["weeks"])
        except Unloadable as refused:
            raise CommandError(str(refused)) from None
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        # from here on a chain that was recomputed is found
        seals.seal(at=clock.now())

    def _keep(self, password: str, *, is_ours: bool) -> None:
        self.stdout.write(_("已有辖区数据，没有载入演示数据。"))
        # the accounts shown at the start must open the door, also after another password was given
        if is_ours and not demo.opens(password):
            set_demo_passwords(password)

    def _load(self, password: str, weeks: int) -> None:
        self.stdout.write(_("正在载入辖区、单位和人员"))
        load_district(DISTRICT)
        load_years(YEARS, YearState.OFFICIAL, at=clock.now())
        self.stdout.write(_("正在载入类别、时限和规则"))
        load_law(LAW)
        count = set_demo_passwords(password)
        self.stdout.write(_("演示人员：%(count)s 人") % {"count": count})
        if Ticket.objects.exists():
            return
        with connection.cursor() as cursor:
            # who was loaded in this transaction is news to the planner, which would try all pairs
            cursor.execute("ANALYZE grids_person, grids_post, grids_division, grids_unit")
        self.stdout.write(_("正在生成演示工单"))
        told = demo.tell(at=clock.now(), weeks=weeks)
        self.stdout.write(_("演示工单：%(count)s 张") % {"count": told})
