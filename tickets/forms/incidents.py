"""The form that ends an incident."""

from typing import Any

from django.forms import CharField, Textarea
from django.utils.translation import gettext_lazy as _

from notices.incidents import LONGEST
from tickets.forms.base import ChainForm


class EndForm(ChainForm):
    """结束异常: what was found and done."""

    note = CharField(
        label=_("处理说明"), widget=Textarea(attrs={"rows": 2, "maxlength": LONGEST}),
        max_length=LONGEST, help_text=_("查到什么、做了什么；不写个人信息。"),
    )  # fmt: skip

    def __init__(self, *args: Any, pk: int, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"incident-{pk}-%s", **kwargs)
        self.pk = pk
