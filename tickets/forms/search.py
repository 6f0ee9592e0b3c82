"""Forms of the search page."""

from django.forms import CharField, TextInput
from django.utils.translation import gettext_lazy as _

from tickets.forms.base import ChainForm
from tickets.reveals import LONGEST


class SearchForm(ChainForm):
    """查找: what is asked for stands in the address; `search.check` says what is wrong with it."""

    q = CharField(
        label=_("查找"),
        required=False,
        widget=TextInput(
            attrs={
                "type": "search",
                "class": "form-control",
                "autocomplete": "off",
                "enterkeyhint": "search",
            }
        ),
    )


class PhoneForm(ChainForm):
    """按电话查找: number and reason are posted, so that neither stands in an address or a log."""

    phone = CharField(
        label=_("电话"),
        max_length=40,
        widget=TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    reason = CharField(label=_("查找理由"), max_length=LONGEST)
