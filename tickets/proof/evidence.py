"""Are the attachments beside the events those the events vouch for, and are their files whole?"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from tickets.attachments.storing import digest, path, room
from tickets.models.attachment import facts
from tickets.proof.facts import AttachmentFacts, Breach, EventFacts, Tally, row
from tickets.proof.said import erased_upto
from tickets.record import facts_digest

Entry = tuple[str, str, str]


def check(
    number: str, events: Sequence[EventFacts], rows: Sequence[AttachmentFacts], tally: Tally
) -> Iterator[Breach]:
    """附件: altered, missing or extra; erased ones need a later erasure that names its rule."""
    by_event: dict[int, list[AttachmentFacts]] = {}
    for found in rows:
        by_event.setdefault(found.event_id, []).append(found)
    upto = erased_upto(events)
    for event in events:
        own = by_event.pop(event.pk, [])
        tally.attachments += len(own)
        yield from _of_event(row(number, event.seq), event, own, event.seq <= upto, tally)
    for strays in by_event.values():
        for stray in strays:
            tally.attachments += 1
            yield Breach(number, _("附件 %(pk)s 不属于这张工单的任何记录") % {"pk": stray.pk})


def check_files(number: str, rows: Sequence[AttachmentFacts]) -> Iterator[Breach]:
    """附件文件: every copy is there and is what was kept."""
    for found in rows:
        if found.is_erased:
            continue
        for copy, wanted in found.copies.items():
            said = {"pk": found.pk, "copy": copy}
            try:
                with room().open(path(found.name, copy, found.media_type)) as file:
                    if digest(file) != wanted:
                        yield Breach(number, _("附件 %(pk)s 的文件（%(copy)s）被改过") % said)
            except (OSError, KeyError):
                yield Breach(number, _("附件 %(pk)s 的文件（%(copy)s）不见了") % said)


def _of_event(
    where: str,
    event: EventFacts,
    rows: Sequence[AttachmentFacts],
    may_be_erased: bool,
    tally: Tally,
) -> Iterator[Breach]:  # fmt: skip
    wanted = _entries(event)
    for found in rows:
        match = next((entry for entry in wanted if _is_match(entry, found)), None)
        if match is None:
            known = next((entry for entry in wanted if entry[:2] == _head(found)), None)
            said = _("附件 %(pk)s 被改过") if known else _("多出一个记录里没有的附件 %(pk)s")
            yield Breach(where, said % {"pk": found.pk})
            wanted = [entry for entry in wanted if entry != known]
            continue
        wanted.remove(match)
        if found.is_erased and not may_be_erased:
            yield Breach(where, _("附件 %(pk)s 被清空，没有脱敏记录") % {"pk": found.pk})
        tally.erased_attachments += found.is_erased and may_be_erased
    for kind, _sha, _digest in wanted:
        yield Breach(where, _("缺少附件（%(kind)s）") % {"kind": kind})


def _entries(event: EventFacts) -> list[Entry]:
    found = event.value("attachments")
    rows = found if isinstance(found, list) else []
    return [
        (str(entry[0]), str(entry[1]), str(entry[2]))
        for entry in rows
        if isinstance(entry, list) and len(entry) == 3
    ]


def _head(found: AttachmentFacts) -> tuple[str, str]:
    return found.kind, found.sha256


def _is_match(entry: Entry, found: AttachmentFacts) -> bool:
    if entry[:2] != _head(found):
        return False
    if found.is_erased:
        return True  # without its salt only kind and original can still be compared
    try:
        return facts_digest(found.salt, facts(found)) == entry[2]
    except (TypeError, ValueError):  # put there by hand
        return False
