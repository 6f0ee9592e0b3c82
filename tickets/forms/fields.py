"""Fields that find something by what a person types: code, name or sound."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import CharField, ChoiceField, ModelChoiceField, Select, TextInput
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.listing import listed, noted
from grids.models import Building, Person, Post, PostKind, Unit
from grids.models.absence import deputy_name
from tickets import choices, law
from tickets.forms.base import EMPTY
from tickets.models import Category, Ticket
from tickets.standing import Reader

UNIT_POSTS = (PostKind.UNIT_CLERK, PostKind.HANDLER, PostKind.UNIT_HEAD)
SHOWN = 4  # candidates named when a name fits several
NUMBER = re.compile(r"[0-9]{6}-[0-9]{8}-[0-9]{5,8}")
SHORT_NUMBER = re.compile(r"[0-9]{8}-[0-9]{5,8}")
POSITION = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]{1,12})?)[\s,，]+(-?[0-9]{1,3}(?:\.[0-9]{1,12})?)")


class UnitField(CharField):
    """单位: a text box with suggestions; takes code, name or pinyin, as long as it is clear."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "units", "spellcheck": "false", **suggesting()}
        super().__init__(max_length=120, widget=TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.code} {value.name}" if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        return only_one(
            _units_like(text), text, _("没有找到单位“%(text)s”，请填单位代码或从建议中选。")
        )


class BuildingField(CharField):
    """楼栋: by code or name; the suggestions come while typing."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"data-combo-url": reverse_lazy("suggest_buildings"), **suggesting()}
        super().__init__(max_length=120, widget=TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.code} {value.name}" if isinstance(value, Building) else value

    def clean(self, value: Any) -> Building | None:
        text = super().clean(value)
        if not text:
            return None
        exact = list(Building.objects.filter(code=text.split()[0])[:1])
        found = exact or list(buildings_like(text)[: SHOWN + 1])
        return only_one(found, text, _("没有找到楼栋“%(text)s”，请从建议中选，或改填地址。"))


class CategorySelect(Select):
    """类别选单: marks where the page says whom to call, or asks for the unit it is about."""

    def optgroups(self, *args: Any, **kwargs: Any) -> Any:
        self._rows = {row.code: row for row in law.categories().values()}
        return super().optgroups(*args, **kwargs)

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        row = self._rows.get(str(option["value"]))
        if row is not None and row.is_dangerous:
            option["attrs"]["data-danger"] = ""
        if row is not None and row.is_about_staff:
            option["attrs"]["data-staff"] = ""
        return option


class CategoryField(ChoiceField):
    """类别: an active minor category, chosen by code."""

    widget = CategorySelect

    def __init__(self, *, empty: Callable[[], str] | None = None, **kwargs: Any) -> None:
        # a callable: forms are made when no table can be asked yet
        super().__init__(
            choices=lambda: [
                *([("", empty())] if empty else EMPTY),
                *choices.category_groups(),
            ],
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Category) else value

    def clean(self, value: Any) -> Category | None:
        code = super().clean(value)
        return choices.category(code) if code else None


class ReasonField(ChoiceField):
    """理由: one of the active codes of a verb."""

    def __init__(self, verb: str, **kwargs: Any) -> None:
        super().__init__(
            choices=lambda: [*EMPTY, *((row.code, row.text) for row in law.reasons(verb))], **kwargs
        )


class AssistField(ModelChoiceField):
    """协办: one of the open ones, named by its unit."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.unit)


class TicketField(CharField):
    """工单编号: of a ticket this person may see; the district's six digits may be left out."""

    def __init__(self, *, person: Reader, at: datetime, district: str, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "inputmode": "numeric"}
        super().__init__(max_length=40, widget=TextInput(attrs=attrs), **kwargs)
        self._person, self._at = person, at
        self._district = district

    def clean(self, value: Any) -> Ticket | None:
        text = super().clean(value)
        if not text:
            return None
        number = f"{self._district}-{text}" if SHORT_NUMBER.fullmatch(text) else text
        found = None
        if NUMBER.fullmatch(number):
            seen = Ticket.objects.visible_to(self._person, self._at)
            found = seen.filter(number=number).first()
        if found is None:
            raise ValidationError(
                _("没有编号为 %(text)s 的工单，请核对编号，如 330102-20260302-00012。"),
                params={"text": text},
            )
        return found


class PositionField(CharField):
    """位置: "纬度, 经度" in WGS-84; the page's button fills it from the phone."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "data-position": "", "placeholder": "30.2571, 120.1642"}
        super().__init__(max_length=60, widget=TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> tuple[float, float] | None:
        text = super().clean(value)
        if not text:
            return None
        found = POSITION.fullmatch(text)
        lat, lng = (float(part) for part in found.groups()) if found else (999.0, 999.0)
        if abs(lat) > 90 or abs(lng) > 180:
            raise ValidationError(_("位置请填“纬度，经度”，如 30.2571, 120.1642。"))
        return lat, lng


def suggesting() -> dict[str, Any]:
    """建议框: what the page's script looks for."""
    return {"data-combo": gettext_lazy("可选建议"), "autocomplete": "off"}


def buildings_like(text: str) -> Any:
    """楼栋查找: code, name or address holds every word of the text."""
    found = Building.objects.order_by("code")
    for word in text.split()[:4]:
        found = found.filter(
            Q(code__istartswith=word) | Q(name__icontains=word) | Q(address__icontains=word)
        )
    return found


class ColleagueField(ModelChoiceField):
    """本单位人员: whoever is away is told apart, and who stands in."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._day = clock.local(at).date()

    def label_from_instance(self, obj: Any) -> str:
        name = deputy_name(obj.pk, self._day)
        return noted(obj, _("%(name)s代班") % {"name": name}) if name else str(obj)


def people_of(ticket: Ticket, at: datetime) -> Any:
    """本单位在岗人员: who may be named handler instead of the present one."""
    posts = Post.objects.in_force(clock.local(at).date()).filter(
        kind__in=UNIT_POSTS, unit=ticket.unit
    )
    people = Person.objects.filter(pk__in=posts.values("person")).order_by("pinyin", "name")
    return people.exclude(pk__in=[pk for pk in (ticket.handler_id, ticket.about_person_id) if pk])


def _units_like(text: str) -> list[Unit]:
    rows = choices.units()
    code, low = text.split()[0].upper(), text.lower()
    tests = (
        lambda row: row.code.upper() == code,
        lambda row: row.name == text,
        lambda row: text in row.name or any(part.startswith(low) for part in row.pinyin.split()),
    )
    return next((found for test in tests if (found := [row for row in rows if test(row)])), [])


def code_and_name(row: Any) -> str:
    """代码和名称."""
    return f"{row.code} {row.name}"


def only_one(
    found: list[Any], text: str, unknown: str, *, show: Callable[[Any], str] = code_and_name
) -> Any:
    """唯一: the one that is meant; the candidates are named when the text fits several."""
    if not found:
        raise ValidationError(unknown, params={"text": text})
    if len(found) > 1:
        names = listed(show(row) for row in found[:SHOWN])
        raise ValidationError(
            _("“%(text)s”对应几个：%(names)s%(more)s。请选定其中一个。"),
            params={"text": text, "names": names, "more": "…" if len(found) > SHOWN else ""},
        )
    return found[0]
