"""Puts the parts of a replay together."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from common import clock
from tickets.importing.profile import Profile
from tickets.importing.progress import Progress
from tickets.replay import handling, intake, outcome, reply, stream
from tickets.replay.account import Effort
from tickets.replay.simulation import Simulation

PLANS = intake.PLANS | handling.PLANS | outcome.PLANS | reply.PLANS


def replay(
    path: Path, profile: Profile, *, at: datetime, limit: int | None, seed: int, progress: Progress
) -> tuple[Simulation, int, Effort]:
    """重演: the messages of the file through the whole chain, in the database at hand.

    Gives the simulation, how many rows could not be read, and what it took.
    """
    found = stream.read(path, profile, at=at, limit=limit)
    progress.begin(len(found.messages))
    sim = Simulation(
        seed=seed, day=clock.local(at).date(), born=intake.born, plans=PLANS, progress=progress
    )
    counter = _Statements()
    begun = time.monotonic()
    with connection.execute_wrapper(counter):
        sim.run(found.messages)
    return sim, found.rejected, Effort(time.monotonic() - begun, counter.count)


class _Statements:
    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.count += 1
        return execute(sql, params, many, context)
