"""有报必接, with one's own eyes: photos, recordings and papers beside the record."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Invalid
from tickets.actions import _evidence
from tickets.actions._move import hand
from tickets.attachments import Prepared
from tickets.attachments.storing import kept
from tickets.models import Ticket


def attach(
    ticket: Ticket, *, by: Actor, at: datetime, seen: int | None = None, files: Sequence[Prepared],
    observed_at: datetime | None = None,
) -> Ticket:  # fmt: skip
    """附件: photos, sound, film or papers (`attachments.take`); changes nothing else."""
    if not files:
        raise Invalid(_("请选择要传的文件。"), field="files")
    with (
        kept(files, ticket, by=by, at=at) as written,
        hand(ticket, "attach", by=by, at=at, seen=seen) as h,
    ):
        h.observed(observed_at)
        _evidence.check_room(h.ticket, files)
        h.attach(written)
    return ticket
