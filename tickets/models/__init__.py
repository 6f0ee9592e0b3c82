"""The tables of the chain."""

from .approval import Approval, ApprovalRule
from .assist import Assist
from .attachment import Attachment
from .category import Category, HollowPhrase, ReasonCode, SourcePolicy, VerifyRule
from .checklist import ChecklistLine
from .clock import Clock, Pause
from .escalation import EscalationPlan, EscalationStep
from .event import Event, Seal, Words
from .export import Export
from .external import Client, ClientToken, CodeMap, ExternalRef
from .figures import FigureRule, MonthFigure
from .findable import Findable
from .limit import TimeLimit
from .link import TicketLink
from .looking import Looking
from .number import NumberCounter
from .oversight import PhoneLookup, Reveal, Supervision
from .parties import Follower, FollowKey, Participation, Rating, Reporter
from .patrol import CheckIn, CheckInWay, PatrolPoint, VisitCount
from .retention import RetentionRule
from .rule import RoutingRule
from .saved import SavedFilter
from .standard import StandardAnswer
from .ticket import Ticket
from .timer import Timer

__all__ = [
    "Approval",
    "ApprovalRule",
    "Assist",
    "Attachment",
    "Category",
    "CheckIn",
    "CheckInWay",
    "ChecklistLine",
    "Client",
    "ClientToken",
    "Clock",
    "CodeMap",
    "EscalationPlan",
    "EscalationStep",
    "Event",
    "Export",
    "ExternalRef",
    "FigureRule",
    "Findable",
    "FollowKey",
    "Follower",
    "HollowPhrase",
    "Looking",
    "MonthFigure",
    "NumberCounter",
    "Participation",
    "PatrolPoint",
    "Pause",
    "PhoneLookup",
    "Rating",
    "ReasonCode",
    "Reporter",
    "RetentionRule",
    "Reveal",
    "RoutingRule",
    "SavedFilter",
    "Seal",
    "SourcePolicy",
    "StandardAnswer",
    "Supervision",
    "Ticket",
    "TicketLink",
    "TimeLimit",
    "Timer",
    "VerifyRule",
    "VisitCount",
    "Words",
]
