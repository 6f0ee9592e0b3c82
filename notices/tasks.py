"""Celery tasks: pokes only (DESIGN §2 law 6)."""

from celery import shared_task

from common import clock
from notices import codes


@shared_task
def send_codes() -> None:
    """发送验证码: right after one was asked for; the sweep does what this one misses."""
    codes.sweep(at=clock.now())
