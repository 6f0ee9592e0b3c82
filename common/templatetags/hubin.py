"""Components of pages: `{% load hubin %}`. Markup stands in templates/components/, but for the
smallest, of which a page has a hundred: those are written here.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from xml.etree import ElementTree

from django import template
from django.conf import settings
from django.forms import (
    BaseForm,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms.boundfield import BoundField
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import clock, vendor

register = template.Library()

TONES = ("neutral", "info", "good", "warn", "bad", "quiet")
MINUTE = "%Y-%m-%d %H:%M"
LIGHTS = {"green": "circle-check", "yellow": "clock-exclamation", "red": "alert-octagon"}


@cache
def _sprite() -> tuple[str, frozenset[str]]:
    folder = next(
        row["folder"] for row in vendor.packages(vendor.home()) if row["name"] == "@tabler/icons"
    )
    drawn = ElementTree.parse(vendor.home() / folder / "sprite.svg").getroot()
    return f"vendor/{folder}/sprite.svg", frozenset(symbol.attrib["id"] for symbol in drawn)


def sprite_path() -> str:
    """图标集: all icons stand in this one static file."""
    return _sprite()[0]


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """图标: decoration unless it has a label. An unknown name is a mistake of ours and raises."""
    return _icon(name, str(label), size)


@cache
def _icon(name: str, label: str, size: str) -> SafeString:
    path, known = _sprite()
    if name not in known:
        raise template.TemplateSyntaxError(f"No icon {name!r} in the sprite; see vendor.json.")
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString("aria-hidden=true")
    )
    return format_html(
        '<svg class="icon{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "", spoken, static(path), name,
    )  # fmt: skip


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **attrs: Any) -> dict[str, Any]:
    """字段: label, help, error and control, tied together; `rows=3` goes to the control."""
    widget = bound.field.widget
    kind, css = _kind(widget)
    classes = [widget.attrs.get("class", ""), css, "is-invalid" if bound.errors else ""]
    widget.attrs["class"] = " ".join(filter(None, classes))
    if isinstance(widget, Textarea) and widget.attrs.get("rows") == "10":
        widget.attrs["rows"] = "4"  # Django's ten rows push the button off a phone's screen
    widget.attrs.update({name.replace("_", "-"): value for name, value in attrs.items()})
    return {"bound": bound, "kind": "hidden" if bound.is_hidden else kind}


def _kind(widget: Any) -> tuple[str, str]:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices", "form-check-input"
    if isinstance(widget, CheckboxInput):
        return "check", "form-check-input"
    if isinstance(widget, Select):
        return "control", "form-select"
    return "control", "form-control"


@register.inclusion_tag("components/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """全部字段: every field of a form in its order, hidden ones last."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """错误汇总: all that must be changed, each linked to its field; takes the focus."""
    rows = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for bound in form:
        if bound.is_hidden:
            continue
        first = bound.id_for_label or f"{bound.auto_id}_0"
        rows += [{"text": text, "target": first} for text in bound.errors]
    rows += [
        {"text": text, "target": ""} for bound in form.hidden_fields() for text in bound.errors
    ]
    return {"rows": rows}


@register.simple_tag
def badge(text: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    """徽标: a state or other short fact. The tone never says anything the text does not."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"No tone {tone!r}; one of {', '.join(TONES)}.")
    drawn = _icon(icon, "", "") if icon else ""
    return format_html('<span class="pill pill-{}">{}{}</span>', tone, drawn, text)


@register.simple_tag
def light(
    colour: str, text: Any, due_at: datetime | None = None, *, is_alone: bool = False
) -> SafeString:
    """红绿灯: green, yellow or red, told apart by shape and words as well.

    The moment shows on hover; where it stands nowhere beside it (`is_alone`), on focus as well.
    """
    drawn = _icon(LIGHTS[colour], "", "")
    if due_at is None:
        return format_html('<span class="pill light light-{}">{}{}</span>', colour, drawn, text)
    moment = clock.local(due_at)
    if not is_alone:
        told = format_html(' title="{}"', moment.strftime(MINUTE))
    else:
        told = format_html(' tabindex="0" data-moment="{}"', moment.strftime(MINUTE))
    return format_html(
        '<time class="pill light light-{}" datetime="{}"{}>{}{}</time>',
        colour, moment.isoformat(timespec="seconds"), told, drawn, text,
    )  # fmt: skip


@register.inclusion_tag("components/empty.html")
def empty(
    title: str, text: str = "", icon: str = "inbox", url: str = "", action: str = ""
) -> dict[str, Any]:
    """空状态: says that nothing is here and what could be done."""
    return {"title": title, "text": text, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("components/pager.html")
def pager(previous_url: str = "", next_url: str = "") -> dict[str, str]:
    """翻页: by keyset, so there are neighbours and no page numbers."""
    return {"previous_url": previous_url, "next_url": next_url}


@register.simple_block_tag
def card(content: str, title: str = "", icon: str = "", id: str = "") -> str:
    """卡片: a titled box."""
    return render_to_string(
        "components/card.html", {"content": content, "title": title, "icon": icon, "id": id}
    )


@register.simple_block_tag
def moment(
    content: str, at: datetime, title: str, who: str = "", icon: str = "circle-dot",
    tone: str = "neutral",
) -> str:  # fmt: skip
    """时间线一项: one event with whatever stands in the block below it."""
    return render_to_string(
        "components/moment.html",
        {"content": SafeString(content.strip()), "at": at, "title": title, "who": who, "icon": icon,
         "tone": tone},
    )  # fmt: skip


@register.simple_tag
def when(at: datetime | None) -> SafeString:
    """时间: month, day and minute; the year only when it is another one."""
    if at is None:
        return SafeString("—")
    here = clock.local(at)
    is_this_year = here.year == clock.local(clock.now()).year
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        here.isoformat(timespec="seconds"),
        here.strftime("%Y-%m-%d %H:%M:%S"),
        here.strftime("%m-%d %H:%M" if is_this_year else "%Y-%m-%d %H:%M"),
    )


@register.simple_tag
def moment_in(wait: timedelta = timedelta()) -> datetime:
    """那一刻: as long from now as is to be waited."""
    return clock.now() + wait


@register.inclusion_tag("components/map.html")
def map(id: str, shapes_url: str = "", **options: Any) -> dict[str, Any]:
    """地图: `lat`, `lng`, `label`, `size` (sm, md, lg); `pick=form` fills its lat and lng."""
    return {"id": id, "shapes_url": shapes_url, "size": "md", **options}


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(
    context: RequestContext, name: str, text: str, icon: str, count: Any = "", live: str = ""
) -> dict[str, Any]:
    """导航项: left out as long as no app serves that name.

    `live`: the name of what is asked now and then whether the count is another one.
    """
    try:
        url = reverse(name)
    except NoReverseMatch:
        return {}
    match = getattr(context.get("request"), "resolver_match", None)
    is_here = match is not None and name in (match.view_name, f"{match.app_name}:index")
    live_url = f"{reverse(live)}?known={count or 0}" if live else ""
    return {"url": url, "text": text, "icon": icon, "count": count, "is_here": is_here,
            "live_url": live_url, "seconds": settings.HUBIN_INBOX_SECONDS}  # fmt: skip
