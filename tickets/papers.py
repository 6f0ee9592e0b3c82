"""督办单 as PDF: one sheet to print, sign and file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.listing import noted
from tickets.sheet import Sheet, moment
from tickets.supervisions import Paper, words_of
from tickets.timeline import Line


def pdf_of(paper: Paper, *, printed_by: str, at: datetime) -> bytes:
    """PDF: the facts in a table, then demand, answers and lifting in words of any length."""
    sheet = Sheet(_("督办单"), paper.ticket.number)
    sheet.facts(_facts(paper))
    for name, lines in _sections(paper):
        sheet.section(name, lines)
    return sheet.finish(printed_by=printed_by, at=at)


def _facts(paper: Paper) -> Iterator[tuple[str, Any]]:
    ticket, row = paper.ticket, paper.supervision
    yield _("编号"), ticket.number
    yield _("事项类别"), ticket.category or _("未定类别")
    yield _("紧急程度"), ticket.get_urgency_display()
    yield _("承办单位"), ticket.unit or _("尚未派单")
    yield _("督办人"), row.opened_by
    yield _("督办时间"), moment(row.opened_at)
    yield _("反馈期限"), moment(row.due_at)
    yield _("状态"), row.get_state_display()


def _sections(paper: Paper) -> Iterator[tuple[str, list[str]]]:
    yield _("督办要求"), paper.demand.splitlines()
    told = [text for line in paper.answers for text in _told(line, paper)]
    yield _("督办反馈"), told or [_("尚未反馈。")]
    yield _("销号"), _told(paper.lifted, paper) if paper.lifted else [_("尚未销号。")]


def _told(line: Line, paper: Paper) -> list[str]:
    when = moment(line.at)
    is_late = line.verb == "answer_supervision" and line.at > paper.supervision.due_at
    by = f"{line.who} {noted(when, _('超期反馈')) if is_late else when}"
    return [*words_of(line).splitlines(), by]
