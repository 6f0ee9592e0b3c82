"""Clocks, due dates and answers: what an open ticket owes, and what an ended one gave."""

from datetime import date

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tickets.deadlines import NEW_CYCLE
from tickets.models import Clock, Event, Ticket, Timer, Words
from tickets.models.clock import ClockState, Scope
from tickets.models.timer import TimerState
from tickets.states import STATE_CLOCK, State
from tickets.words import Origin, Promise, WordsKind

ANSWERS = ("answer", "reply")
CLOCKS = {State.HANDLING: Promise.RESOLVE, **STATE_CLOCK}


def clock(day: date) -> QuerySet[Ticket]:
    """The promise of the state is running."""
    wanted = Case(*(When(state=state, then=Value(p)) for state, p in CLOCKS.items()))
    ticking = _running().filter(promise=OuterRef("wanted"))
    return Ticket.objects.open().annotate(wanted=wanted).filter(~Exists(ticking))


def due(day: date) -> QuerySet[Ticket]:
    """到期 is the earliest of the running lead clocks."""
    first = _running().order_by().values("ticket").annotate(first=Min("due_at")).values("first")
    tickets = Ticket.objects.open().annotate(first=Subquery(first))
    return tickets.filter(Q(first=None) | ~Q(due_at=F("first")))


def ended_clock(day: date) -> QuerySet[Ticket]:
    """Ended: nothing runs any more."""
    return Ticket.objects.filter(Exists(_unended()), ended_at__isnull=False)


def stray_clock(day: date) -> QuerySet[Ticket]:
    """Open: nothing runs on from an earlier cycle."""
    return Ticket.objects.open().filter(Exists(_unended().exclude(cycle=OuterRef("cycle"))))


def timer(day: date) -> QuerySet[Ticket]:
    """Every running clock has its armed timer, of its own generation; no other clock has one."""
    armed = Timer.objects.filter(clock=OuterRef("pk"), state=TimerState.ARMED)
    own = armed.filter(generation=OuterRef("generation"), due_at=OuterRef("next_at"))
    runs = Q(state=ClockState.RUNNING)
    stray = Clock.objects.filter(runs & ~Exists(own) | ~runs & Exists(armed))
    return Ticket.objects.filter(pk__in=stray.values("ticket"))


def resume(day: date) -> QuerySet[Ticket]:
    """挂账: with the day it comes back."""
    return Ticket.objects.filter(state=State.SUSPENDED, resume_at=None)


def verified(day: date) -> QuerySet[Ticket]:
    """待答复: somebody is to be answered, else it would be closed."""
    nobody = ~Q(origin=Origin.RESIDENT) & Q(followers_count=0)
    return Ticket.objects.filter(nobody, state=State.VERIFIED)


def replied(day: date) -> QuerySet[Ticket]:
    """待评价: an answer stands in this cycle, or stood there until it was erased."""
    return _without_answer(Ticket.objects.filter(state=State.REPLIED))


def closed(day: date) -> QuerySet[Ticket]:
    """结案: no resident's report without an answer in its cycle; upheld ones were answered too."""
    owed = Ticket.objects.filter(state=State.CLOSED, origin=Origin.RESIDENT, is_historic=False)
    return _without_answer(owed)


def declined(day: date) -> QuerySet[Ticket]:
    """不予受理: answered in any case."""
    return _without_answer(Ticket.objects.filter(state=State.DECLINED), ("decline",))


def _without_answer(
    tickets: QuerySet[Ticket], verbs: tuple[str, ...] = ANSWERS
) -> QuerySet[Ticket]:
    begun = Event.objects.filter(ticket=OuterRef("pk"), verb__in=NEW_CYCLE).order_by("-seq")
    first = Coalesce(Subquery(begun.values("seq")[:1]), 0, output_field=IntegerField())
    answers = Words.objects.filter(
        ticket=OuterRef("pk"), kind=WordsKind.ANSWER, event__verb__in=verbs,
        event__seq__gt=OuterRef("begun"),
    )  # fmt: skip
    return tickets.annotate(begun=first).filter(~Exists(answers))


def _running() -> QuerySet[Clock]:
    return Clock.objects.filter(
        ticket=OuterRef("pk"), cycle=OuterRef("cycle"), scope=Scope.LEAD, state=ClockState.RUNNING
    )


def _unended() -> QuerySet[Clock]:
    return Clock.objects.filter(ticket=OuterRef("pk"), ended_at=None)


RULES = (
    (_("本状态的时限没有在计时"), clock),
    (_("到期时间不是在计时的主办时限中最早的"), due),
    (_("已结束的工单还有未结束的时限"), ended_clock),
    (_("上一轮的时限还没有结束"), stray_clock),
    (_("时限在计时而没有待发的定时，或相反"), timer),
    (_("挂账而没有恢复时间"), resume),
    (_("已核查而没有要答复的人，却没有结案"), verified),
    (_("待评价而本轮没有答复"), replied),
    (_("诉求人的工单结案而本轮没有答复"), closed),
    (_("不予受理而没有答复"), declined),
)
