"""One form class for each verb, built from the table of moves."""

import inspect
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.forms import BoundField, CharField, Textarea
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from common.errors import Refused
from tickets import actions
from tickets.actions._born import Place
from tickets.attachments import Prepared
from tickets.checklists import PREFIX
from tickets.forms.base import SeenForm
from tickets.forms.contact import CONTACT, check_contact, reporter_of
from tickets.forms.needs import Asked, fields_of
from tickets.models import Ticket
from tickets.standing import Reader
from tickets.states import MOVES, Move
from tickets.words import PHOTOS, FileKind

RENAMED = {
    "amend_category": "category", "amend_urgency": "urgency", "amend_nature": "nature",
    "key": "idempotency_key",
}  # fmt: skip
FIELD_OF = {parameter: field for field, parameter in RENAMED.items()} | dict.fromkeys(
    ("place", "address", "building", "point", "lat", "lng"), "amend_place"
)
PLACE = ("amend_place", "amend_building", "amend_position")
FILES = ("files", "before_photos", "after_photos")
NOT_AS_TYPED = frozenset({*PLACE, *CONTACT, *FILES, "photo_kind", "seen", "since"})


class VerbForm(SeenForm):
    """动作表单: the needs of one move, with the version of the ticket the person saw."""

    move: Move

    def arguments(self) -> dict[str, Any]:
        """What the action takes, by its own parameter names."""
        given = {
            RENAMED.get(name, name): value
            for name, value in self.cleaned_data.items()
            if name not in NOT_AS_TYPED and not name.startswith(PREFIX)
        }
        if checks := self._checks():
            given["checks"] = checks
        if files := [name for name in FILES if name in self.cleaned_data]:
            given["files"] = [one for name in files for one in self._files(name)]
        if "amend_place" in self.cleaned_data:
            given["place"] = self._place()
        if "is_anonymous" in self.cleaned_data:
            given["reporter"] = reporter_of(self.cleaned_data)
        return given

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "is_anonymous" in self.fields:
            check_contact(self, given)
        return given

    def keep(self, other: "VerbForm") -> None:
        """接过: what another form of the verb was told; files are not opened a second time."""
        self._errors, self.cleaned_data = other.errors, getattr(other, "cleaned_data", {})

    def refuse(self, refused: Refused) -> None:
        """拒绝: the action names its own parameter, the page shows the field it came from."""
        known = refused.field if refused.field in self.fields else ""
        field = known or FIELD_OF.get(refused.field, "")
        self.add_error(field if field in self.fields else None, refused.sentence)

    def renew(self, bound: BoundField, data: QueryDict) -> None:
        """更新: what was merely offered takes the ticket's present value; what was typed stays."""
        initial = self.get_initial_for_field(bound.field, bound.name)
        now = _as_sent(bound.field.prepare_value(initial))
        offered, typed = (
            _as_sent(data.get(name)) for name in (bound.html_initial_name, bound.html_name)
        )
        if bound.html_initial_name not in data or now == offered:
            return
        data[bound.html_initial_name] = now
        if typed == offered:
            data[bound.html_name] = now
        told = _changed(bound, initial, is_kept=typed != offered)
        bound.help_text = format_html("<strong>{}</strong> {}", told, bound.help_text)

    def typed(self) -> list[tuple[str, str]]:
        """已填内容: label and words of what was written, kept when no form can be shown."""
        return [
            (str(bound.label), str(bound.data))
            for bound in self.visible_fields()
            if isinstance(bound.field, CharField) and bound.data
        ]

    def _files(self, name: str) -> list[Prepared]:
        chosen = self.cleaned_data.get("photo_kind")
        return [
            replace(one, kind=FileKind(chosen)) if chosen and one.kind in PHOTOS else one
            for one in self.cleaned_data[name]
        ]

    def _checks(self) -> dict[str, str]:
        return {
            name.removeprefix(PREFIX): answer
            for name, answer in self.cleaned_data.items()
            if name.startswith(PREFIX) and answer
        }

    def _place(self) -> Place | None:
        address, building, position = (self.cleaned_data.get(name) for name in PLACE)
        if not (address or building or position):
            return None
        lat, lng = position or (None, None)
        return Place(lat=lat, lng=lng, address=address or "", building=building)


def verb_form(
    verb: str, ticket: Ticket, person: Reader, *, at: datetime, data: Any = None, files: Any = None
) -> VerbForm:
    """表单: of one verb, for this person and ticket, empty or with what was posted."""
    move = MOVES[verb]
    asked = Asked(move, ticket, person, at, _required(verb))
    fields = {name: field for need in move.needs for name, field in fields_of(need, asked).items()}
    built = type(f"{verb.title()}Form", (VerbForm,), {**fields, "move": move})
    form: VerbForm = built(
        data, files, auto_id=f"{verb}-%s", initial={"seen": ticket.version, "since": ticket.seq}
    )
    return form


def come_back(
    verb: str, ticket: Ticket, person: Reader, *, at: datetime, sent: QueryDict
) -> VerbForm:
    """再填一次: the same form for the ticket as it is now, with everything that was typed."""
    data = sent.copy()
    data["seen"], data["since"] = str(ticket.version), str(ticket.seq)
    again = verb_form(verb, ticket, person, at=at, data=data)
    for bound in again.visible_fields():
        if bound.field.show_hidden_initial:
            again.renew(bound, data)
    return again


def _as_sent(value: Any) -> str:
    return str(value or "").replace("\r\n", "\n").strip()


def _changed(bound: BoundField, now: Any, *, is_kept: bool) -> str:
    if isinstance(bound.field.widget, Textarea):
        told = _("在您打开之后，这一项已由他人修改。")
    else:
        told = _("在您打开之后，已由他人改为“%(now)s”。") % {"now": now or "—"}
    return told + _("这里保留您填的内容。") if is_kept else told


def _required(verb: str) -> frozenset[str]:
    parameters = inspect.signature(actions.ON_TICKET[verb]).parameters.values()
    return frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty)
