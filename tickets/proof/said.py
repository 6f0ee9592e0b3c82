"""Are the words beside the events those whose digests the events hold? Pure."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from tickets.proof.facts import Breach, EventFacts, Tally, WordsFacts, row
from tickets.record import words_digest

Digest = tuple[str, str]


def check(
    number: str, events: Sequence[EventFacts], words: Sequence[WordsFacts], tally: Tally
) -> Iterator[Breach]:
    """文本: altered, missing or extra; emptied ones need a later erasure that names its rule."""
    by_event: dict[int, list[WordsFacts]] = {}
    for said in words:
        by_event.setdefault(said.event_id, []).append(said)
    upto = erased_upto(events)
    for event in events:
        rows = by_event.pop(event.pk, [])
        tally.words += len(rows)
        yield from _of_event(number, event, rows, event.seq <= upto, tally)
    for strays in by_event.values():
        tally.words += len(strays)
        for said in strays:
            yield Breach(number, _("文本 %(pk)s 不属于这张工单的任何记录") % {"pk": said.pk})


def erased_upto(events: Sequence[EventFacts]) -> int:
    """脱敏至: up to which event an erasure that names its rule reached; 0 where there is none."""
    return max((_upto(event) for event in events), default=0)


def _upto(event: EventFacts) -> int:
    upto = event.value("upto")
    is_erasure = event.verb == "erase" and event.value("rule") and isinstance(upto, int)
    return min(upto, event.seq) if is_erasure else 0


def _of_event(
    number: str, event: EventFacts, rows: Sequence[WordsFacts], may_be_empty: bool, tally: Tally
) -> Iterator[Breach]:
    where = row(number, event.seq)
    wanted = _digests(event)
    doubtful: list[WordsFacts] = []
    for said in rows:
        digest = None if said.is_erased else (said.kind, _digest(said))
        if digest in wanted:
            wanted.remove(digest)
        else:
            doubtful.append(said)
    for said in doubtful:
        match = next((digest for digest in wanted if digest[0] == said.kind), None)
        if match is None:
            yield Breach(where, _("多出一段记录里没有的文本（%(kind)s）") % {"kind": said.kind})
            continue
        wanted.remove(match)
        if not said.is_erased:
            yield Breach(where, _("文本（%(kind)s）被改过") % {"kind": said.kind})
        elif may_be_empty:
            tally.erased += 1
        else:
            yield Breach(where, _("文本（%(kind)s）被清空，没有脱敏记录") % {"kind": said.kind})
    for kind, _hex in wanted:
        yield Breach(where, _("缺少文本（%(kind)s）") % {"kind": kind})


def _digests(event: EventFacts) -> list[Digest]:
    found = event.value("words")
    pairs = found if isinstance(found, list) else []
    return [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and pair[1:]]


def _digest(said: WordsFacts) -> str:
    try:
        return words_digest(said.salt, said.text)
    except ValueError:  # a salt that is no hex was put there by hand
        return ""
