"""Forms that belong to no domain."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.forms import (
    BooleanField,
    BoundField,
    CharField,
    ChoiceField,
    Field,
    FileField,
    Form,
    ModelChoiceField,
    PasswordInput,
    TextInput,
)
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.texts import visible


class VisibleField(BoundField):
    """填入的: without what nobody sees; a password is what it is."""

    @property
    def data(self) -> Any:
        given = super().data
        is_text = isinstance(given, str) and not isinstance(self.field.widget, PasswordInput)
        return visible(given) if is_text else given


class PageForm(Form):
    """表单: what is missing is said in a sentence that names the field."""

    bound_field_class = VisibleField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages["required"] is Field.default_error_messages["required"]:
                field.error_messages["required"] = _cure(field).format(label=field.label)

    def refuse(self, refused: Refused) -> None:
        """拒绝: show the sentence at the field it names, else above the form."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)


def _cure(field: Field) -> str:
    if isinstance(field, BooleanField):
        return gettext("请勾选“{label}”。")
    if isinstance(field, ChoiceField | ModelChoiceField | FileField):
        return gettext("请选择“{label}”。")
    return gettext("请填写“{label}”。")


class LoginForm(AuthenticationForm):
    """登录: name and password of a staff account."""

    username = CharField(
        label=_("登录名"),
        max_length=60,
        widget=TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
        error_messages={"required": _("请填写登录名。")},
    )
    password = CharField(
        label=_("密码"),
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码。")},
    )
    error_messages: Any = {
        "invalid_login": _("登录名或密码不对。请检查大小写后再试，多次失败会暂时锁定。"),
        "inactive": _("这个账号已停用，请联系系统管理员。"),
    }
