"""Celery tasks of what knows no domain."""

from celery import shared_task

from common import clock, idempotency


@shared_task
def forget() -> None:
    """清理: idempotency keys past their seven days."""
    idempotency.forget(at=clock.now())
