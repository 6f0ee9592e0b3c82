"""Controls of forms without a template for each option: a select of a hundred took 5 ms.

Same markup as Django's own templates (a test compares them); what is not listed here is theirs.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString


class Quick(DjangoTemplates):
    """表单渲染: `FORM_RENDERER`."""

    def render(self, template_name: str, context: Any, request: Any = None) -> SafeString:
        write = WRITERS.get(template_name)
        written = write(context["widget"]) if write else None
        if written is None:
            return SafeString(super().render(template_name, context, request))
        return SafeString(written)


def _attrs(widget: Mapping[str, Any]) -> str:
    written = ""
    for name, value in widget["attrs"].items():
        if value is not False:
            written += f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
    return written


def _text(value: Any) -> str:
    text = str(value)
    return text if hasattr(text, "__html__") else escape(text)


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    kind, name = widget["type"], _text(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attrs(widget)}>'


def _one_of(widget: Mapping[str, Any]) -> str | None:
    return None if widget["wrap_label"] else _input(widget)


def _textarea(widget: Mapping[str, Any]) -> str:
    text = _text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attrs(widget)}>\n{text}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{_text(widget["name"])}"{_attrs(widget)}>{groups}</select>'


def _group(name: Any, options: list[Mapping[str, Any]]) -> str:
    written = "".join(_option(option) for option in options)
    return f'<optgroup label="{_text(name)}">{written}</optgroup>' if name else written


def _option(option: Mapping[str, Any]) -> str:
    value, label = _text(option["value"]), _text(option["label"])
    return f'<option value="{value}"{_attrs(option)}>{label}</option>'


WIDGETS = "django/forms/widgets/"
INPUTS = (
    "checkbox", "date", "email", "hidden", "input", "number", "password", "search", "tel", "text",
    "url",
)  # fmt: skip
WRITERS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
    **{f"{WIDGETS}{name}.html": _input for name in INPUTS},
    f"{WIDGETS}radio_option.html": _one_of,
    f"{WIDGETS}checkbox_option.html": _one_of,
    f"{WIDGETS}select.html": _select,
    f"{WIDGETS}textarea.html": _textarea,
}
