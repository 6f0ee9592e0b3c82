"""Forms behind a follow key: few fields, plain words, large targets."""

from typing import Any

from django.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    RadioSelect,
    Textarea,
    TypedChoiceField,
)
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tickets import law
from tickets.forms.base import ChainForm, long_text
from tickets.forms.contact import (
    ONE_OF_BOTH,
    KeyField,
    NameField,
    PhoneField,
    anonymous_field,
    check_contact,
    reporter_of,
)
from tickets.forms.files import FilesField

STARS = (
    (5, _("非常满意")),
    (4, _("满意")),
    (3, _("基本满意")),
    (2, _("不满意")),
    (1, _("非常不满意")),
)
SHORT = 1000


def _reasons(verb: str) -> list[tuple[str, str]]:
    return [(row.code, row.text) for row in law.reasons(verb)]


def _starred() -> list[tuple[int, str]]:
    # the drawn stars repeat the word for the eye only
    mark = '<span class="stars" aria-hidden="true">{}</span> {}'
    return [
        (count, format_html(mark, "★" * count + "☆" * (5 - count), word)) for count, word in STARS
    ]


def _long(label: Any, *, rows: int, hint: Any = "") -> CharField:
    widget = Textarea(attrs={"rows": rows})
    return CharField(label=label, widget=widget, help_text=hint, **long_text())


def _short(label: Any, *, hint: Any = "") -> CharField:
    widget = Textarea(attrs={"rows": 3})
    return CharField(label=label, required=False, max_length=SHORT, widget=widget, help_text=hint)


class PublicForm(ChainForm):
    """诉求人表单: `arguments` is what the action takes."""

    verb: str
    title: object
    button: object
    tone = "primary"

    def arguments(self) -> dict[str, Any]:
        """What was filled in, by the action's own parameter names."""
        return dict(self.cleaned_data)


class InformForm(PublicForm):
    """补充."""

    verb = "inform"
    title = _("补充情况")
    button = _("提交补充")

    text = _long(_("补充的情况"), rows=5, hint=_("写明新的情况，或者回答工作人员的询问。"))


class AttachForm(PublicForm):
    """附件."""

    verb = "attach"
    title = _("补充照片")
    button = _("上传")

    files = FilesField(  # type: ignore[assignment]  # a field, as all others
        label=_("照片或文件"),
        help_text=_("照片、录音（60 秒内）、视频（15 秒内）或 PDF，可以一次选几个。"),
    )


class UrgeForm(PublicForm):
    """催办."""

    verb = "urge"
    title = _("催办")
    button = _("催一催")

    text = _short(_("想说的话"), hint=_("例如情况变严重了。"))


class WithdrawForm(PublicForm):
    """撤回."""

    verb = "withdraw"
    title = _("撤回诉求")
    button = _("确认撤回")
    tone = "danger"

    text = _short(_("撤回的原因"), hint=_("例如问题已经自行解决。"))


class ObjectForm(PublicForm):
    """异议."""

    verb = "object"
    title = _("提出异议")
    button = _("提交异议")

    text = _long(_("遗漏了什么"), rows=5, hint=_("异议只能提一次。请写明哪些情况没有被考虑。"))


class RateForm(PublicForm):
    """评价: the words and the stars, solved or not, a reason by one tap, the rest if wanted."""

    verb = "rate"
    title = _("请您评价")
    button = _("提交评价")

    stars = TypedChoiceField(label=_("您对办理结果"), coerce=int, widget=RadioSelect)
    is_solved = TypedChoiceField(
        label=_("问题解决了吗"), coerce=lambda value: value == "yes", widget=RadioSelect,
        choices=(("yes", _("已经解决")), ("no", _("没有解决"))),
    )  # fmt: skip
    rate_reason = ChoiceField(label=_("主要原因"), required=False, widget=RadioSelect)
    comment = _short(_("想说的话"))
    wants_call = BooleanField(label=_("请给我打电话"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stars"].choices = _starred()  # type: ignore[attr-defined]
        reasons = [*_reasons("rate"), ("", _("不选"))]
        self.fields["rate_reason"].choices = reasons  # type: ignore[attr-defined]


class VerifyForm(PublicForm):
    """确认: one button."""

    verb = "verify"
    title = _("问题已经解决")
    button = _("已经解决")


class ReworkForm(PublicForm):
    """还没有解决."""

    verb = "rework"
    title = _("问题还没有解决")
    button = _("还没有解决，请重新处置")
    tone = "danger"

    reason = ChoiceField(label=_("哪里不对"), widget=RadioSelect)
    text = _long(_("现在是什么情况"), rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _reasons("rework")  # type: ignore[attr-defined]


class FollowForm(PublicForm):
    """关注: a neighbour with the same trouble, who gets a link of their own."""

    verb = "follow"
    title = _("我也遇到（邻居登记）")
    button = _("登记，领取自己的链接")

    name = NameField(label=_("姓名"), help_text=ONE_OF_BOTH)
    phone = PhoneField(label=_("联系电话"))
    is_anonymous = anonymous_field()
    key = KeyField()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        check_contact(self, given)
        return given

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"reporter": reporter_of(given), "idempotency_key": given["key"]}


FORMS: dict[str, type[PublicForm]] = {
    form.verb: form
    for form in (
        InformForm, AttachForm, UrgeForm, WithdrawForm, ObjectForm, RateForm, VerifyForm,
        ReworkForm, FollowForm,
    )
}  # fmt: skip
"""Verbs a follow key may ever ask for."""
