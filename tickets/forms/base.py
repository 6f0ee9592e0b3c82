"""What all forms of the chain share: every complaint names its field and the cure."""

from typing import Any

from django.forms import (
    CharField,
    ChoiceField,
    DateField,
    DateInput,
    Field,
    FloatField,
    IntegerField,
)
from django.forms.models import ModelChoiceField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from common.forms import PageForm
from tickets.texts import TEXT_LIMIT

EMPTY = [("", "—")]


class ChainForm(PageForm):
    """表单: whatever is wrong is said in a sentence with the field's name and the cure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for code, sentence in _sentences(field).items():
                if field.error_messages.get(code) is _default(field, code):
                    field.error_messages[code] = sentence

    def fill(self, data: dict[str, Any], files: Any = None) -> None:
        """填入: what a program sent, in place of what a page posts."""
        self.data = data
        self.files = files or MultiValueDict()
        self.is_bound = True


def date_input(**attrs: str) -> DateInput:
    """日期控件: the browser's own; its value is always ISO."""
    return DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


def long_text() -> dict[str, Any]:
    """长文字: the limit of everything people write."""
    return {"max_length": TEXT_LIMIT, "strip": True}


def _sentences(field: Field) -> dict[str, str]:
    # Django fills in %(limit_value)d and the like when the field complains
    name = str(field.label)
    if isinstance(field, ChoiceField | ModelChoiceField):
        return {"invalid_choice": _("“{label}”里没有这一项，请从列表中选择。").format(label=name)}
    if isinstance(field, DateField):
        return {"invalid": _("“{label}”要填日期，如 2026-03-02。").format(label=name)}
    if isinstance(field, IntegerField | FloatField):
        return {"invalid": _("“{label}”要填数字。").format(label=name)}
    if isinstance(field, CharField):
        too_long = _("“{label}”最多 %(limit_value)d 字，现在有 %(show_value)d 字，请删减。")
        control = _("“{label}”里有不能保存的控制字符，请删除后再提交。")
        return {
            "max_length": too_long.format(label=name),
            "null_characters_not_allowed": control.format(label=name),
        }
    return {}


def _default(field: Field, code: str) -> Any:
    """Django's own message of that kind; anything else was written for this very field."""
    for kind in type(field).__mro__:
        if code in (found := getattr(kind, "default_error_messages", {})):
            return found[code]
    return None
