"""A finished export goes out: under a Chinese name, to nobody's shared cache."""

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from django.http import StreamingHttpResponse

from common import clock
from tickets.attachments.cleaned import CHUNK
from tickets.exporting.making import Made
from tickets.models.export import ExportForm

TYPES = {
    ExportForm.CSV: "text/csv",
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def answer(made: Made) -> StreamingHttpResponse:
    """发送: with how many rows there are, and whether more were left out."""
    made.file.seek(0, 2)
    size = made.file.tell()
    sent = StreamingHttpResponse(_pieces(made.file), content_type=_type(made.form))
    sent["Content-Length"] = str(size)
    sent["Content-Disposition"] = disposition(
        f"{made.what.label}-{clock.local(made.at):%Y%m%d-%H%M}.{made.form}",
        f"hubin-{made.what.lower()}.{made.form}",
    )
    sent["Hubin-Rows"] = str(made.rows)
    sent["Hubin-Capped"] = "true" if made.is_capped else "false"
    return sent


def disposition(name: str, plain: str) -> str:
    """文件名 (RFC 6266): one that every program reads, and the true one."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _type(form: ExportForm) -> str:
    return f"{TYPES[form]}; charset=utf-8" if form == ExportForm.CSV else TYPES[form]


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece
