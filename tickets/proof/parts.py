"""Who took part and who follows, as the events say: units, handlers, helpers, followers. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tickets.actions._parties import CANCELS_ASSISTS
from tickets.models import Follower
from tickets.models.parties import ParticipationRole
from tickets.proof.compare import Key, Said, by_pk, compare
from tickets.proof.facts import Breach, EventFacts, FollowerFacts, PartFacts
from tickets.record import plain

LEAD, HANDLER, ASSIST = ParticipationRole.LEAD, ParticipationRole.HANDLER, ParticipationRole.ASSIST
ENDS_ONE = ("answer_assist", "waive_assist")


@dataclass
class _Parts:
    """The parts that the events make and end, told apart by role, unit, person and beginning."""

    said: dict[Key, Said] = field(default_factory=dict)
    open: list[tuple[str, int, Said]] = field(default_factory=list)

    def join(
        self, role: str, unit_id: int, event: EventFacts, person_id: int | None = None
    ) -> None:
        said = Said(event.seq, {"ended_at": None})
        self.said[_free(self.said, _key(role, unit_id, person_id, plain(event.at)))] = said
        self.open.append((role, unit_id, said))

    def leave(self, role: str, event: EventFacts, unit_id: int | None = None) -> None:
        for part in list(self.open):
            if part[0] == role and unit_id in (None, part[1]):
                part[2].values["ended_at"] = plain(event.at)
                self.open.remove(part)


def wanted(events: Sequence[EventFacts]) -> dict[Key, Said]:
    """参与: whoever the events name, from their coming to their going."""
    found = _Parts()
    now: dict[str, Any] = {"unit_id": None, "handler_id": None}
    helpers: dict[int | None, int] = {}
    for event in events:
        if event.verb == "enlist" and (unit_id := event.key("unit")):
            helpers[event.key("assist")] = unit_id
            found.join(ASSIST, unit_id, event)
        elif event.verb in ENDS_ONE and event.key("assist") in helpers:
            found.leave(ASSIST, event, helpers[event.key("assist")])
        elif event.verb in CANCELS_ASSISTS:
            found.leave(ASSIST, event)
        changed = event.part("set")
        now |= {name: changed[name] for name in now if name in changed}
        if "unit_id" in changed:
            found.leave(LEAD, event)
            if now["unit_id"] is not None:
                found.join(LEAD, now["unit_id"], event)
        if "handler_id" in changed:
            found.leave(HANDLER, event)
            if None not in (now["handler_id"], now["unit_id"]):
                found.join(HANDLER, now["unit_id"], event, now["handler_id"])
    return found.said


def by_key(rows: Sequence[PartFacts]) -> dict[Key, PartFacts]:
    """参与的行, as `wanted` names them."""
    found: dict[Key, PartFacts] = {}
    for part in rows:
        key = _key(part.role, part.unit_id, part.person_id, plain(part.started_at))
        found[_free(found, key)] = part
    return found


def followers(
    number: str, events: Sequence[EventFacts], rows: Sequence[FollowerFacts]
) -> Iterator[Breach]:
    """关注人: each who came by themselves, and nobody by a merging that was none."""
    what = Follower._meta.verbose_name
    said: dict[Key, Said] = {
        pk: Said(event.seq, {"started_at": plain(event.at), "merged_id": None, "via_id": None})
        for event in events
        if event.verb == "follow" and (pk := event.key("follower"))
    }
    by_merging = [(event.key("merged"), event.at) for event in events if event.key("merged")]
    came_along = [
        follower for follower in rows if follower.pk not in said
        and (follower.merged_id is not None or follower.via_id is not None)
    ]  # fmt: skip
    own = [follower for follower in rows if follower not in came_along]
    yield from compare(number, what, said, by_pk(own))
    for follower in came_along:
        merged_id, at = follower.merged_id, follower.started_at
        if not any(at == when and merged_id in (None, pk) for pk, when in by_merging):
            yield Breach(
                number, _("%(what)s %(key)s 没有记录") % {"what": what, "key": follower.pk}
            )


def _key(role: str, unit_id: int, person_id: int | None, at: str) -> str:
    return f"{role}/{unit_id}/{person_id or '-'}/{at}"


def _free(taken: dict[Key, Any], key: str) -> str:
    """The same part begun twice at the same time is numbered."""
    same = sum(1 for known in taken if known == key or str(known).startswith(f"{key}#"))
    return f"{key}#{same + 1}" if same else key
