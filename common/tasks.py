"""Celery tasks of what knows no domain."""

from celery import shared_task
from django.contrib.sessions.models import Session

from common import clock, idempotency


@shared_task
def forget() -> None:
    """清理: idempotency keys past their fifteen days, logins that ended."""
    at = clock.now()
    idempotency.forget(at=at)
    Session.objects.filter(expire_date__lt=at).delete()
