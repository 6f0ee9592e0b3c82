"""Bodies of requests for the schema, read off the same forms; no table is asked."""

from collections.abc import Mapping
from typing import Any

from django.forms import CharField, ChoiceField, Field, Form, IntegerField
from django.utils.translation import gettext as _

from common import clock
from common.openapi import Schema, or_null
from grids.models import Person
from tickets import actions, observing
from tickets.api.needs import HIDDEN, choices_of, fields, kind_of, required, shown_name
from tickets.api.refs import THEIRS
from tickets.checklists import PREFIX
from tickets.external import CASE, CODED
from tickets.forms.decisions import FORMS as DECISIONS
from tickets.forms.decisions import RevealForm
from tickets.forms.external import ForwardForm
from tickets.forms.fields import ReasonField
from tickets.forms.needs import Asked
from tickets.forms.report import BehalfForm, OwnForm, PatrolForm
from tickets.models import Ticket
from tickets.models.checklist import CheckAnswer
from tickets.states import MOVES, Who
from tickets.words import Origin

FILE_NEEDS = frozenset({"files", "before_photos", "after_photos"})
POSITION: Schema = {
    "type": "object",
    "properties": {
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "lng": {"type": "number", "minimum": -180, "maximum": 180},
    },
    "required": ["lat", "lng"],
    "additionalProperties": False,
}
PLAIN: dict[str, Schema] = {
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "position": POSITION,
    "assist": {"type": "integer", "minimum": 1},
    "person": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]},
    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
}


CHECK: Schema = {"type": ["string", "null"], "enum": [*CheckAnswer.values, None]}
"""One line of a checklist: which there are the ticket's `needs` tell."""
ANSWERS = {f"^{PREFIX}[-a-z0-9_]+$": CHECK}


def verb_body(verb: str, *, without: tuple[str, ...] = (), with_files: bool = False) -> Schema:
    """动作的内容: whatever it may be asked of anybody; the ticket says what is asked now."""
    always, sometimes = _of_verb(verb, set()), _of_verb(verb, {Who.DESK, Who.SHIFT})
    known = {name: one for name, one in (always | sometimes).items() if name not in without}
    needed = [n for n in known if all(n in one and one[n].required for one in (always, sometimes))]
    told = _object(known, needed, with_files=with_files)
    if "checks" in MOVES[verb].needs:
        told["patternProperties"] = ANSWERS
    if verb in actions.OBSERVED:
        told["properties"] |= observed_body()
    return told


def takes_files(verb: str) -> bool:
    """可带文件."""
    return bool(FILE_NEEDS & set(MOVES[verb].needs))


def has_to_take_files(verb: str) -> bool:
    """必带文件: there is no way to do it in JSON."""
    return any(kind_of(one) == "files" and one.required for one in _of_verb(verb, set()).values())


def report_body(*, with_files: bool = False) -> Schema:
    """上报的内容: of a resident, a desk that takes it down, a grid worker."""
    known: dict[str, Field] = {}
    for form in (OwnForm, PatrolForm, BehalfForm, ForwardForm):
        known |= form.base_fields
    told = _object(known, ["text"], with_files=with_files)
    told["properties"] |= external_body() | observed_body()
    told["patternProperties"] = ANSWERS
    return told


def report_form_body() -> Schema:
    """上报的内容, with photos."""
    return report_body(with_files=True)


def observed_body() -> dict[str, Schema]:
    """现场时间: what a device may say besides."""
    about = _("手机记录的现场时间，7 天以内，不能在将来；只作说明，不算时限。")
    moment: Schema = {"type": "string", "format": "date-time", "description": str(about)}
    return {observing.FIELD: or_null(moment)}


def external_body() -> dict[str, Schema]:
    """来源系统另填的: what only another system sends with a report."""
    number = {**THEIRS, "description": str(_("贵方的编号。"))}
    kind = {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,23}$", "default": CASE}
    code = {"type": ["string", "null"], "maxLength": 64}
    return {
        "external": {
            "type": ["object", "null"],
            "description": str(_("来源系统必填：贵方的编号；同一编号再交来，得到的是第一张工单。")),
            "properties": {"id": number, "kind": kind},
            "required": ["id"],
            "additionalProperties": False,
        },
        "external_codes": {
            "type": ["object", "null"],
            "description": str(_("来源系统可填：贵方的代码，按代码对照换成本系统的。")),
            "properties": dict.fromkeys(CODED, code),
            "additionalProperties": False,
        },
    }


def decision_body(decision: str) -> Schema:
    """决定的内容."""
    return of_form(DECISIONS[decision])


def of_form(form: type[Form]) -> Schema:
    """表单的内容."""
    known = form.base_fields
    return _object(known, [name for name, one in known.items() if one.required])


def reveal_body() -> Schema:
    """查看联系方式的内容."""
    return _object(RevealForm.base_fields, ["reason"])


def _of_verb(verb: str, standings: set[Who]) -> dict[str, Field]:
    ticket = Ticket(pk=0, origin=Origin.RESIDENT)
    asked = Asked(MOVES[verb], ticket, Person(pk=0), clock.now(), required(verb))
    asked.standings = frozenset(standings)
    return fields(asked.move, asked)


def _object(known: Mapping[str, Field], needed: list[str], *, with_files: bool = False) -> Schema:
    if not with_files:
        known = {name: one for name, one in known.items() if kind_of(one) != "files"}
    told: Schema = {
        "type": "object",
        "properties": {
            shown_name(name): of_field(one, is_needed=name in needed)
            for name, one in known.items()
            if name not in HIDDEN
        },
        "additionalProperties": False,
    }
    if needed:
        told["required"] = sorted(shown_name(name) for name in needed)
    return told


def of_field(field: Field, *, is_needed: bool) -> Schema:
    """一个字段: what need not be sent may be null."""
    kind = kind_of(field)
    told: Schema = {**PLAIN.get(kind, {"type": "string"}), "title": str(field.label)}
    if field.help_text:
        told["description"] = str(field.help_text)
    if isinstance(field, ChoiceField) and not isinstance(field, ReasonField) and kind in LISTED:
        told["enum"] = [key for key, _label in choices_of(field)]
    if isinstance(field, CharField) and kind in ("text", "staff") and field.max_length:
        told["maxLength"] = field.max_length
    if isinstance(field, IntegerField) and kind in ("integer", "number"):
        limits: dict[str, Any] = {"minimum": field.min_value, "maximum": field.max_value}
        told |= {name: value for name, value in limits.items() if value is not None}
    return told if is_needed else or_null(told)


LISTED = ("choice", "integer")
"""Kinds whose values are a closed list, unless a clerk keeps it (reasons, categories)."""
