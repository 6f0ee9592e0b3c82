"""The bundle is put together: contacts revealed first, if asked for, the rest in one view."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from common.errors import Invalid, NotVisible
from common.snapshot import snapshot
from grids.models import Person
from tickets import reveals
from tickets.attachments.storing import room
from tickets.exporting.record.gathering import Gathered, gather
from tickets.exporting.record.packing import Pack, packed
from tickets.exporting.record.telling import page
from tickets.models import Export, Ticket
from tickets.models.export import ExportForm, ExportOf
from tickets.reveals import Contact

AS_THEY_ARE = ("index.css", "verify.py")
SHOWN = ("category", "unit", "division", "community", "subdistrict", "reporter")


@dataclass(frozen=True)
class Bundle:
    """审计包: where it is, and the digest of its manifest, to be kept elsewhere."""

    path: Path
    digest: str
    events: int
    lost: list[int]
    """Attachments whose file is not in the store: `verify.py` names them, too."""


def export_record(
    number: str, out: Path, *, at: datetime, by: Person | None = None, reason: str | None = None
) -> Bundle:
    """导出审计包. With a `reason` contacts stand in it in clear, revealed to `by` and recorded.

    Raises NotVisible, Invalid (the place), and what `reveal` raises.
    """
    ticket = Ticket.objects.select_related(*SHOWN).filter(number=number).first()
    if ticket is None:
        raise NotVisible(_("没有工单 %(number)s，请核对编号。") % {"number": number})
    with packed(out, number) as (pack, target):
        contact = _revealed(ticket, by, at, reason)
        with snapshot():
            found = gather(ticket, contact)
            lost = _add_files(pack, found)
            digest = _fill(pack, found, at)
    Export.objects.create(
        person=by, what=ExportOf.RECORD, form=ExportForm.ZIP, rows=len(found.events), at=at,
        asked={"number": number, "contacts": contact is not None, "manifest": digest},
    )  # fmt: skip
    return Bundle(target, digest, len(found.events), lost)


def _revealed(
    ticket: Ticket, by: Person | None, at: datetime, reason: str | None
) -> Contact | None:
    if reason is None:
        return None
    if by is None:
        raise Invalid(_("要带联系方式，请用 --by 写明是谁在看。"), field="by")
    return reveals.reveal(ticket, by=by, at=at, reason=reason)


def _add_files(pack: Pack, found: Gathered) -> list[int]:
    """Which are lost."""
    lost = []
    for pk, file in list(found.files.items()):
        try:
            with room().open(file.stored) as opened:
                pack.add(file.name, opened)
        except FileNotFoundError:
            lost.append(pk)
            del found.files[pk]
    for row in found.parts["attachments"]:
        row["file"] = "" if row["id"] in lost else row["file"]
    return lost


def _fill(pack: Pack, found: Gathered, at: datetime) -> str:
    for name, value in found.parts.items():
        pack.add_json(f"record/{name}.json", value)
    pack.add("index.html", page(found, at=at))
    for name in AS_THEY_ARE:
        pack.add(name, Path(__file__).with_name(name).read_bytes())
    return pack.close(
        {"number": found.ticket.number, "made_at": at.astimezone(UTC).isoformat(), "version": 1}
    )
