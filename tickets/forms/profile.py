"""个人设置: how somebody likes the pages to speak and behave."""

from django.conf import settings
from django.forms import BooleanField, ChoiceField
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm


class MannersForm(PageForm):
    """使用习惯."""

    language = ChoiceField(
        label=_("页面语言"), choices=lambda: settings.LANGUAGES,
        help_text=_("在哪台设备登录都用这种语言；通知用的语言在“通知设置”里选。"),
    )  # fmt: skip
    single_keys = BooleanField(
        label=_("单键操作"), required=False,
        help_text=_("页面上按一个键就能操作；关掉后只留带 Ctrl 的组合键。"),
    )  # fmt: skip
