"""工单 as PDF: what it is, its limits and its record, as the reader may read them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.listing import listed, noted
from grids.models import Person
from tickets import dossier, permits, standing, timeline
from tickets.attachments import showing
from tickets.attachments.serving import thumb_of
from tickets.attachments.showing import Shown
from tickets.models import CheckIn, Ticket
from tickets.sheet import Sheet, moment
from tickets.standing import Group
from tickets.timeline import Line
from tickets.words import FileKind

MOST = 6
FIRST = [FileKind.AFTER, FileKind.BEFORE, FileKind.NEAR, FileKind.FAR, FileKind.REFERENCE]
"""Which photos are printed where there are more: what was done, then what it was about."""


def pdf_of(ticket: Ticket, person: Person, *, at: datetime) -> bytes:
    """PDF: never a name or number of a reporter, whoever reads; those are shown one by one."""
    inside = permits.is_inside(person, ticket, at=at)
    sheet = Sheet(_("工单"), ticket.number)
    sheet.facts(_facts(ticket, person, at, inside=inside))
    groups = standing.sees(person, ticket, at=at)
    can_read = Group.WORDS in groups
    said = (getattr(ticket, "text", "") or "") if can_read else _("内容限定人员可见")
    sheet.section(_("诉求内容"), said.splitlines())
    sheet.section(_("时限"), list(_limits(ticket, inside=inside)))
    if inside and can_read and (visits := dossier.visits(ticket)):
        sheet.section(_("到访打卡"), [_visit(row) for row in visits])
    files = showing.inside(ticket, person, at=at)
    if inside and Group.PHOTOS not in groups and ticket.attachments.exists():
        sheet.section(_("照片"), [_("内容限定人员可见")])
    _put_photos(sheet, files)
    sheet.section(_("流转记录"), [])
    told = timeline.lines(ticket, person, at=at, files=showing.by_event(files))
    for line in timeline.folded(told):
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


def _visit(row: CheckIn) -> str:
    told = [str(row.point), moment(row.visited_at), str(row.person), row.get_way_display()]
    if row.metres is not None:
        told.append(_("%(m)s 米") % {"m": row.metres})
    if row.accuracy_m is not None:
        told.append(f"±{row.accuracy_m} m")
    return "  ".join(told)


def _put_photos(sheet: Sheet, files: Sequence[Shown]) -> None:
    """照片: small copies, which say nothing of where and by what they were taken."""
    photos = [one for one in files if one.row.is_photo]
    if not photos:
        return
    first = sorted(photos, key=lambda one: FIRST.index(FileKind(one.row.kind)))[:MOST]
    shown = sorted(first, key=lambda one: one.row.pk)
    more = ""
    if len(photos) > MOST:
        more = _("另有 %(n)s 张照片没有印出，请在系统里查看。") % {"n": len(photos) - MOST}
    sheet.pictures(_("照片"), [(thumb_of(one.row), _caption(one)) for one in shown], more)


def _caption(one: Shown) -> str:
    row = one.row
    gone = _("已按规定脱敏") if row.is_erased else ""
    return noted(f"{one.label} {moment(row.at)}", gone) if gone else f"{one.label} {moment(row.at)}"


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
