"""Forms of what other systems hand in: as a desk takes it down, with the place as they know it."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField
from django.utils.translation import gettext_lazy as _

from common import clock
from grids.models import Division
from tickets.actions._born import Place
from tickets.forms.report import PLACE, NamedForm, ReportForm
from tickets.models import Client
from tickets.words import Origin


class DivisionField(CharField):
    """区划: by the code of a district, street, community or grid."""

    day: date
    """On which the division must exist."""

    def clean(self, value: Any) -> Division | None:
        code = str(super().clean(value))
        if not code:
            return None
        found = Division.objects.valid_on(self.day).filter(code=code).first()
        if found is None:
            raise ValidationError(
                _("没有代码为“%(code)s”的区划，请对照 /divisions/。"), params={"code": code}
            )
        return found


class FindingForm(ReportForm):
    """外部发现: what another system's patrols or devices found."""

    division = DivisionField(
        label=_("区划"), required=False, max_length=15,
        help_text=_("只知道在哪个街道、社区或网格时，填它的代码。"),
    )  # fmt: skip
    places = (*PLACE, "division")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        assert isinstance(field, DivisionField)
        field.day = clock.local(at).date()

    def place(self) -> Place:
        """地点: the division stands where nothing nearer is known."""
        near = super().place()
        is_bare = near.lat is None and near.building is None
        division = self.cleaned_data["division"] if is_bare else None
        return Place(near.lat, near.lng, near.datum, near.address, near.building, division)


class ForwardForm(NamedForm, FindingForm):
    """外部转来: somebody's matter, by way of another system."""


def client_form(client: Client) -> type[FindingForm]:
    """表单: by whose matters that system hands in."""
    return ForwardForm if client.origin == Origin.RESIDENT else FindingForm
