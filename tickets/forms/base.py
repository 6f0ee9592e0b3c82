"""What all forms of the chain share: every complaint names its field and the cure."""

from typing import Any

from django.forms import (
    CharField,
    ChoiceField,
    DateField,
    DateInput,
    Field,
    FloatField,
    HiddenInput,
    IntegerField,
)
from django.forms.models import ModelChoiceField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from common.errors import Invalid, VersionMissing
from common.forms import PageForm
from tickets.texts import TEXT_LIMIT

EMPTY = [("", "—")]
LONGEST = 9  # digits of a version or sequence number


class ChainForm(PageForm):
    """表单: whatever is wrong is said in a sentence with the field's name and the cure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for code, sentence in _sentences(field).items():
                if field.error_messages.get(code) is _default(field, code):
                    field.error_messages[code] = sentence

    def check(self) -> None:
        """须填对: the first complaint as a refusal."""
        if not self.is_valid():
            name, told = next(iter(self.errors.items()))
            raise Invalid(str(told[0]), field=name)

    def fill(self, data: dict[str, Any], files: Any = None) -> None:
        """填入: what a program sent, in place of what a page posts."""
        self.data = data
        self.files = files or MultiValueDict()
        self.is_bound = True


class SeenForm(ChainForm):
    """看过的版本: what staff do to a ticket says which version of it they saw."""

    seen = IntegerField(widget=HiddenInput, required=False)
    since = IntegerField(widget=HiddenInput, required=False)

    def seen_version(self) -> int:
        """版本: which version the person saw; `VersionMissing` when the form does not say."""
        version = self._number("seen")
        if version is None:
            raise VersionMissing(_("表单里缺少工单的版本，请打开工单页面再提交。"))
        return version

    def seen_seq(self) -> int:
        """记录序号: the last event the person saw; 0 when the form does not say."""
        return self._number("since") or 0

    def _number(self, name: str) -> int | None:
        text = str(self.data.get(name, ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


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
