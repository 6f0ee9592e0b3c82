"""Forms of getting in."""

from typing import Any

from django.forms import CharField, PasswordInput, TextInput
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm


def code_field(label: Any, **more: Any) -> CharField:
    """验证码: digits; a telephone offers what it has just received."""
    shown = {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}
    return CharField(label=label, max_length=20, widget=TextInput(attrs=shown), **more)


class CodeForm(PageForm):
    """验证码: of the app, or a recovery code."""

    code = code_field(
        _("验证码"), help_text=_("验证器应用里当前显示的六位数字；手机不在身边时用一个恢复码。")
    )

    def __init__(self, *args: Any, has_focus: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_focus:
            self.fields["code"].widget.attrs["autofocus"] = True


class ActivateForm(PageForm):
    """启用两步验证: a code shows that the telephone has the secret."""

    code = code_field(_("验证码"), help_text=_("扫码后，应用里显示的六位数字。"))
    password = CharField(
        label=_("密码"),
        strip=False,
        max_length=200,
        widget=PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("登录已有一段时间，请再输入一次密码。"),
    )

    def __init__(self, *args: Any, is_fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_fresh:
            del self.fields["password"]
