"""Small parts of the answers: names, people, lights."""

from datetime import datetime, timedelta
from typing import Any, overload

from django.utils.duration import duration_iso_string

from grids.models import Building, Division, Person, Unit
from tickets import lights
from tickets.api.shapes import Light, Named, PersonRef
from tickets.models import Category

Coded = Category | Unit | Division | Building
NUMBER = {"type": "string", "pattern": r"^[0-9]{6}-[0-9]{8}-[0-9]{5,8}$"}
THEIRS = {"type": "string", "pattern": r"^[0-9A-Za-z][0-9A-Za-z._:-]{0,63}$"}
A_MINUTE = timedelta(minutes=1)
ID = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


@overload
def named(row: Coded) -> Named: ...
@overload
def named(row: Coded | None) -> Named | None: ...
def named(row: Coded | None) -> Named | None:
    """代码和名称."""
    return {"code": row.code, "name": row.name} if row is not None else None


@overload
def person(row: Person) -> PersonRef: ...
@overload
def person(row: Person | None) -> PersonRef | None: ...
def person(row: Person | None) -> PersonRef | None:
    """人员."""
    return {"id": row.pk, "name": str(row)} if row is not None else None


def light_of(due_at: datetime | None, soon_at: datetime | None, at: datetime) -> Light | None:
    """红绿灯: only the colour; how long it is a program works out itself."""
    if due_at is None or soon_at is None:
        return None
    colour: Any = lights.colour(due_at, soon_at, at=at)
    return colour


def light_of_span(start: datetime, due_at: datetime, at: datetime) -> Light:
    """别的期限: of what no clock counts."""
    colour: Any = lights.of_span(start, due_at, at=at).colour
    return colour


def remaining(due_at: datetime | None, calendar: str, at: datetime) -> str | None:
    """剩余: ISO 8601, in working time where the limit counts that; PT0S when it is over.

    Whole minutes: two looks at the same ticket shall mostly say the same.
    """
    if due_at is None:
        return None
    left = lights.left(due_at, calendar, at=at)
    return duration_iso_string(left - left % A_MINUTE)
