"""One form class for each verb, built from the table of moves."""

import inspect
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.forms import CharField, HiddenInput, IntegerField
from django.utils.translation import gettext as _

from common.errors import Refused, VersionMissing
from grids.models import Person
from tickets import actions
from tickets.actions._born import Place
from tickets.attachments import Prepared
from tickets.forms.base import ChainForm
from tickets.forms.needs import Asked, fields_of
from tickets.models import Ticket
from tickets.states import MOVES, Move
from tickets.words import PHOTOS, FileKind

RENAMED = {"amend_category": "category", "amend_urgency": "urgency", "amend_nature": "nature"}
FIELD_OF = {parameter: field for field, parameter in RENAMED.items()} | dict.fromkeys(
    ("place", "address", "building", "point", "lat", "lng"), "amend_place"
)
PLACE = ("amend_place", "amend_building", "amend_position")
FILES = ("files", "before_photos", "after_photos")
LONGEST = 9  # digits of a version or sequence number


class VerbForm(ChainForm):
    """动作表单: the needs of one move, with the version of the ticket the person saw."""

    move: Move
    seen = IntegerField(widget=HiddenInput, required=False)
    since = IntegerField(widget=HiddenInput, required=False)

    def arguments(self) -> dict[str, Any]:
        """What the action takes, by its own parameter names."""
        given = {
            RENAMED.get(name, name): value
            for name, value in self.cleaned_data.items()
            if name not in (*PLACE, *FILES, "photo_kind", "seen", "since")
        }
        if files := [name for name in FILES if name in self.cleaned_data]:
            given["files"] = [one for name in files for one in self._files(name)]
        if "amend_place" in self.cleaned_data:
            given["place"] = self._place()
        return given

    def keep(self, other: "VerbForm") -> None:
        """接过: what another form of the verb was told; files are not opened a second time."""
        self._errors, self.cleaned_data = other.errors, getattr(other, "cleaned_data", {})

    def refuse(self, refused: Refused) -> None:
        """拒绝: the action names its own parameter, the page shows the field it came from."""
        known = refused.field if refused.field in self.fields else ""
        field = known or FIELD_OF.get(refused.field, "")
        self.add_error(field if field in self.fields else None, refused.sentence)

    def typed(self) -> list[tuple[str, str]]:
        """已填内容: label and words of what was written, kept when no form can be shown."""
        return [
            (str(bound.label), str(bound.data))
            for bound in self.visible_fields()
            if isinstance(bound.field, CharField) and bound.data
        ]

    def seen_version(self) -> int:
        """版本: which version the person saw; `VersionMissing` when the form does not say."""
        text = str(self.data.get("seen", ""))
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST):
            raise VersionMissing(_("表单里缺少工单的版本，请打开工单页面再提交。"))
        return int(text)

    def seen_seq(self) -> int:
        """记录序号: the last event the person saw; 0 when the form does not say."""
        text = str(self.data.get("since", ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0

    def _files(self, name: str) -> list[Prepared]:
        chosen = self.cleaned_data.get("photo_kind")
        return [
            replace(one, kind=FileKind(chosen)) if chosen and one.kind in PHOTOS else one
            for one in self.cleaned_data[name]
        ]

    def _place(self) -> Place | None:
        address, building, position = (self.cleaned_data.get(name) for name in PLACE)
        if not (address or building or position):
            return None
        lat, lng = position or (None, None)
        return Place(lat=lat, lng=lng, address=address or "", building=building)


def verb_form(
    verb: str, ticket: Ticket, person: Person, *, at: datetime, data: Any = None, files: Any = None
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


def _required(verb: str) -> frozenset[str]:
    parameters = inspect.signature(actions.ON_TICKET[verb]).parameters.values()
    return frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty)
