"""Refusals are sentences (DESIGN §2 law 8).

A `Refused` carries one sentence for the asker that names the matter and the cure. Pages show
it, the API answers problem+json. Order of answers on an existing ticket (DESIGN §3.5):
not visible 404, impossible now 409, stale 412, needs 422.
"""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from typing import Any


class Refused(Exception):
    """拒绝: something was asked that cannot be done; `sentence` says why and what helps."""

    status: HTTPStatus = HTTPStatus.BAD_REQUEST
    code = "refused"

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = str(sentence)
        self.field = field

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says besides, be it a page or not."""
        return {}


class NotVisible(Refused):
    """不可见: it does not exist for this asker; never tells whether it exists at all."""

    status = HTTPStatus.NOT_FOUND
    code = "not_visible"


class NotYours(Refused):
    """无权: visible, but this verb is somebody else's."""

    status = HTTPStatus.FORBIDDEN
    code = "not_yours"


class StaleToken(Refused):
    """令牌已换: the CSRF token is missing or of another login; the same with a fresh one may do."""

    status = HTTPStatus.FORBIDDEN
    code = "csrf"


class NoFactor(Refused):
    """缺两步验证: logged in, but not as this system demands it."""

    status = HTTPStatus.FORBIDDEN
    code = "factor"


class OtherPerson(Refused):
    """换了人: the request was written down in the name of somebody who is not logged in."""

    status = HTTPStatus.CONFLICT
    code = "other_person"


class Impossible(Refused):
    """此时不可: the state or holder forbids it now."""

    status = HTTPStatus.CONFLICT
    code = "impossible"


class Stale(Refused):
    """已变化: the asker saw an older version."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "stale"
    current: Mapping[str, Any] | None = None
    """What the asker should look at now, for programs."""


class VersionMissing(Refused):
    """缺少版本: a staff verb on an existing ticket must say which version it saw."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    code = "version_missing"


class Invalid(Refused):
    """不合要求: a need of the verb is missing or wrong; `field` names it."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"


class Gone(Refused):
    """已失效: a link that was used up, revoked or has expired."""

    status = HTTPStatus.GONE
    code = "gone"


class TooMany(Refused):
    """过于频繁: come back later, after `wait`."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many"

    def __init__(self, sentence: str, *, wait: timedelta, field: str = "") -> None:
        super().__init__(sentence, field=field)
        self.wait = wait

    @property
    def headers(self) -> dict[str, str]:
        """Seconds, as RFC 9110 §10.2.3 has it."""
        return {"Retry-After": str(max(ceil(self.wait.total_seconds()), 1))}


class Unavailable(Refused):
    """暂不可用: something outside does not answer; the same again later may do."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
