"""A sheet of paper as PDF: a title, facts in a table, sections of words of any length."""

from collections.abc import Iterable, Sequence
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
from reportlab.platypus import (
    Image,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from common import clock
from tickets.attachments.watermark import FONT

FACE = "HubinSans"
MARGIN = 20 * mm
LABEL_WIDTH = 32 * mm
ACROSS = 3
INK, SOFT, RULE = colors.HexColor("#1b2733"), colors.HexColor("#52616f"), colors.HexColor("#9aa7b3")


class Sheet:
    """一张纸: filled from top to bottom, then finished."""

    def __init__(self, title: str, number: str) -> None:
        self.name = f"{title} {number}"
        plain = ParagraphStyle("plain", fontName=_face(), fontSize=11, leading=18, wordWrap="CJK")
        plain.textColor = INK
        self.plain = plain
        self.head = ParagraphStyle(
            "head", plain, fontSize=12.5, leading=20, spaceBefore=10, spaceAfter=2, keepWithNext=1
        )
        self.small = ParagraphStyle("small", plain, fontSize=8.5, leading=13, textColor=SOFT)
        top = ParagraphStyle("title", plain, fontSize=20, leading=30, alignment=TA_CENTER)
        self.parts: list[Any] = [Paragraph(escape(title), top), Spacer(1, 4 * mm)]

    def facts(self, rows: Iterable[tuple[str, Any]]) -> None:
        """事项: label and value, line by line."""
        label = ParagraphStyle("label", self.plain, textColor=SOFT)
        told = [
            [Paragraph(escape(str(name)), label), Paragraph(escape(str(value)), self.plain)]
            for name, value in rows
        ]
        width = A4[0] - 2 * MARGIN
        ruled = [("GRID", (0, 0), (-1, -1), 0.6, RULE), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        widths = [LABEL_WIDTH, width - LABEL_WIDTH]
        self.parts.append(Table(told, colWidths=widths, style=TableStyle(ruled)))

    def section(self, head: str, lines: Iterable[str]) -> None:
        """一节."""
        self.parts.append(Paragraph(escape(head), self.head))
        self.parts += [Paragraph(escape(one), self.plain) for one in lines]

    def pictures(
        self, head: str, pictures: Sequence[tuple[bytes | None, str]], note: str = ""
    ) -> None:
        """图片: three in a row with a line below each, which says so where there is none."""
        below = ParagraphStyle("below", self.small, alignment=TA_CENTER)
        width = (A4[0] - 2 * MARGIN) / ACROSS
        frames = [_frame(raw, width - 4 * mm, below) for raw, _said in pictures]
        words = [Paragraph(escape(said), below) for _raw, said in pictures]
        self.parts.append(Paragraph(escape(head), self.head))
        for start in range(0, len(frames), ACROSS):
            rows = [_filled(cells[start : start + ACROSS]) for cells in (frames, words)]
            middle = [("ALIGN", (0, 0), (-1, -1), "CENTER"), ("VALIGN", (0, 0), (-1, 0), "MIDDLE")]
            made = Table(rows, colWidths=[width] * ACROSS, style=TableStyle(middle))
            self.parts.append(KeepTogether(made))
        if note:
            self.parts.append(Paragraph(escape(note), self.small))

    def entry(self, head: str, lines: Iterable[str]) -> None:
        """一条: small words above what they are about."""
        self.parts.append(Paragraph(escape(head), self.small))
        self.parts += [Paragraph(escape(one), self.plain) for one in lines]
        self.parts.append(Spacer(1, 2 * mm))

    def finish(self, *, printed_by: str, at: datetime) -> bytes:
        """PDF, with who printed it and when."""
        self.parts += [Spacer(1, 8 * mm), Paragraph(escape(_footer(printed_by, at)), self.small)]
        out = BytesIO()
        SimpleDocTemplate(
            out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
            bottomMargin=MARGIN, title=self.name, author="Hubin", lang="zh-CN", invariant=1,
        ).build(self.parts)  # fmt: skip
        return out.getvalue()


def _frame(raw: bytes | None, width: float, style: ParagraphStyle) -> Any:
    if raw is None:
        return Paragraph(escape(_("没有图片")), style)
    picture = Image(BytesIO(raw))
    picture._restrictSize(width, width * 3 / 4)
    return picture


def _filled(cells: list[Any]) -> list[Any]:
    return cells + [""] * (ACROSS - len(cells))


def moment(at: datetime) -> str:
    """时刻, as it stands on paper."""
    return clock.local(at).strftime("%Y-%m-%d %H:%M")


@cache
def _face() -> str:
    pdfmetrics.registerFont(TTFont(FACE, str(FONT)))
    return FACE


def _footer(printed_by: str, at: datetime) -> str:
    return _("%(name)s 于 %(when)s 打印；内容以系统流转记录为准。") % {
        "name": printed_by,
        "when": moment(at),
    }
