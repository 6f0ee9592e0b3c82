"""Who plays in the demo stories."""

from datetime import datetime

from common import clock
from grids.models import Division, Person, Unit


class Cast:
    """演示人员: who holds which post; the first by user name acts."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._known: dict[tuple[object, ...], Person] = {}

    def find(
        self, kind: str, *, unit: Unit | None = None, division: Division | None = None,
        nth: int = 0,
    ) -> Person:  # fmt: skip
        """The nth active holder of that post there."""
        key = (kind, unit, division, nth)
        if key not in self._known:
            day = clock.local(self.now).date()
            found = Person.objects.holding(kind, day=day, unit=unit, division=division)
            self._known[key] = found.order_by("username")[nth]
        return self._known[key]
