"""Columns that stand in many tables alike: whose ticket it is, and who did it."""

from typing import TYPE_CHECKING

from django.db.models import PROTECT, ForeignKey
from django.utils.translation import gettext_lazy as _

from grids.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

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
