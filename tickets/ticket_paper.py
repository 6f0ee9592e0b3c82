"""工单 as PDF: what it is, its limits and its record, as the reader may read them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.listing import listed, noted
from grids.models import Person
from tickets import dossier, permits, standing, timeline
from tickets.attachments import showing
from tickets.models import Ticket
from tickets.sheet import Sheet, moment
from tickets.standing import Group
from tickets.timeline import Line


def pdf_of(ticket: Ticket, person: Person, *, at: datetime) -> bytes:
    """PDF: never a name or number of a reporter, whoever reads; those are shown one by one."""
    inside = permits.is_inside(person, ticket, at=at)
    sheet = Sheet(_("工单"), ticket.number)
    sheet.facts(_facts(ticket, person, at, inside=inside))
    can_read = Group.WORDS in standing.sees(person, ticket, at=at)
    said = (getattr(ticket, "text", "") or "") if can_read else _("内容限定人员可见")
    sheet.section(_("诉求内容"), said.splitlines())
    sheet.section(_("时限"), list(_limits(ticket, inside=inside)))
    sheet.section(_("流转记录"), [])
    files = showing.by_event(showing.inside(ticket, person, at=at))
    for line in timeline.folded(timeline.lines(ticket, person, at=at, files=files)):
        sheet.entry(f"{moment(line.at)}  {line.title}  {line.who}", _told(line))
    return sheet.finish(printed_by=person.name, at=at)


def _facts(
    ticket: Ticket, person: Person, at: datetime, *, inside: bool
) -> Iterator[tuple[str, Any]]:
    places = (ticket.subdistrict, ticket.community, ticket.division)
    yield _("编号"), ticket.number
    yield _("状态"), ticket.get_state_display()
    yield _("事项类别"), ticket.category or _("未定类别")
    yield _("诉求类型"), ticket.get_nature_display()
    yield _("紧急程度"), ticket.get_urgency_display()
    yield _("来源"), ticket.get_source_display()
    yield _("区划"), " ".join(dict.fromkeys(place.name for place in places if place))
    if ticket.address and Group.WORDS in standing.sees(person, ticket, at=at):
        yield _("地址"), ticket.address
    yield _("上报时间"), moment(ticket.reported_at)
    yield _("承办单位"), ticket.unit or _("尚未派单")
    if inside and ticket.handler:
        yield _("处置人员"), ticket.handler


def _limits(ticket: Ticket, *, inside: bool) -> Iterator[str]:
    for row in dossier.clocks(ticket, inside=inside):
        state = _("超期完成") if row.breached_at and row.ended_at else row.get_state_display()
        due = _("到期 %(when)s") % {"when": moment(row.due_at)}
        yield f"{row.get_promise_display()}  {noted(due, state)}"


def _told(line: Line) -> Iterator[str]:
    yield from line.details
    for name, text in line.words:
        first, *rest = text.splitlines() or [""]
        yield _("%(line)s：%(answer)s") % {"line": name, "answer": first}
        yield from rest
    kinds = Counter(one.label for one in line.files)
    if kinds:
        told = listed(noted(name, count) for name, count in kinds.items())
        yield _("附件：%(files)s") % {"files": told}
