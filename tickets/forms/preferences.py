"""通知偏好: what a person may choose for each channel; the inbox is always on."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from django.conf import settings
from django.forms import (
    BooleanField,
    CharField,
    CheckboxSelectMultiple,
    ChoiceField,
    MultipleChoiceField,
    TextInput,
    TimeField,
    TimeInput,
    ValidationError,
)
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm
from common.secrets import mask_phone
from notices.models import Channel, Preference
from tickets.forms.telling import check_address

GROUPS: dict[str, tuple[Any, frozenset[str]]] = {
    "work": (
        _("派给我的工作"),
        frozenset({
            "report", "settle", "confirm", "dispatch", "redirect", "assign", "hand_over",
            "release", "enlist", "answer_assist", "waive_assist", "send_back", "merge", "amend",
            "attach", "inform", "withdraw", "resume", "resolve", "rework",
        }),
    ),
    "requests": (
        _("审批和申请的结果"),
        frozenset({"ask", "countersign", "grant", "refuse", "extend", "suspend", "void"}),
    ),
    "time": (
        _("时限、催办和督办"),
        frozenset({"remind", "warn", "escalate", "urge", "supervise", "answer_supervision",
                   "lift_supervision"}),
    ),
    "contests": (_("评价不满意和异议"), frozenset({"rate", "object"})),
    "mine": (
        _("我反映或关注的事"),
        frozenset({"accept", "answer", "decline", "inquire", "extend", "suspend", "resolve",
                   "reply", "reopen", "uphold", "void", "remind"}),
    ),
}  # fmt: skip
"""Actions by what they are to a person; one may stand in two of them."""
OF_RESIDENTS = ("mine",)
ADDRESS: dict[str, tuple[Any, Any]] = {
    Channel.EMAIL: (_("邮箱"), _("留空用人员资料中的邮箱。")),
    Channel.SMS: (_("手机号码"), _("11 位手机号码；用手机号登录的，留空即用那个号码。")),
    Channel.ZHEDING: (_("浙政钉账号"), _("由管理员告知的账号编号。")),
}


class ChannelForm(PageForm):
    """一条渠道: whether, of what, where to, and when not."""

    is_on = BooleanField(label=_("由这条渠道通知我"), required=False)
    groups = MultipleChoiceField(
        label=_("通知哪些事"), required=False, widget=CheckboxSelectMultiple,
        help_text=_("一项不选，即按本渠道的默认。"),
    )  # fmt: skip
    address = CharField(
        label=_("地址"), required=False, max_length=200, widget=TextInput({"autocomplete": "off"})
    )
    forget = BooleanField(label=_("删除已保存的地址"), required=False)
    quiet_from = TimeField(label=_("免打扰从"), required=False)
    quiet_to = TimeField(label=_("免打扰到"), required=False)

    def __init__(self, *args: Any, row: Preference, groups: tuple[str, ...], **more: Any) -> None:
        self.row = row
        super().__init__(*args, prefix=row.channel, initial=_initial(row), **more)
        choosing: Any = self.fields["groups"]
        choosing.choices = [(name, GROUPS[name][0]) for name in groups]
        self.fields["address"].label, self.fields["address"].help_text = ADDRESS[row.channel]
        for name in ("quiet_from", "quiet_to"):
            self.fields[name].widget = TimeInput(format="%H:%M", attrs={"type": "time"})
        if not row.address:
            del self.fields["forget"]

    @property
    def title(self) -> str:
        """渠道."""
        return str(Channel(self.row.channel).label)

    @property
    def kept(self) -> str:
        """已保存的地址, masked."""
        return mask(self.row.channel, self.row.address or "")

    def clean_address(self) -> str:
        return check_address(self.row.channel, self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        if (begins is None) != (ends is None) and not self.errors:
            said = _now("免打扰的起止要一起填，或一起留空。")
            self.add_error("quiet_to", ValidationError(said))
        return cleaned

    def put(self, language: str) -> Preference:
        """写进: the row, not yet kept."""
        given, row = self.cleaned_data, self.row
        chosen = {verb for name in given["groups"] for verb in GROUPS[name][1]}
        row.is_on, row.verbs, row.language = given["is_on"], sorted(chosen), language
        row.quiet_from, row.quiet_to = _minutes(given["quiet_from"]), _minutes(given["quiet_to"])
        if given["address"] or given.get("forget"):
            row.address = given["address"] or None
        return row


class LanguageForm(PageForm):
    """用哪种语言写."""

    language = ChoiceField(label=_("用哪种语言写给我"), choices=lambda: settings.LANGUAGES)


def mask(channel: str, address: str) -> str:
    """掩码: enough to know one's own again."""
    if channel == Channel.SMS:
        return mask_phone(address)
    name, at, host = address.partition("@")
    return f"{name[:2]}***{at}{host}" if address else ""


def _initial(row: Preference) -> dict[str, Any]:
    chosen = set(row.verbs)
    return {
        "is_on": row.is_on, "groups": list(_whole(chosen)) if chosen else [],
        "quiet_from": _time(row.quiet_from), "quiet_to": _time(row.quiet_to),
    }  # fmt: skip


def _whole(chosen: set[str]) -> Iterator[str]:
    return (name for name, (_label, verbs) in GROUPS.items() if verbs <= chosen)


def _time(minutes: int | None) -> time | None:
    return None if minutes is None else time(minutes // 60, minutes % 60)


def _minutes(given: time | None) -> int | None:
    return None if given is None else given.hour * 60 + given.minute
