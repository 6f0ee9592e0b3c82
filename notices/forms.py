"""Forms of getting in by telephone."""

from django.forms import CharField, TextInput
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm
from grids.forms import code_field


class PhoneForm(PageForm):
    """手机号."""

    phone = CharField(
        label=_("手机号码"),
        max_length=20,
        widget=TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national"}),
    )


class SmsCodeForm(PageForm):
    """短信验证码."""

    code = code_field(_("短信验证码"), help_text=_("六位数字，五分钟内有效。"))
