"""The record, to read only: masks, codes and ids; never words, contacts or addresses.

A superuser is no standing (DESIGN §2 law 4): what is sensitive or about the asker stays hidden
unless a post shows it, and what personal data there is appears masked.
"""

import json
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin import ListedLookups
from grids.models import Person
from tickets.models import (
    Approval,
    Assist,
    Clock,
    Event,
    Export,
    Participation,
    PhoneLookup,
    Rating,
    Reveal,
    Seal,
    Supervision,
    Ticket,
    TicketLink,
)
from tickets.tallies import CAP

HIDDEN_DATA = (
    "about_unit_id", "about_person_id", "reporter_id", "reporter_person_id", "reported_by_id",
)  # fmt: skip


class CappedPaginator(Paginator):
    """封顶翻页: nobody turns the thousandth page, and counting millions costs seconds."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.order_by().values_list("pk")[:CAP])


def tickets_for(person: Person, at: datetime) -> QuerySet[Ticket]:
    """后台可见的工单: those of one's posts; a superuser also all that is not sensitive."""
    visible = Ticket.objects.visible_to(person, at)
    if not person.is_superuser:
        return visible
    units = [post.unit_id for post in person.posts_at(at) if post.unit_id]
    plain = Q(is_sensitive=False) & ~Q(about_unit__in=units) & ~Q(about_person=person)
    return Ticket.objects.filter(Q(pk__in=visible) | plain)


class RecordAdmin(ListedLookups):
    """只读: nothing is added, changed or deleted here."""

    show_full_result_count = False
    paginator = CappedPaginator
    ticket_path = "ticket"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        person = request.user
        assert isinstance(person, Person)
        rows = super().get_queryset(request)
        return rows.filter(**{f"{self.ticket_path}__in": tickets_for(person, clock.now())})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Ticket)
class TicketAdmin(RecordAdmin):
    ticket_path = "pk"
    list_display = ("number", "state", "turn", "category", "urgency", "unit", "handler", "due_at")
    list_filter = ("state", "turn", "urgency", "nature", "source", "origin", "is_historic")
    list_select_related = ("category", "unit", "handler")
    search_fields = ("number",)
    exclude = (
        "address", "lat", "lng", "building", "reporter", "reporter_person", "reported_by",
        "about_unit", "about_person",
    )  # fmt: skip
    readonly_fields = ("masked_reporter", "staff")

    @admin.display(description=_("诉求人"))
    def masked_reporter(self, ticket: Ticket) -> str:
        """王* 138****8000; the clear text is shown on the ticket's page only, with a reason."""
        reporter = ticket.reporter
        if reporter is None:
            return "—"
        return f"{reporter.masked_name} {reporter.masked_phone}".strip() or "—"

    @admin.display(description=_("上报人员"))
    def staff(self, ticket: Ticket) -> str:
        """Who wrote it down for others; an account that reports for itself is the asker."""
        is_own = ticket.reported_by_id == ticket.reporter_person_id
        return "—" if is_own else str(ticket.reported_by or "—")


@admin.register(Event)
class EventAdmin(RecordAdmin):
    list_display = (
        "ticket", "seq", "verb", "actor", "at", "from_state", "to_state", "announced_at",
    )  # fmt: skip
    list_filter = ("verb", "to_state")
    list_select_related = ("ticket",)
    search_fields = ("ticket__number",)
    ordering = ("-id",)
    exclude = ("data", "by")
    readonly_fields = ("actor", "facts")

    @admin.display(description=_("操作者"))
    def actor(self, event: Event) -> str:
        """Their code, unless it is the asker's own account."""
        is_own = event.by == f"person:{event.ticket.reporter_person_id}"
        return str(_("诉求人")) if is_own else event.by

    @admin.display(description=_("数据"))
    def facts(self, event: Event) -> str:
        """Codes and ids, without whom the matter is about and who asked."""
        data = {
            key: {k: v for k, v in value.items() if k not in HIDDEN_DATA}
            if isinstance(value, dict)
            else value
            for key, value in event.data.items()
        }
        return json.dumps(data, ensure_ascii=False, sort_keys=True)


@admin.register(Clock)
class ClockAdmin(RecordAdmin):
    list_display = ("ticket", "promise", "scope", "state", "started_at", "due_at", "breached_at")
    list_filter = ("promise", "state", ("breached_at", admin.EmptyFieldListFilter))
    list_select_related = ("ticket",)
    search_fields = ("ticket__number",)
    ordering = ("-id",)


@admin.register(Approval)
class ApprovalAdmin(RecordAdmin):
    list_display = ("ticket", "kind", "state", "asked_by", "asked_at", "decider", "due_at")
    list_filter = ("kind", "state", "level")
    list_select_related = ("ticket", "asked_by", "decider")
    search_fields = ("ticket__number",)


@admin.register(Assist)
class AssistAdmin(RecordAdmin):
    list_display = ("ticket", "unit", "state", "asked_at", "due_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("ticket", "unit")
    search_fields = ("ticket__number", "unit__name")


@admin.register(Supervision)
class SupervisionAdmin(RecordAdmin):
    list_display = ("ticket", "state", "opened_by", "opened_at", "due_at", "lifted_at")
    list_filter = ("state",)
    list_select_related = ("ticket", "opened_by")
    search_fields = ("ticket__number",)


@admin.register(Participation)
class ParticipationAdmin(RecordAdmin):
    list_display = ("ticket", "role", "unit", "person", "started_at", "ended_at")
    list_filter = ("role",)
    list_select_related = ("ticket", "unit", "person")
    search_fields = ("ticket__number", "unit__name")


@admin.register(Rating)
class RatingAdmin(RecordAdmin):
    list_display = ("ticket", "cycle", "stars", "is_solved", "wants_call", "is_by_phone", "at")
    list_filter = ("stars", "is_solved", "wants_call")
    list_select_related = ("ticket",)
    search_fields = ("ticket__number",)
    exclude = ("follower",)


@admin.register(TicketLink)
class TicketLinkAdmin(RecordAdmin):
    list_display = ("ticket", "other", "is_split")
    list_select_related = ("ticket", "other")
    search_fields = ("ticket__number", "other__number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Both ends have to be visible."""
        person = request.user
        assert isinstance(person, Person)
        return super().get_queryset(request).filter(other__in=tickets_for(person, clock.now()))


@admin.register(Reveal)
class RevealAdmin(RecordAdmin):
    list_display = ("ticket", "person", "reason", "at")
    list_select_related = ("ticket", "person")
    search_fields = ("ticket__number", "person__name")


@admin.register(PhoneLookup)
class PhoneLookupAdmin(RecordAdmin):
    list_display = ("person", "reason", "found", "at")
    list_select_related = ("person",)
    search_fields = ("person__name",)
    exclude = ("phone_hash",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Who looked and why; of no single ticket."""
        return admin.ModelAdmin.get_queryset(self, request)


@admin.register(Export)
class ExportAdmin(RecordAdmin):
    list_display = ("person", "what", "form", "rows", "is_capped", "at")
    list_filter = ("what", "form")
    list_select_related = ("person",)
    search_fields = ("person__name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Who took what out; of no single ticket."""
        return admin.ModelAdmin.get_queryset(self, request)


@admin.register(Seal)
class SealAdmin(RecordAdmin):
    list_display = ("id", "at", "ticket_count", "hash")
    exclude = ("heads",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Hashes of the whole; they tell nothing of a single ticket."""
        return admin.ModelAdmin.get_queryset(self, request)
