"""The file of rejected rows: line, reason, and the row as it came."""

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from django.utils.translation import gettext as _

from common.errors import Invalid
from tickets.importing.table import Row

LINE, REASON = "line", "reason"


class Rejects:
    """退回: written only when there is something to write, readable by its owner only.

    Cells stand unaltered under their own headers, so that a corrected file can be imported.
    """

    def __init__(self, path: Path, *, source: Path) -> None:
        if path.resolve() == source.resolve():
            raise Invalid(_("退回文件不能就是来源文件，请换一个名字。"), field="rejects")
        if path.is_dir() or not os.access(path.parent, os.W_OK):
            raise Invalid(
                _("写不了退回文件 %(file)s，请用 --rejects 指定一个可以写的位置。")
                % {"file": path},
                field="rejects",
            )
        self.path = path
        self.count = 0
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._file is not None:
            self._file.close()

    def add(self, row: Row, header: list[str], reason: str) -> None:
        """退回一行."""
        if self._writer is None:
            self._begin(header)
        self._writer.writerow([row.line, reason, *row.raw])
        self.count += 1

    def _begin(self, header: list[str]) -> None:
        # the rows may name people
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(handle, 0o600)  # also where one from before is written over
        self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([LINE, REASON, *header])
