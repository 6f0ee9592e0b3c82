"""Forms of what tells people outside of the inbox: addresses and keys are written, never shown."""

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.secrets import phone
from grids.login.phone import MOBILE
from notices import addresses
from notices.models import Channel, Endpoint, Preference
from tickets import deeds
from tickets.notices import SILENT, TABLE

TOLD = tuple(verb for verb in TABLE if verb not in SILENT)
SHORTEST_SECRET = 16


def verb_choices() -> list[tuple[str, str]]:
    """动作: of which anybody is ever told."""
    return [(verb, deeds.done(verb)) for verb in TOLD]


class VerbsField(forms.MultipleChoiceField):
    """动作: several of them, in the table's order."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=verb_choices, required=False, **more)

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        return [verb for verb in TOLD if verb in chosen]


class EndpointForm(forms.ModelForm):
    """推送地址: address and key are kept when they are left empty."""

    url = forms.CharField(
        label=_("网址"), max_length=1000, required=False, strip=True,
        widget=forms.URLInput(attrs={"size": 80, "autocomplete": "off"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("密钥"), max_length=400, required=False,
        widget=forms.PasswordInput(attrs={"size": 40, "autocomplete": "new-password"}),
        help_text=_("机器人的加签密钥，或对接系统的签名密钥；留空为不改，不再显示。"),
    )  # fmt: skip
    verbs = VerbsField(label=_("动作"), help_text=_("推送哪些动作；不选为全部。"))

    class Meta:
        model = Endpoint
        fields = ("kind", "name", "url", "secret", "verbs", "division", "unit", "is_active",
                  "rate_per_minute")  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kept_url, self.kept_secret = self.instance.url, self.instance.secret
        self.initial["url"] = ""
        known = addresses.shown(self.kept_url) if self.instance.pk else ""
        told = gettext("现在是 %(known)s，留空为不改。") % {"known": known}
        self.fields["url"].help_text = told if known else _("机器人或对接系统的 https 地址。")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]) or self.kept_url
        if not url:
            raise forms.ValidationError(gettext("请填写网址。"))
        if said := addresses.refusal(url):
            raise forms.ValidationError(said)
        return url

    def clean_secret(self) -> str | None:
        return self.cleaned_data["secret"] or self.kept_secret

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        secret = cleaned.get("secret") or ""
        if cleaned.get("kind") == Channel.WEBHOOK and len(secret) < SHORTEST_SECRET:
            self.add_error("secret", gettext("对接系统要有至少 16 位的签名密钥。"))
        if cleaned.get("rate_per_minute") == 0:
            self.add_error("rate_per_minute", gettext("每分钟至少 1 条；要停用请取消“启用”。"))
        return cleaned


def check_address(channel: str, address: str) -> str:
    """地址: as the channel takes it. Raises ValidationError."""
    plain = address.strip()
    if channel == Channel.EMAIL and plain:
        validate_email(plain)
    if channel == Channel.SMS and plain:
        plain = phone(plain)
        if not MOBILE.fullmatch(plain):
            raise forms.ValidationError(gettext("请填写 11 位手机号码，如 13900001234。"))
    return plain


class PreferenceForm(forms.ModelForm):
    """通知偏好 in the administration."""

    verbs = VerbsField(label=_("动作"), help_text=_("只接收这些动作；空为按默认。"))
    address = forms.CharField(
        label=_("地址"), max_length=200, required=False,
        help_text=_("手机号码、浙政钉账号或另一个邮箱；留空为不改，不再显示。"),
    )  # fmt: skip

    class Meta:
        model = Preference
        fields = ("person", "channel", "is_on", "verbs", "quiet_from", "quiet_to", "language",
                  "address")  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kept = self.instance.address
        self.initial["address"] = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        if (begins is None) != (ends is None):
            self.add_error("quiet_to", gettext("免打扰的起止要一起填，或一起留空。"))
        try:
            given = check_address(cleaned.get("channel", ""), cleaned.get("address") or "")
            cleaned["address"] = given or self.kept
        except forms.ValidationError as wrong:
            self.add_error("address", wrong)
        return cleaned
