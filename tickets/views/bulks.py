"""勾选: what the bulk forms of desk and unit have in common."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.errors import Invalid
from grids.models import Person
from tickets import bulk
from tickets.bulk import Outcome
from tickets.forms.contact import KEY
from tickets.forms.fields import NUMBER
from tickets.views.doors import find

DIGITS = 9


def perform(
    request: HttpRequest, verbs: Sequence[str], person: Person, *, at: datetime
) -> tuple[str, list[Outcome]]:
    """办理: `verb` on every `row` (number:version), at most fifty."""
    verb, key = request.POST.get("verb", ""), request.POST.get("key", "")
    if verb not in verbs or not KEY.fullmatch(key):
        raise Invalid(_("没有这个批量动作，请从列表的按钮操作。"), field="verb")
    rows = _rows(request.POST.getlist("row"))
    find_one = partial(find, person, at=at)
    return verb, bulk.perform(verb, rows, by=person, at=at, key=key, find=find_one)


def _rows(given: list[str]) -> list[bulk.Chosen]:
    if not given:
        raise Invalid(_("请先在列表里勾选工单。"), field="row")
    if len(given) > bulk.MOST:
        raise Invalid(_("一次最多办理 %(most)s 张，请分几次。") % {"most": bulk.MOST}, field="row")
    return [_row(text) for text in dict.fromkeys(given)]


def _row(text: str) -> bulk.Chosen:
    number, _colon, version = text.partition(":")
    is_version = version.isascii() and version.isdecimal() and len(version) <= DIGITS
    if not (NUMBER.fullmatch(number) and is_version):
        raise Invalid(_("勾选的工单读不出来，请重新打开列表。"), field="row")
    return bulk.Chosen(number, int(version))
