"""Needs for programs: the fields of the forms, told as JSON, asked as JSON, described as JSON.

`tickets.forms` stays the one place of what a verb needs; here only the writing is another.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    Field,
    FloatField,
    IntegerField,
    ModelChoiceField,
    TypedChoiceField,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from common.api import Unfit
from common.errors import Invalid
from tickets import actions, permits
from tickets.api.shapes import AllowedAction, AssistRow, Need, Option
from tickets.forms.base import ChainForm
from tickets.forms.fields import (
    AssistField,
    BuildingField,
    CategoryField,
    PositionField,
    ReasonField,
    TicketField,
    UnitField,
)
from tickets.forms.files import FilesField
from tickets.forms.needs import Asked, fields_of
from tickets.forms.people import PersonField
from tickets.models import Ticket
from tickets.models.assist import AssistState
from tickets.standing import Reader
from tickets.states import Move

SHOWN_AS = {
    "amend_category": "category", "amend_urgency": "urgency", "amend_nature": "nature",
    "amend_place": "address", "amend_building": "building", "amend_position": "position",
    "place": "address", "point": "position",
}  # fmt: skip
"""Names of fields and parameters where programs know them by another."""
HIDDEN = frozenset({"seen", "since", "key"})
KINDS: tuple[tuple[type[Field], str], ...] = (
    (FilesField, "files"), (PersonField, "staff"), (BooleanField, "boolean"),
    (PositionField, "position"), (UnitField, "unit"), (BuildingField, "building"),
    (TicketField, "ticket"), (CategoryField, "category"), (AssistField, "assist"),
    (ModelChoiceField, "person"), (ReasonField, "choice"), (ChoiceField, "choice"),
    (FloatField, "number"), (IntegerField, "integer"), (DateField, "date"), (CharField, "text"),
)  # fmt: skip
"""Field → kind; the first that fits."""
LISTS = {
    "unit": "api_units", "category": "api_categories", "ticket": "api_tickets",
    "building": "api_buildings", "staff": "api_people",
}  # fmt: skip
"""Kind → where its choices are to be had."""


@dataclass(frozen=True)
class Sent:
    """送来的: values by the names of the form's fields, and what is wrong with their types."""

    data: dict[str, Any]
    errors: dict[str, list[str]]


def shown_name(name: str) -> str:
    """字段名, as programs know it."""
    return SHOWN_AS.get(name, name)


def kind_of(field: Field) -> str:
    """种类: what a program has to send."""
    if isinstance(field, TypedChoiceField):
        is_yes_no = {key for key, _label in choices_of(field)} == {"yes", "no"}
        return "boolean" if is_yes_no else "integer"
    return next(kind for shape, kind in KINDS if isinstance(field, shape))


def fill(
    form: ChainForm, body: Mapping[str, Any], *, files: Any = None,
    hidden: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """填表: from JSON; `Unfit` names every field that is wrong, by the names programs use."""
    sent = read(form.fields, body)
    form.fill({**sent.data, **(hidden or {})}, files)
    if form.is_valid() and not sent.errors:
        return
    found = {shown_name(name): [str(one) for one in told] for name, told in form.errors.items()}
    found = {"detail" if name == "__all__" else name: told for name, told in found.items()}
    raise Unfit(found | sent.errors)


@contextmanager
def unfit(**names: str) -> Iterator[None]:
    """动作的拒绝: an action names its parameter, a program is told the name it knows."""
    try:
        yield
    except Invalid as refused:
        field = refused.field or "detail"
        raise Unfit({names.get(field, shown_name(field)): [refused.sentence]}) from None


def read(fields: Mapping[str, Field], body: Mapping[str, Any]) -> Sent:
    """读取: each value for its field; null is as good as nothing."""
    names = {shown_name(name): name for name in fields if name not in HIDDEN}
    data: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in body.items():
        if value is None:
            continue
        if name not in names:
            errors[name] = [_("这里不需要“%(name)s”，请对照 needs 里的字段名。") % {"name": name}]
            continue
        field = fields[names[name]]
        written = WRITERS[kind_of(field)](field, value)
        if written is None:
            errors[name] = [_wrong(field)]
        else:
            data[names[name]] = written
    return Sent(data, errors)


def actions_of(
    who: Reader, ticket: Ticket, assists: list[AssistRow], *, at: datetime
) -> list[AllowedAction]:
    """可做的动作: the buttons of this person, each with what it needs."""
    told: list[AllowedAction] = []
    people: list[Option] = []
    for move in permits.allowed(who, ticket, at=at):
        asked = Asked(move, ticket, who, at, required(move.verb))
        told.append(
            {
                "verb": move.verb,
                "label": str(move.zh),
                "tone": move.tone,
                "is_request": move.approval,
                "href": reverse(f"api_{move.verb}", args=[ticket.number]),
                "needs": needs(fields(move, asked), assists, people),
            }
        )
    return told


def fields(move: Move, asked: Asked) -> dict[str, Field]:
    """字段: of one move, as it is asked here."""
    return {name: one for need in move.needs for name, one in fields_of(need, asked).items()}


def required(verb: str) -> frozenset[str]:
    """必填: parameters of the action without a default."""
    parameters = inspect.signature(actions.ON_TICKET[verb]).parameters.values()
    return frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty)


