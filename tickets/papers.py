"""督办单 as PDF: one sheet to print, sign and file."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from html import escape
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from common import clock
from common.listing import noted
from tickets.attachments.watermark import FONT
from tickets.supervisions import Paper, words_of
from tickets.timeline import Line

FACE = "HubinSans"
MARGIN = 20 * mm
LABEL_WIDTH = 32 * mm
INK, SOFT, RULE = colors.HexColor("#1b2733"), colors.HexColor("#52616f"), colors.HexColor("#9aa7b3")


def pdf_of(paper: Paper, *, printed_by: str, at: datetime) -> bytes:
    """PDF: the facts in a table, then demand, answers and lifting in words of any length."""
    face, out = _face(), BytesIO()
    plain = ParagraphStyle("plain", fontName=face, fontSize=11, leading=18, wordWrap="CJK")
    plain.textColor = INK
    title = ParagraphStyle("title", plain, fontSize=20, leading=30, alignment=TA_CENTER)
    head = ParagraphStyle("head", plain, fontSize=12.5, leading=20, spaceBefore=10, spaceAfter=2)
    foot = ParagraphStyle("foot", plain, fontSize=8.5, leading=13, textColor=SOFT)
    parts: list[Any] = [Paragraph(_("督办单"), title), Spacer(1, 4 * mm), _table(paper, plain)]
    for name, lines in _sections(paper):
        parts += [Paragraph(escape(name), head), *(Paragraph(escape(one), plain) for one in lines)]
    parts += [Spacer(1, 8 * mm), Paragraph(escape(_footer(printed_by, at)), foot)]
    sheet = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=MARGIN, title=f"{_('督办单')} {paper.ticket.number}", author="Hubin",
        lang="zh-CN", invariant=1,
    )  # fmt: skip
    sheet.build(parts)
    return out.getvalue()


@cache
def _face() -> str:
    pdfmetrics.registerFont(TTFont(FACE, str(FONT)))
    return FACE


def _table(paper: Paper, style: ParagraphStyle) -> Table:
    label = ParagraphStyle("label", style, textColor=SOFT)
    rows = [
        [Paragraph(escape(str(name)), label), Paragraph(escape(str(value)), style)]
        for name, value in _facts(paper)
    ]
    width = A4[0] - 2 * MARGIN
    ruled = TableStyle([("GRID", (0, 0), (-1, -1), 0.6, RULE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(rows, colWidths=[LABEL_WIDTH, width - LABEL_WIDTH], style=ruled)


def _facts(paper: Paper) -> Iterator[tuple[str, Any]]:
    ticket, row = paper.ticket, paper.supervision
    yield _("编号"), ticket.number
    yield _("事项类别"), ticket.category or _("未定类别")
    yield _("紧急程度"), ticket.get_urgency_display()
    yield _("承办单位"), ticket.unit or _("尚未派单")
    yield _("督办人"), row.opened_by
    yield _("督办时间"), _moment(row.opened_at)
    yield _("反馈期限"), _moment(row.due_at)
    yield _("状态"), row.get_state_display()


def _sections(paper: Paper) -> Iterator[tuple[str, list[str]]]:
    yield _("督办要求"), paper.demand.splitlines()
    told = [text for line in paper.answers for text in _told(line, paper)]
    yield _("督办反馈"), told or [_("尚未反馈。")]
    yield _("销号"), _told(paper.lifted, paper) if paper.lifted else [_("尚未销号。")]


def _told(line: Line, paper: Paper) -> list[str]:
    when = _moment(line.at)
    is_late = line.verb == "answer_supervision" and line.at > paper.supervision.due_at
    by = f"{line.who} {noted(when, _('超期反馈')) if is_late else when}"
    return [*words_of(line).splitlines(), by]


def _footer(printed_by: str, at: datetime) -> str:
    return _("%(name)s 于 %(when)s 打印；内容以系统流转记录为准。") % {
        "name": printed_by,
        "when": _moment(at),
    }


def _moment(at: datetime) -> str:
    return clock.local(at).strftime("%Y-%m-%d %H:%M")
