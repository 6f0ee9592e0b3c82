"""Does the file outside the database tell the same story as the seals inside?"""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from tickets.proof import sealed
from tickets.proof.facts import Breach
from tickets.proof.sealed import SealFacts


class SealFile:
    """封存文件: `check` first, `check_tail` once everything else has been looked at.

    A seal is appended right after its commit, so the newest may not stand in the file yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tail: list[int] = []
        self._read = 0

    def check(self) -> Iterator[Breach]:
        """Every line is a seal, in its order; a seal between two lines is in the file."""
        table = sealed.rows()
        row = next(table, None)
        prev = ""
        for number, text in self._lines():
            line = _parse(text)
            where = f"{self.path.name}:{number}"
            if line is None:
                yield Breach(where, _("这一行不是封存行，文件被改过"))
                continue
            while row is not None and row.pk < line.pk:
                yield _not_in_file(row.pk)
                row = next(table, None)
            if row is not None and row.pk == line.pk:
                if row != line:
                    yield from _differs(where, line, prev)
                row = next(table, None)
            else:
                yield Breach(where, _("数据库里没有封存 %(pk)s：被删除") % {"pk": line.pk})
                yield from _differs(where, line, prev, is_told=True)
            prev = line.hash
        while row is not None:
            self._tail.append(row.pk)
            row = next(table, None)

    def check_tail(self) -> Iterator[Breach]:
        """The newest seals have been appended by now."""
        late = {line.pk for _n, text in self._lines() if (line := _parse(text)) is not None}
        for pk in self._tail:
            if pk not in late:
                yield _not_in_file(pk)

    def _lines(self) -> Iterator[tuple[int, str]]:
        # a second call goes on where the first stopped
        with self.path.open("rb") as file:
            end = settled(file)
            file.seek(self._read)
            number = 0
            while self._read < end:
                raw = file.readline()
                self._read = file.tell()
                number += 1
                if raw.strip():
                    yield number, raw.decode("utf-8", errors="replace")


def settled(file: BinaryIO) -> int:
    """写定: how long the file is while nobody is appending: no line is read half written."""
    fcntl.flock(file, fcntl.LOCK_SH)
    try:
        return file.seek(0, os.SEEK_END)
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _parse(text: str) -> SealFacts | None:
    try:
        line = json.loads(text)
        return SealFacts(
            pk=int(line["seal"]),
            at=datetime.fromisoformat(line["at"]),
            tickets=int(line["tickets"]),
            heads="\n".join(line["heads"]),
            prev_hash=str(line["prev"]),
            hash=str(line["hash"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _differs(where: str, line: SealFacts, prev: str, *, is_told: bool = False) -> Iterator[Breach]:
    if not is_told:
        yield Breach(where, _("与数据库的封存 %(pk)s 不同：封存被改写") % {"pk": line.pk})
    yield from sealed.check_link(where, line, prev)
    yield from sealed.check_heads(where, line.heads.splitlines())


def _not_in_file(pk: int) -> Breach:
    return Breach(f"seal {pk}", _("封存文件里没有这一封存：文件不全，或封存是后补的"))