def needs(
    known: Mapping[str, Field], assists: list[AssistRow] | None = None,
    people: list[Option] | None = None,
) -> list[Need]:  # fmt: skip
    """要填的: for people and programs that draw a form of it.

    `people`: who may be named handler, found once for all the verbs of a ticket.
    """
    helped, named = assists or [], people if people is not None else []
    return [_need(name, one, helped, named) for name, one in known.items() if name not in HIDDEN]


def _need(name: str, field: Field, assists: list[AssistRow], people: list[Option]) -> Need:
    kind = kind_of(field)
    options: list[Option] | None = None
    if kind in ("choice", "integer") and isinstance(field, ChoiceField):
        options = [{"value": key, "label": str(text)} for key, text in choices_of(field)]
    if kind == "assist":
        options = [
            {"value": row["id"], "label": row["unit"]["name"]}
            for row in assists if row["state"] == AssistState.OPEN
        ]  # fmt: skip
    if isinstance(field, ModelChoiceField) and kind == "person":
        if not people:
            people += [{"value": row.pk, "label": str(row)} for row in field.queryset or ()]
        options = people
    return {
        "name": shown_name(name),
        "label": str(field.label),
        "kind": kind,
        "is_required": field.required,
        "help": str(field.help_text),
        "options": options,
        "options_from": reverse(LISTS[kind]) if kind in LISTS else None,
    }


def choices_of(field: ChoiceField) -> list[tuple[Any, Any]]:
    """可选值, without the empty one."""
    offered: Any = field.choices
    return [(key, label) for key, label in offered if key != ""]


def _flag(field: Field, value: Any) -> Any:
    if isinstance(value, str) and value in ("true", "false"):  # a form, where all is text
        value = value == "true"
    if not isinstance(value, bool):
        return None
    return value if isinstance(field, BooleanField) else ("yes" if value else "no")


def _whole(field: Field, value: Any) -> str | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _number(field: Field, value: Any) -> str | None:
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if is_number else None


def _text(field: Field, value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _position(field: Field, value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or set(value) != {"lat", "lng"}:
        return None
    parts = [value["lat"], value["lng"]]
    if any(isinstance(part, bool) or not isinstance(part, int | float) for part in parts):
        return None
    if any(abs(part) > 999 for part in parts):
        return "999, 999"  # the field says what is wrong with it
    return ", ".join(f"{part:.8f}" for part in parts)


def _person(field: Field, value: Any) -> str | None:
    assert isinstance(field, ModelChoiceField)
    assert field.queryset is not None
    found = _whole(field, value)
    if found is not None or not isinstance(value, str):
        return found
    pk = field.queryset.filter(username=value).values_list("pk", flat=True).first()
    return str(pk or 0)


WRITERS: dict[str, Callable[[Field, Any], Any]] = {
    "boolean": _flag, "integer": _whole, "assist": _whole, "number": _number,
    "position": _position, "person": _person, "files": lambda field, value: None,
    **dict.fromkeys(("text", "choice", "date", "staff", *LISTS), _text),
}  # fmt: skip
"""Kind → what the form would have got from a page; None: not of that kind."""


def _wrong(field: Field) -> str:
    label = {"label": field.label}
    match kind_of(field):
        case "boolean":
            return _("“%(label)s”要填 true 或 false。") % label
        case "integer" | "assist":
            return _("“%(label)s”要填整数。") % label
        case "number":
            return _("“%(label)s”要填数字。") % label
        case "position":
            return _('“%(label)s”要填 {"lat": 30.2571, "lng": 120.1642}。') % label
        case "person":
            return _("“%(label)s”要填人员编号或登录名。") % label
        case "files":
            return _("“%(label)s”要用 multipart/form-data 上传。") % label
        case _:
            return _("“%(label)s”要填文字。") % label
