"""How fast requests were answered while the broker was away, against when all was well."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.findings import WRONG, Fault, Finding
from tests.chaos.spans import AFTER, within

AWAY = "broker away"
CALM = frozenset({"sweep stopped", "clock stood still"})
"""While these last everything that answers is as it was."""
UNWELL = frozenset({"web child killed", "database restarted"})
"""Who is asked dies of these, and nobody else: a request then has a reason to go unanswered."""
SLOWER, MORE, HANGS = 2.0, 0.25, 3.0  # times as long, and seconds more: most of them, any of them
ENOUGH = 10
Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Pace:
    """快慢: seconds within which 95 of 100 are answered, and all; how many were not."""

    well: float
    away: float
    slowest_well: float
    slowest: float
    unanswered: int
    count: int


def pace(asked: Sequence[Asked], faults: Sequence[Fault]) -> Pace | None:
    """量: None where too little was asked to compare."""
    away = [one for one in faults if one.name == AWAY]
    others = [one for one in faults if one.name not in CALM]
    during = [one for one in asked if within(one["at"], away)]
    calm = [one for one in asked if not within(one["at"], others, after=AFTER)]
    well = [one["took"] for one in calm if _is_well(one)]
    took = [one["took"] for one in during if _is_well(one)]
    if min(len(well), len(during)) < ENOUGH:
        return None
    unwell = [one for one in faults if one.name in UNWELL]
    missing = [one for one in during if not _is_well(one) and not _is_explained(one, unwell)]
    slowest = max(one["took"] for one in during)
    return Pace(_p95(well), _p95(took), max(well), slowest, len(missing), len(during))


def slow(asked: Sequence[Asked], faults: Sequence[Fault]) -> Iterator[Finding]:
    """慢: no request waits for the broker, and none is left without an answer."""
    found = pace(asked, faults)
    if found is None:
        yield Finding(WRONG, "too few requests to compare while the broker was away")
        return
    if found.unanswered:
        said = f"{found.unanswered} of {found.count} requests unanswered without the broker"
        yield Finding(WRONG, said)
    if found.slowest > SLOWER * found.slowest_well + HANGS:
        yield Finding(WRONG, f"a request took {found.slowest:.1f} s without the broker")
    if found.away > SLOWER * found.well + MORE:
        took = f"{found.away * 1000:.0f} ms without the broker, {found.well * 1000:.0f} with it"
        yield Finding(WRONG, f"19 of 20 answers came within {took}")


def _is_well(one: Asked) -> bool:
    return 0 < one["status"] < 500


def _is_explained(one: Asked, unwell: Sequence[Fault]) -> bool:
    ended = one["at"] + one["took"]
    return any(span.began <= ended and one["at"] <= span.ended + AFTER for span in unwell)


def _p95(took: Sequence[float]) -> float:
    """Without any it is for ever."""
    return sorted(took)[int(len(took) * 0.95)] if took else float("inf")
