"""The armed timer of every running clock: one row a clock, moved, never made twice (DESIGN §4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tickets.models import Clock, Ticket, Timer
from tickets.models.clock import ClockState
from tickets.models.timer import TimerState
from tickets.steps import Course, Step

BEFORE_ALL = 0
"""The step of a timer that only finds out which one is next."""
COLUMNS = (
    "ticket_id", "clock_id", "generation", "nth", "again", "verb", "due_at", "state", "fired_at",
    "event_seq",
)  # fmt: skip
SAVE = f"""
INSERT INTO tickets_timer ({", ".join(COLUMNS)})
SELECT * FROM unnest(
  %s::bigint[], %s::bigint[], %s::int[], %s::smallint[], %s::int[], %s::text[], %s::timestamptz[],
  %s::text[], %s::timestamptz[], %s::int[]
)
ON CONFLICT (clock_id) WHERE NOT (state = 'FIRED') DO UPDATE SET
  generation = EXCLUDED.generation, nth = EXCLUDED.nth, again = EXCLUDED.again,
  verb = EXCLUDED.verb, due_at = EXCLUDED.due_at, state = EXCLUDED.state
"""
Row = tuple[Any, ...]


def armed_of(ticket: Ticket) -> dict[int, Timer]:
    """待发: the armed timers of one ticket, by clock."""
    found = Timer.objects.filter(ticket=ticket, state=TimerState.ARMED)
    return {timer.clock_id: timer for timer in found}


def missed(timer: Timer, course: Course, at: datetime) -> list[Step]:
    """已到而未发: the armed step and those after it that are due by now."""
    if timer.due_at > at:
        return []
    later = list(course.missed(timer.nth, timer.again, at, since=timer.due_at))
    if timer.nth == BEFORE_ALL:
        return []
    is_overdue = timer.due_at >= course.clock.due_at
    return [Step(timer.nth, timer.again, timer.verb, timer.due_at, is_overdue), *later]


def live(clock: Clock, step: Step | None) -> Row:
    """A clock's own row: armed with its next step, or idle."""
    if clock.state == ClockState.RUNNING and step is not None:
        state, nth, again, verb, due_at = (
            TimerState.ARMED, step.nth, step.again, step.verb, step.due_at,
        )  # fmt: skip
    else:
        state, nth, again, verb = TimerState.IDLE, clock.fired_nth, 0, "lapse"
        due_at = clock.due_at
    return (
        clock.ticket_id, clock.pk, clock.generation, nth, again, str(verb), due_at, str(state),
        None, None,
    )  # fmt: skip


def fired(clock: Clock, generation: int, step: Step, *, at: datetime, seq: int | None) -> Row:
    """A step that came, for good; `seq` of the event that tells of it."""
    return (
        clock.ticket_id, clock.pk, generation, step.nth, step.again, str(step.verb), step.due_at,
        str(TimerState.FIRED), at, seq,
    )  # fmt: skip


def save(rows: Sequence[Row]) -> None:
    """One statement, whatever has changed."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(SAVE, [list(column) for column in zip(*rows, strict=True)])


def told(steps: Iterable[Step]) -> list[list[Any]]:
    """As an event keeps them: which step, how often, due when."""
    return [[step.nth, step.again, str(step.verb), step.due_at.isoformat()] for step in steps]
