"""Cells of the figures' tables: `{% load rates %}`. A page has hundreds of them, so that they are
written here and not in a template each.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from common.templatetags.hubin import icon
from tickets.figures.showing import Number

register = template.Library()
NONE = SafeString('<span class="soft">—</span>')


@register.simple_tag
def rate_cell(number: Number, name: str, is_compared: bool = False) -> SafeString:
    """一格: the share leads to what was not kept, the count to all of it."""
    return format_html(
        '<td class="cell cell-{}" data-label="{}">{}</td>',
        number.tone, number.label, _told(number, name, is_compared) if number.rate.due else NONE,
    )  # fmt: skip


@register.simple_tag
def change(number: Number, css: str = "cell-change") -> SafeString:
    """升降 against the time before; nothing where there was none."""
    if number.change is None:
        return SafeString("")
    told = {"points": number.change_told}
    if told["points"] == "0.0":
        return format_html('<span class="{}">{}</span>', css, gettext("持平"))
    is_up = number.change > 0
    said = gettext("升 %(points)s 点") % told if is_up else gettext("降 %(points)s 点") % told
    drawn = icon("trending-up" if is_up else "trending-down")
    return format_html('<span class="{}">{}{}</span>', css, drawn, said)


def _told(number: Number, name: str, is_compared: bool) -> SafeString:
    rate, due_url = number.rate, number.due_url
    is_list = rate.missed and not number.is_score
    moved = change(number) if is_compared else ""
    return format_html(
        '<a class="cell-rate num" href="{}">{}%<span class="visually-hidden"> {}</span></a><br>'
        '<a class="cell-of num" href="{}">{}<span class="visually-hidden"> {} {}</span></a>{}{}',
        number.missed_url if is_list else due_url, number.percent, number.label,
        due_url, _of(number), name, number.label, SafeString("<br>") if moved else "", moved,
    )  # fmt: skip


def _of(number: Number) -> str:
    rate = number.rate
    if number.is_score:
        return ngettext("%(n)s 份", "%(n)s 份", rate.due) % {"n": rate.due}
    return f"{rate.met}/{rate.due}"
