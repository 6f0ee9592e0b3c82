"""The tables of the chain."""

from .approval import Approval, ApprovalRule
from .assist import Assist
from .attachment import Attachment
from .category import Category, HollowPhrase, ReasonCode, SourcePolicy, VerifyRule
from .clock import Clock, Pause
from .escalation import EscalationPlan, EscalationStep
from .event import Event, Seal, Words
from .export import Export
from .external import Client, ClientToken, CodeMap, ExternalRef
from .findable import Findable
from .limit import TimeLimit
from .link import TicketLink
from .number import NumberCounter
from .oversight import PhoneLookup, Reveal, Supervision
from .parties import Follower, FollowKey, Participation, Rating, Reporter
from .retention import RetentionRule
from .rule import RoutingRule
from .ticket import Ticket
from .timer import Timer

__all__ = [
    "Approval",
    "ApprovalRule",
    "Assist",
    "Attachment",
    "Category",
    "Client",
    "ClientToken",
    "Clock",
    "CodeMap",
    "EscalationPlan",
    "EscalationStep",
    "Event",
    "Export",
    "ExternalRef",
    "Findable",
    "FollowKey",
    "Follower",
    "HollowPhrase",
    "NumberCounter",
    "Participation",
    "Pause",
    "PhoneLookup",
    "Rating",
    "ReasonCode",
    "Reporter",
    "RetentionRule",
    "Reveal",
    "RoutingRule",
    "Seal",
    "SourcePolicy",
    "Supervision",
    "Ticket",
    "TicketLink",
    "TimeLimit",
    "Timer",
    "VerifyRule",
    "Words",
]
