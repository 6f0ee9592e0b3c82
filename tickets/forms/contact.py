"""Whom an answer goes to: a name, a telephone, or nobody by name; and a form that is sent once."""

import re
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.forms import BooleanField, CharField, Field, Form, HiddenInput, TextInput
from django.utils.translation import gettext_lazy as _

from common.texts import narrow
from tickets.models import Reporter

KEY = re.compile(r"[0-9a-zA-Z-]{8,64}")
PHONE = re.compile(r"\+?[0-9][0-9 -]{3,18}[0-9]")
ONE_OF_BOTH = _("姓名和电话至少填一样；不愿留的，勾选匿名。")
CONTACT = ("name", "phone", "is_anonymous")


class NameField(CharField):
    """姓名."""

    def __init__(self, **kwargs: Any) -> None:
        widget = TextInput(attrs={"autocomplete": "off"})
        super().__init__(required=False, max_length=40, widget=widget, **kwargs)


class PhoneField(CharField):
    """电话: digits as people write them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        phone = narrow(str(super().clean(value)))
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError(_("电话请填数字，如 13900001234 或 0571-87000000。"))
        return phone


class KeyField(CharField):
    """表单编号: the same form sent twice is one act."""

    def __init__(self, **kwargs: Any) -> None:
        start = lambda: uuid4().hex  # noqa: E731
        super().__init__(
            label=_("表单编号"), widget=HiddenInput, max_length=64, initial=start, **kwargs
        )

    def clean(self, value: Any) -> str:
        key = str(super().clean(value))
        if not KEY.fullmatch(key):
            raise ValidationError(_("这张表单不完整，请重新打开再填。"))
        return key


def anonymous_field() -> BooleanField:
    """匿名."""
    return BooleanField(label=_("匿名：不向承办单位透露"), required=False)


def contact_fields() -> dict[str, Field]:
    """诉求人字段, and the key of the form."""
    return {
        "name": NameField(label=_("姓名"), help_text=ONE_OF_BOTH),
        "phone": PhoneField(label=_("联系电话")),
        "is_anonymous": anonymous_field(),
        "key": KeyField(),
    }


def check_contact(form: Form, given: dict[str, Any]) -> None:
    """须有其一: a name, a telephone, or the tick that says there is none."""
    if not any(given.get(name) for name in CONTACT) and not set(CONTACT) & set(form.errors):
        form.add_error("name", _("请填写姓名或电话；诉求人不愿留的，勾选匿名。"))


def reporter_of(given: dict[str, Any]) -> Reporter | None:
    """诉求人: unsaved; None for somebody who left nothing."""
    if not (given["name"] or given["phone"]):
        return None
    return Reporter.build(
        name=given["name"], phone=given["phone"], is_anonymous=given["is_anonymous"]
    )
