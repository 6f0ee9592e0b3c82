"""The times of a table's cells, as its profile says they are written."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from common.errors import Invalid
from tickets.importing.profile import Times


def moment(cell: str, column: str, times: Times) -> datetime | None:
    """时间: in UTC; None for an empty cell, `Invalid` for what is no time."""
    if not cell:
        return None
    try:
        if times.format == "iso":
            found = datetime.fromisoformat(cell)
        else:
            found = datetime.strptime(cell, times.format)
        if found.tzinfo is None:
            found = found.replace(tzinfo=times.zone)
        if found.utcoffset() is None:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(
            _("列 %(column)s 的“%(cell)s”不是 %(format)s 格式的时间。")
            % {"column": column, "cell": cell[:40], "format": times.format}
        ) from None
