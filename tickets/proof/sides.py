"""What stands beside a ticket: requests, helpers, followers, merged reports, participations."""

from datetime import date

from django.db.models import Count, Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tickets.models import Approval, Assist, Clock, Follower, Participation, Ticket
from tickets.models.approval import ApprovalState
from tickets.models.assist import AssistState
from tickets.models.parties import ParticipationRole
from tickets.states import State
from tickets.words import Origin

NO_LEAD = (State.MERGED, State.WITHDRAWN, State.VOIDED, State.DECLINED)


def request(day: date) -> QuerySet[Ticket]:
    """有待批."""
    pending = Approval.objects.filter(ticket=OuterRef("pk"), state=ApprovalState.PENDING)
    return Ticket.objects.filter(
        Q(has_request=True) & ~Exists(pending) | Q(has_request=False) & Exists(pending)
    )


def assists(day: date) -> QuerySet[Ticket]:
    """未结协办."""
    return _miscounted("open_assists", Assist, state=AssistState.OPEN)


def assist_clock(day: date) -> QuerySet[Ticket]:
    """协办: each open one has its clock."""
    ticking = Clock.objects.filter(assist=OuterRef("pk"), ended_at=None)
    waiting = Assist.objects.filter(ticket=OuterRef("pk"), state=AssistState.OPEN)
    return Ticket.objects.filter(Exists(waiting.filter(~Exists(ticking))))


def followers(day: date) -> QuerySet[Ticket]:
    """关注数."""
    return _miscounted("followers_count", Follower, ended_at=None)


def merged(day: date) -> QuerySet[Ticket]:
    """并单: one level, into a ticket that goes on or was carried through."""
    return Ticket.objects.filter(state=State.MERGED, merged_into__state__in=NO_LEAD)


def merged_reporter(day: date) -> QuerySet[Ticket]:
    """并单: its reporter follows the lead and is answered with it."""
    follows = Follower.objects.filter(
        merged=OuterRef("pk"), ticket=OuterRef("merged_into"), ended_at=None
    )
    return Ticket.objects.filter(~Exists(follows), state=State.MERGED, origin=Origin.RESIDENT)


def lead_part(day: date) -> QuerySet[Ticket]:
    """主办: exactly the present unit takes part."""
    taking = _taking(ParticipationRole.LEAD)
    mine = taking.filter(unit=OuterRef("unit"))
    return Ticket.objects.filter(
        Q(unit__isnull=False) & ~Exists(mine) | Q(Exists(_others(taking, "unit")))
    )


def handler_part(day: date) -> QuerySet[Ticket]:
    """处置: exactly the present handler, for the present unit."""
    taking = _taking(ParticipationRole.HANDLER)
    mine = taking.filter(unit=OuterRef("unit"), person=OuterRef("handler"))
    others = Exists(_others(taking, "unit")) | Exists(_others(taking, "person", "handler"))
    named = Q(unit__isnull=False, handler__isnull=False)
    return Ticket.objects.filter(named & ~Exists(mine) | others)


def assist_part(day: date) -> QuerySet[Ticket]:
    """协办: exactly the units that are still asked."""
    waiting = Assist.objects.filter(ticket=OuterRef("ticket"), state=AssistState.OPEN)
    idle = _taking(ParticipationRole.ASSIST).filter(~Exists(waiting.filter(unit=OuterRef("unit"))))
    joined = Participation.objects.filter(
        ticket=OuterRef("ticket"), unit=OuterRef("unit"), role=ParticipationRole.ASSIST,
        ended_at=None,
    )  # fmt: skip
    left_out = Assist.objects.filter(ticket=OuterRef("pk"), state=AssistState.OPEN)
    return Ticket.objects.filter(Q(Exists(idle)) | Q(Exists(left_out.filter(~Exists(joined)))))


def _taking(role: str) -> QuerySet[Participation]:
    return Participation.objects.filter(ticket=OuterRef("pk"), role=role, ended_at=None)


def _others(
    taking: QuerySet[Participation], column: str, of_ticket: str = ""
) -> QuerySet[Participation]:
    wanted = Coalesce(OuterRef(f"{of_ticket or column}_id"), 0)
    return taking.exclude(**{f"{column}_id": wanted})


def _miscounted(column: str, model: type[Model], **where: object) -> QuerySet[Ticket]:
    rows = model._default_manager.filter(ticket=OuterRef("pk"), **where).order_by()
    count = Subquery(
        rows.values("ticket").annotate(found=Count("pk")).values("found"),
        output_field=IntegerField(),
    )
    return Ticket.objects.annotate(found=Coalesce(count, 0)).filter(~Q(**{column: F("found")}))


RULES = (
    (_("待批标记与未决的审批不符"), request),
    (_("未结协办数与协办记录不符"), assists),
    (_("未结协办没有时限"), assist_clock),
    (_("关注数与关注人不符"), followers),
    (_("并入的工单又被并走，或没有办下去"), merged),
    (_("并入后诉求人没有成为关注人"), merged_reporter),
    (_("主办单位的参与记录不符"), lead_part),
    (_("处置人员的参与记录不符"), handler_part),
    (_("协办单位的参与记录不符"), assist_part),
)
