"""Columns that stand in many tables alike: whose ticket it is, and who did it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import PROTECT, DateTimeField, FloatField, ForeignKey
from django.utils.translation import gettext_lazy as _

from grids.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from .event import Event
    from .ticket import Ticket

TICKET = _("工单")


def to_ticket(
    related_name: str, help_text: "StrOrPromise", *, verbose_name: "StrOrPromise" = TICKET
) -> "ForeignKey[Ticket, Ticket]":
    """工单: what the row belongs to; a ticket is never deleted."""
    return ForeignKey(
        "tickets.Ticket", PROTECT, related_name=related_name, verbose_name=verbose_name,
        help_text=help_text,
    )  # fmt: skip


def to_event(related_name: str, help_text: "StrOrPromise") -> "ForeignKey[Event, Event]":
    """记录: the event that the row stands beside."""
    return ForeignKey(
        "tickets.Event", PROTECT, related_name=related_name, verbose_name=_("记录"),
        help_text=help_text,
    )  # fmt: skip


def degrees(
    verbose_name: "StrOrPromise", help_text: "StrOrPromise"
) -> "FloatField[float | None, float | None]":
    """度: a latitude or longitude, where one is known."""
    return FloatField(verbose_name, null=True, blank=True, help_text=help_text)


def moment(
    verbose_name: "StrOrPromise", help_text: "StrOrPromise"
) -> "DateTimeField[datetime | None, datetime | None]":
    """时刻: a moment that may not have come."""
    return DateTimeField(verbose_name, null=True, blank=True, help_text=help_text)


def to_person(
    verbose_name: "StrOrPromise", help_text: "StrOrPromise"
) -> "ForeignKey[Person, Person]":
    """人员: who did it; a person is never deleted."""
    return ForeignKey(
        Person, PROTECT, related_name="+", verbose_name=verbose_name, help_text=help_text
    )


def to_somebody(
    verbose_name: "StrOrPromise", help_text: "StrOrPromise", *, related_name: str = "+"
) -> "ForeignKey[Person | None, Person | None]":
    """人员: the same, where it may be nobody or is not known yet."""
    return ForeignKey(
        Person, PROTECT, null=True, blank=True, related_name=related_name,
        verbose_name=verbose_name, help_text=help_text,
    )  # fmt: skip
