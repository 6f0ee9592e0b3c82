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

    text = CharField(
        label=_("补充的情况"), widget=Textarea(attrs={"rows": 5}), **long_text(),
        help_text=_("写明新的情况，或者回答工作人员的询问。"),
    )  # fmt: skip


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

    text = CharField(
        label=_("想说的话"), required=False, max_length=SHORT,
        widget=Textarea(attrs={"rows": 3}), help_text=_("例如情况变严重了。"),
    )  # fmt: skip


class WithdrawForm(PublicForm):
    """撤回."""

    verb = "withdraw"
    title = _("撤回诉求")
    button = _("确认撤回")
    tone = "danger"

    text = CharField(
        label=_("撤回的原因"), required=False, max_length=SHORT,
        widget=Textarea(attrs={"rows": 3}), help_text=_("例如问题已经自行解决。"),
    )  # fmt: skip


class ObjectForm(PublicForm):
    """异议."""

    verb = "object"
    title = _("提出异议")
    button = _("提交异议")

    text = CharField(
        label=_("遗漏了什么"), widget=Textarea(attrs={"rows": 5}), **long_text(),
        help_text=_("异议只能提一次。请写明哪些情况没有被考虑。"),
    )  # fmt: skip


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
    comment = CharField(
        label=_("想说的话"), required=False, max_length=SHORT, widget=Textarea(attrs={"rows": 3})
    )
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
    text = CharField(label=_("现在是什么情况"), widget=Textarea(attrs={"rows": 4}), **long_text())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _reasons("rework")  # type: ignore[attr-defined]


FORMS: dict[str, type[PublicForm]] = {
    form.verb: form
    for form in (
        InformForm, AttachForm, UrgeForm, WithdrawForm, ObjectForm, RateForm, VerifyForm, ReworkForm
    )
}  # fmt: skip
"""Verbs a follow key may ever ask for."""
