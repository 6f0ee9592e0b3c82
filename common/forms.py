"""Forms that belong to no domain."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.forms import CharField, PasswordInput, TextInput
from django.utils.translation import gettext_lazy as _


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
        "invalid_login": _("登录名或密码不对。请检查大小写后再试, 多次失败会暂时锁定。"),
        "inactive": _("这个账号已停用, 请联系系统管理员。"),
    }
