"""Where (places, units), who (people) and when (calendar)."""

from .absence import StandIn
from .access import AccessEvent, AccessEventKind, Identity
from .calendar import (
    CalendarDay,
    CalendarSlot,
    CalendarYear,
    DayKind,
    WorkCalendar,
    YearState,
)
from .people import Person, Post, PostKind
from .phones import PhoneCode, PhoneNumber
from .places import Building, BuildingUse, Division, Level
from .sessions import LoginSession
from .tokens import ApiToken, Scope, Token
from .units import Unit, UnitKind, serving

__all__ = [
    "AccessEvent",
    "AccessEventKind",
    "ApiToken",
    "Building",
    "BuildingUse",
    "CalendarDay",
    "CalendarSlot",
    "CalendarYear",
    "DayKind",
    "Division",
    "Identity",
    "Level",
    "LoginSession",
    "Person",
    "PhoneCode",
    "PhoneNumber",
    "Post",
    "PostKind",
    "Scope",
    "StandIn",
    "Token",
    "Unit",
    "UnitKind",
    "WorkCalendar",
    "YearState",
    "serving",
]
