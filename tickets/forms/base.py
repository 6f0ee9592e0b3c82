"""What all forms of the chain share: every complaint names its field and the cure."""

from typing import Any

from django.forms import ChoiceField, DateField, DateInput, FloatField, IntegerField
from django.forms.models import ModelChoiceField
from django.utils.translation import gettext as _

from common.forms import PageForm
from tickets.texts import TEXT_LIMIT

EMPTY = [("", "—")]


class ChainForm(PageForm):
    """表单: wrong choices, numbers and dates are refused in a sentence with the field's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            said = {"label": field.label}
            if isinstance(field, ChoiceField | ModelChoiceField):
                field.error_messages["invalid_choice"] = (
                    _("“%(label)s”里没有这一项，请从列表中选择。") % said
                )
            if isinstance(field, IntegerField | FloatField):
                field.error_messages["invalid"] = _("“%(label)s”要填数字。") % said
            if isinstance(field, DateField):
                field.error_messages["invalid"] = _("“%(label)s”要填日期，如 2026-03-02。") % said


def date_input(**attrs: str) -> DateInput:
    """日期控件: the browser's own; its value is always ISO."""
    return DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


def long_text() -> dict[str, Any]:
    """长文字: the limit of everything people write."""
    return {"max_length": TEXT_LIMIT, "strip": True}
