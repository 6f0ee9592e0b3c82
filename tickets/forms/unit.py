"""Filters of a unit's page: those of the working lists, and whose tickets."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import CharField, HiddenInput, IntegerField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Invalid
from tickets import workloads
from tickets.forms.filters import FilterForm
from tickets.walks import Walk

LARGEST = 2**31 - 1
HIDDEN = ("handler", "tab")


class UnitFilterForm(FilterForm):
    """承办筛选: `handler` 0 is nobody: still to be claimed."""

    handler = IntegerField(
        label=gettext_lazy("处置人员"), required=False, min_value=0, max_value=LARGEST,
        widget=HiddenInput,
    )  # fmt: skip
    tab = CharField(label=gettext_lazy("列表"), required=False, max_length=20, widget=HiddenInput)

    def clean_tab(self) -> str:
        try:
            return tab_of(str(self.cleaned_data["tab"]))
        except Invalid as refused:
            raise ValidationError(refused.sentence) from None

    def narrowed(self, rows: Walk, minded: Q) -> Walk:
        """某人的, of the tickets whose load is told."""
        handler = self.cleaned_data.get("handler")
        if handler is None:
            return rows
        return rows.filter(minded, handler_id=handler or None)

    def conditions(self) -> dict[str, str]:
        """条件 besides the list itself."""
        return {name: value for name, value in self.chosen().items() if name != "tab"}

    def told(self) -> list[tuple[str, str]]:
        hidden = {str(self.fields[name].label) for name in HIDDEN}
        return [one for one in super().told() if one[0] not in hidden]

    def address(self) -> str:
        """如地址所写: list and conditions, to be read again later."""
        tab = self.cleaned_data.get("tab") or workloads.TODO
        return urlencode({"tab": tab, **self.conditions()})


def tab_of(asked: str) -> str:
    """哪一栏: empty for none; `Invalid` when there is no such list."""
    if asked and asked not in workloads.NAMES:
        raise Invalid(_("没有这个列表，请从“承办”进入。"), field="tab")
    return asked


def of_query(query: str) -> UnitFilterForm:
    """保存的条件, checked anew: the law may have changed since."""
    return UnitFilterForm(QueryDict(query))
