"""A list becomes a file: read in one snapshot, whole or not at all, and on the record.

The file is finished before anything of it is sent. So whoever reads it slowly or goes away holds
no transaction, what fails is a sentence and not half a file, and who took how much is kept first.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from common.attempts import Allowance, failed, wait
from common.errors import Invalid, TooMany, Unavailable
from common.snapshot import snapshot
from grids.models import Person
from tickets.exporting.files import Sheet, open_sheet
from tickets.exporting.lists import Columns, Rows, header
from tickets.models import Export
from tickets.models.export import ExportForm, ExportOf

SLOTS = 0x657870  # "exp": one lock for each that may run at the same time
HOUR = timedelta(hours=1)
FORMS = (ExportForm.CSV, ExportForm.XLSX)
EVERY = 500  # rows between two looks at the watch


@dataclass
class Listing:
    """要导出的列表: `rows` is called inside the snapshot, `is_cut` known once they are read."""

    what: ExportOf
    columns: Columns
    rows: Callable[[], Rows]
    asked: dict[str, Any]
    is_cut: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Made:
    """导出文件: finished, from its beginning; temporary, gone when it is closed."""

    file: IO[bytes]
    what: ExportOf
    form: ExportForm
    rows: int
    is_capped: bool
    at: datetime


def most_rows(form: ExportForm) -> int:
    """上限: rows of a file."""
    most: int = (
        settings.HUBIN_EXPORT_XLSX_ROWS
        if form == ExportForm.XLSX
        else settings.HUBIN_EXPORT_CSV_ROWS
    )
    return most


def form_of(given: str) -> ExportForm:
    """格式: `Invalid` when it is none of a list."""
    if given not in FORMS:
        raise Invalid(_("请选择导出格式：csv 或 xlsx。"), field="format")
    return ExportForm(given)


def make(listing: Listing, form: ExportForm, *, by: Person, at: datetime) -> Made:
    """导出. Raises TooMany (of this person, of everybody), Unavailable (takes too long)."""
    count("export", settings.HUBIN_EXPORTS_AN_HOUR, by=by, at=at)
    sheet = open_sheet(form, str(listing.what.label), header(listing.columns))
    rows, is_capped = _read(listing, sheet, most_rows(form))
    made = Made(sheet.finish(), listing.what, form, rows, is_capped, at)
    Export.objects.create(
        person=by, what=listing.what, form=form, asked=listing.asked, rows=rows,
        is_capped=is_capped, at=at,
    )  # fmt: skip
    return made


def count(kind: str, most: int, *, by: Person, at: datetime) -> None:
    """计次: one more that leaves the house. Raises TooMany after so many in an hour."""
    allowed = Allowance(kind, most, HOUR)
    if failed(allowed, by.actor_ref, at=at):
        said = _("一小时内最多导出 %(most)s 次，请稍后再导出。") % {"most": most}
        raise TooMany(said, wait=wait(allowed, by.actor_ref, at=at))


def capped_note(most: int) -> str:
    """截断说明: the last line of a file that does not hold everything."""
    return _("只导出了前 %(most)s 行，后面还有；请缩小筛选条件再导出。") % {"most": f"{most:,}"}


def _read(listing: Listing, sheet: Sheet, most: int) -> tuple[int, bool]:
    until = time.monotonic() + settings.HUBIN_EXPORT_SECONDS
    count = 0
    try:
        with snapshot(seconds=settings.HUBIN_EXPORT_SECONDS):
            _take_slot()
            rows = iter(listing.rows())
            for count, row in enumerate(islice(rows, most), 1):
                if count % EVERY == 0 and time.monotonic() > until:
                    raise _too_long()
                sheet.row(row)
            is_capped = (count == most and next(rows, None) is not None) or listing.is_cut()
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise _too_long() from error
        raise
    if is_capped:
        sheet.row([capped_note(count)])
    return count, is_capped


def _take_slot() -> None:
    """Held until the snapshot ends; a process that dies gives it back."""
    with connection.cursor() as cursor:
        for slot in range(settings.HUBIN_EXPORTS_AT_ONCE):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SLOTS, slot])
            if cursor.fetchone() == (True,):
                return
    raise TooMany(_("别人正在导出，请过一分钟再试。"), wait=timedelta(minutes=1))


def _too_long() -> Unavailable:
    return Unavailable(_("内容太多，没能在限定时间内导出；请缩小筛选条件再导出。"))
