"""Who was told of what, by which way, and what a person must look at."""

from .channel import DIGESTS, ENDPOINTS, PERSONAL, ROBOTS, Channel
from .delivery import PENDING, Delivery, DeliveryState
from .endpoint import Bucket, Endpoint
from .incident import Incident
from .notice import Notice
from .preference import Preference

__all__ = [
    "DIGESTS",
    "ENDPOINTS",
    "PENDING",
    "PERSONAL",
    "ROBOTS",
    "Bucket",
    "Channel",
    "Delivery",
    "DeliveryState",
    "Endpoint",
    "Incident",
    "Notice",
    "Preference",
]
