"""重发: by hand, of what has come to its end; a new dedupe key, so that it is taken anew."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Impossible, NotVisible
from notices.announce import deliver_soon
from notices.models import PENDING, Delivery, DeliveryState


def resend(pk: int, *, at: datetime) -> Delivery:
    """重发: it waits as if it were new. Raises NotVisible, Impossible."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(pk=pk).first()
        if row is None:
            raise NotVisible(_("没有编号为 %(id)s 的投递。") % {"id": pk})
        if row.state in PENDING:
            raise Impossible(_("这条投递还会自动发送，不用重发。"))
        if row.state == DeliveryState.DIGESTED:
            said = _("这条投递已并入摘要 %(id)s，请重发那一条。")
            raise Impossible(said % {"id": row.digest_of_id})
        row.state, row.not_before, row.tries = DeliveryState.WAITING, at, 0
        row.sent_at, row.provider_id, row.fault = None, "", ""
        row.resent += 1
        row.dedupe_key = row.made_key()
        row.save()
        deliver_soon()
    return row
