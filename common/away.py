"""Troubles that say nothing of the row in hand: the database is away, or a task's time is up."""

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

AWAY = (InterfaceError, OperationalError, SoftTimeLimitExceeded)
