"""发送验证码: rows that wait are leased one by one and handed to the gateway (DESIGN §5).

At least once: who dies in between leaves a lease that runs out. A gateway that does not answer
ends the round, so that it never holds up a worker for longer than one time-out.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from grids.login import phone
from grids.models import PhoneCode
from notices.channels.messages import NotSent
from notices.channels.sms import Sms, channel
from notices.incidents import end_incident, raise_incident

log = logging.getLogger(__name__)
ROUND = 20  # messages at a time
LEASE = timedelta(minutes=2)  # longer than a round may take
AGAIN = timedelta(seconds=20)
MOST_SENDS = 3
MINUTES = str(int(phone.VALID.total_seconds() // 60))
INCIDENT = ("sms", "gateway")


def sweep(*, at: datetime) -> int:
    """发送: all that waits; returns how many the gateway took. Safe twice at once."""
    phone.forget(at=at)
    gateway = channel()
    if gateway is None:
        return 0
    done = 0
    for _turn in range(ROUND):
        row = _lease(at)
        if row is None:
            break
        try:
            _send(gateway, row, at)
            done += 1
        except NotSent as failed:
            _note(row, failed, at)
            if not (failed.is_final or failed.is_addressees):
                break
    return done


def _lease(at: datetime) -> PhoneCode | None:
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    waiting = PhoneCode.objects.filter(
        free, sent_at=None, fault="", used_at=None, expires_at__gt=at, sends__lt=MOST_SENDS
    )
    with transaction.atomic():
        row = waiting.order_by("asked_at").select_for_update(skip_locked=True).first()
        if row is not None:
            row.leased_until, row.sends = at + LEASE, row.sends + 1
            row.save(update_fields=["leased_until", "sends"])
    return row


def _send(gateway: Sms, row: PhoneCode, at: datetime) -> None:
    template = settings.HUBIN_SMS_LOGIN_TEMPLATE
    gateway.send(row.number or "", template, [row.code or "", MINUTES], ref=f"code-{row.pk}", at=at)
    PhoneCode.objects.filter(pk=row.pk).update(sent_at=at, code=None)
    end_incident(*INCIDENT, at=at)


def _note(row: PhoneCode, failed: NotSent, at: datetime) -> None:
    """A number's own trouble is nobody's incident; a gateway's is, at once where no retry helps."""
    log.warning("sms: code %s not sent: %s", row.pk, failed.code)
    if failed.is_final:
        PhoneCode.objects.filter(pk=row.pk).update(fault=failed.code, code=None)
    else:
        PhoneCode.objects.filter(pk=row.pk).update(leased_until=at + AGAIN)
    if not failed.is_addressees:
        nth = 1 if failed.is_final else MOST_SENDS
        raise_incident(*INCIDENT, detail=failed.code, at=at, nth=nth)
