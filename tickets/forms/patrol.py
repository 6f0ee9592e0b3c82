"""What a check-in says: where, how it is shown, and what was found."""

from datetime import datetime
from typing import Any

from django.forms import CharField, ChoiceField, FloatField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Invalid
from grids.models import Person
from tickets.actions import Fix
from tickets.forms.base import ChainForm
from tickets.models import CheckInWay, PatrolPoint, Ticket

FARTHEST = 1_000_000  # metres: what a device says of its own accuracy


class CheckInForm(ChainForm):
    """打卡."""

    code = CharField(label=gettext_lazy("巡查点"), max_length=12)
    way = ChoiceField(label=gettext_lazy("方式"), choices=CheckInWay.choices)
    mark = CharField(label=gettext_lazy("码"), required=False, max_length=32)
    lat = FloatField(label=gettext_lazy("纬度"), required=False, min_value=-90, max_value=90)
    lng = FloatField(label=gettext_lazy("经度"), required=False, min_value=-180, max_value=180)
    accuracy = FloatField(
        label=gettext_lazy("误差"), required=False, min_value=0, max_value=FARTHEST
    )
    ticket = CharField(label=gettext_lazy("工单"), required=False, max_length=40)

    def arguments(self, person: Person, *, at: datetime) -> dict[str, Any]:
        """给动作的: the place and the ticket as rows; raises `Invalid` where there is none."""
        given = self.cleaned_data
        return {
            "point": _point(given["code"]),
            "way": given["way"],
            "mark": given["mark"],
            "fix": self._fix(),
            "ticket": _ticket(given["ticket"], person, at),
        }

    def _fix(self) -> Fix | None:
        lat, lng = self.cleaned_data["lat"], self.cleaned_data["lng"]
        if (lat is None) != (lng is None):
            raise Invalid(_("纬度和经度要一起填。"), field="lat")
        return None if lat is None else Fix(lat, lng, self.cleaned_data["accuracy"])


def _point(code: str) -> PatrolPoint:
    found = PatrolPoint.objects.filter(code=code).first()
    if found is None:
        said = _("没有代码为“%(code)s”的巡查点，可能已经停用。") % {"code": code}
        raise Invalid(said, field="code")
    return found


def _ticket(number: str, person: Person, at: datetime) -> Ticket | None:
    if not number:
        return None
    found = Ticket.objects.visible_to(person, at).filter(number=number).first()
    if found is None:
        said = _("没有找到工单“%(number)s”，请核对编号。") % {"number": number}
        raise Invalid(said, field="ticket")
    return found
