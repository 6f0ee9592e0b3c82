"""Moments and spans by the steady clock, which all processes of a machine share."""

from collections.abc import Iterable

from tests.chaos.findings import Fault

BEFORE = 3.0  # seconds between what is heard and what is written of it, on a machine that is busy
ON_ITS_WAY = 0.5  # what had left before the blow is heard so much later
AFTER = 1.0  # until all is as it was


def was_hit(moment: float, faults: Iterable[Fault]) -> bool:
    """Whether what was sent then may have been interrupted: by a blow, or by one soon after."""
    return any(one.began - BEFORE <= moment <= one.struck + ON_ITS_WAY for one in faults)


def within(moment: float, faults: Iterable[Fault], *, after: float = 0.0) -> bool:
    """Whether it fell into one of them, or so shortly after."""
    return any(one.began <= moment <= one.ended + after for one in faults)
