"""Incidents told to a person: what it is, and the ticket, unit or place where one is meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grids.models import Division, Person, Unit
from notices.deliver import TROUBLE, UNDELIVERED
from notices.models import Incident
from tickets import boards, replies
from tickets.forms.fields import NUMBER
from tickets.models import Event, Ticket
from tickets.sweeps.moving import UNMANNED

BY_LAST = boards.Order("last_at", is_descending=True)
SWEEP = "sweep:"
ANNOUNCE = "sweep:announce"
TITLES = {
    UNMANNED: gettext_lazy("无人在岗"),
    "deadline": gettext_lazy("时限对不上"),
    "stuck": gettext_lazy("停滞不前"),
    "sms": gettext_lazy("短信网关出错"),
    TROUBLE: gettext_lazy("渠道发不出去"),
    UNDELIVERED: gettext_lazy("投递放弃"),
    replies.KIND: gettext_lazy("短信回复没有计入评价"),
}
SWEPT = {
    "route": pgettext_lazy("sweep", "派单"),
    "resume": pgettext_lazy("sweep", "恢复"),
    "pass": pgettext_lazy("sweep", "免核查"),
    "close": pgettext_lazy("sweep", "结案"),
    "announce": pgettext_lazy("sweep", "告知"),
    "timers": pgettext_lazy("sweep", "提醒和预警"),
    "recompute": pgettext_lazy("sweep", "重算时限"),
    "reconcile": pgettext_lazy("sweep", "核对时限"),
    "deliver": pgettext_lazy("sweep", "投递"),
    "approvals": pgettext_lazy("sweep", "审批上报"),
    "inquiries": pgettext_lazy("sweep", "询问到期"),
    "turns": pgettext_lazy("sweep", "核查转办"),
    "supervisions": pgettext_lazy("sweep", "督办催促"),
    "erase": pgettext_lazy("sweep", "脱敏"),
}


@dataclass(frozen=True)
class Shown:
    """一个异常: `number` is the ticket's where this person may see it; `subject` its name."""

    incident: Incident
    title: str
    subject: str
    detail: str
    number: str = ""


def told(person: Person, rows: Sequence[Incident], *, at: datetime) -> list[Shown]:
    """异常: in the given order; the same number of statements however many."""
    numbers = _numbers(rows)
    visible = Ticket.objects.visible_to(person, at).filter(number__in=set(numbers.values()))
    may_open = set(visible.values_list("number", flat=True))
    names = _names(rows)
    return [
        Shown(
            row, title_of(row.kind),
            numbers.get(row.pk, "") or names.get(row.subject, row.subject),
            _detail(row),
            number if (number := numbers.get(row.pk, "")) in may_open else "",
        )
        for row in rows
    ]  # fmt: skip


def _detail(row: Incident) -> str:
    if row.kind == replies.KIND:
        return str(replies.SAID.get(row.detail, row.detail))
    return _("无人在岗，轮到的工单已升交上一级。") if row.kind == UNMANNED else row.detail


def title_of(kind: str) -> str:
    """类别: in words; one that is not known stands as it is."""
    name = kind.removeprefix(SWEEP)
    if name != kind:
        return _("没有做成：%(what)s") % {"what": SWEPT.get(name, name)}
    return str(TITLES.get(kind, kind))


def _numbers(rows: Sequence[Incident]) -> dict[int, str]:
    """Of which ticket each is, by the incident's id: its subject is the number, or an event."""
    events = {row.pk: int(row.subject) for row in rows if row.kind == ANNOUNCE}
    known = Event.objects.filter(pk__in=events.values()).values_list("pk", "ticket__number")
    of_event = dict(known) if events else {}
    named = {row.pk: row.subject for row in rows if NUMBER.fullmatch(row.subject)}
    return named | {pk: of_event[event] for pk, event in events.items() if event in of_event}


def _names(rows: Sequence[Incident]) -> dict[str, str]:
    """Of units and places that have nobody."""
    codes = {row.subject for row in rows if row.kind == UNMANNED}
    if not codes:
        return {}
    places = Division.objects.filter(code__in=codes).values_list("code", "name")
    units = Unit.objects.filter(code__in=codes).values_list("code", "name")
    return {code: f"{name} {code}" for code, name in [*places, *units]}
