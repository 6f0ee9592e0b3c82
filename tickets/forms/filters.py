"""Filters of the working lists; every value comes from the address and may be bad."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, ChoiceField, DateField, TextInput
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from tickets import choices, lights
from tickets.boards import PIECE
from tickets.forms.base import ChainForm, date_input
from tickets.forms.fields import UnitField
from tickets.search import LONGEST, check
from tickets.states import State
from tickets.words import Nature, Origin, Source, Urgency

ANY = [("", _("不限"))]
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
LIGHTS = ((lights.RED, _("超期")), (lights.YELLOW, _("临期")), (lights.GREEN, _("按时")))


def _choice(label: Any, offered: Any) -> ChoiceField:
    return ChoiceField(label=label, required=False, choices=[*ANY, *offered])


class AskedForm(ChainForm):
    """条件: of an address, which may be bad."""

    def chosen(self) -> dict[str, str]:
        """已选: what was filled in, as it stands in the address."""
        return {name: value for name in self.fields if (value := str(self.data.get(name, "")))}

    def told(self) -> list[tuple[str, str]]:
        """已选, for people: label and what was chosen."""
        return [
            (str(self.fields[name].label), shown(self.fields[name], value))
            for name, value in self.chosen().items()
        ]


class FilterForm(AskedForm):
    """筛选: all optional, empty means any."""

    q = CharField(
        label=_("编号或文字"), required=False, max_length=LONGEST,
        widget=TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    light = _choice(_("时限"), LIGHTS)
    state = _choice(_("状态"), State.choices)
    category = _choice(_("类别"), [])
    division = _choice(_("区域"), [])
    unit = UnitField(label=_("单位"), required=False)
    urgency = _choice(_("紧急程度"), Urgency.choices)
    nature = _choice(_("诉求类型"), Nature.choices)
    source = _choice(_("来源"), Source.choices)
    origin = _choice(_("由谁提出"), Origin.choices)
    since = DateField(label=_("上报自"), required=False, widget=date_input())
    until = DateField(label=_("上报至"), required=False, widget=date_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "category": choices.category_groups(with_majors=True),
            "division": choices.place_groups(),
        }
        for name, groups in offered.items():
            field = self.fields[name]
            assert isinstance(field, ChoiceField)
            field.choices = [*ANY, *groups]

    def clean_q(self) -> str:
        text = str(self.cleaned_data["q"])
        if text and not PIECE.fullmatch(text):
            try:
                check(text)
            except Invalid as refused:
                raise ValidationError(refused.sentence) from None
        return text

    @property
    def question(self) -> str:
        """文字: what is to be found in the list; empty where it is a piece of a number."""
        text = str(self.cleaned_data.get("q", ""))
        return "" if PIECE.fullmatch(text) else text

    def clean_since(self) -> date | None:
        return in_reason(self.cleaned_data["since"])

    def clean_until(self) -> date | None:
        return in_reason(self.cleaned_data["until"])


def shown(field: Any, value: str) -> str:
    """A choice by its label, inside groups too; anything else as it stands."""
    for key, label in getattr(field, "choices", ()):
        options = label if isinstance(label, list | tuple) else [(key, label)]
        for code, text in options:
            if str(code) == value:
                return str(text)
    return value


def in_reason(day: date | None) -> date | None:
    """日期在常理之内."""
    if day is not None and not EARLIEST <= day <= LATEST:
        raise ValidationError(_("日期请填 1990 年到 2100 年之间的。"))
    return day
