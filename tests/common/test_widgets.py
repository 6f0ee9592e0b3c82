"""Quick controls say what Django's own templates say."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from common.widgets import Quick

ODD = "<b>\"'&"
GROUPS = [("", "不限"), (ODD, [("1", ODD), (2, SafeString("<i>两</i>"))])]
WIDGETS = {
    "text": (forms.TextInput({"class": "a", "required": True, "disabled": False}), ODD),
    "empty": (forms.TextInput(), None),
    "zero": (forms.NumberInput({"step": 0.5}), 0),
    "date": (forms.DateInput(), "2026-11-23"),
    "hidden": (forms.HiddenInput(), ODD),
    "password": (forms.PasswordInput(), "secret"),
    "ticked": (forms.CheckboxInput(), True),
    "textarea": (forms.Textarea(), ODD),
    "no text": (forms.Textarea(), ""),
    "select": (forms.Select(choices=GROUPS), "2"),
    "several": (forms.SelectMultiple(choices=GROUPS), ["1", "2"]),
    "radio": (forms.RadioSelect(choices=[("1", ODD), ("2", "两")]), "2"),
    "file": (forms.ClearableFileInput(), None),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_it_is_the_same_control(name: str) -> None:
    widget, value = WIDGETS[name]

    quick, slow = (
        widget.render("field", value, attrs={"id": "id_field"}, renderer=renderer)
        for renderer in (Quick(), DjangoTemplates())
    )

    assert _plain(quick) == _plain(slow)


def test_one_of_several_is_written_without_its_label() -> None:
    class Asked(forms.Form):
        field = forms.ChoiceField(widget=forms.RadioSelect, choices=[("1", ODD)])

    quick, slow = (
        Asked(renderer=renderer)["field"][0].tag() for renderer in (Quick(), DjangoTemplates())
    )

    assert quick == slow


def _plain(html: str) -> str:
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", html))
