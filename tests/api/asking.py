"""What tests of the API share: a program that is logged in, and what it is answered."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from grids.models import Person

V1 = "/api/v1/"
TAKES_DOWN = {
    "text": "楼下路灯坏了两盏，晚上看不清路", "address": "湖滨路 1 号", "category": "0101",
    "lat": 30.245, "lng": 120.155, "name": "赵见诚", "phone": "13900001234",
}  # fmt: skip


@dataclass
class Program:
    """程序: of one person; asks in JSON, gets JSON."""

    person: Person | None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        if self.person is not None:
            backend = "django.contrib.auth.backends.ModelBackend"
            self.client.force_login(self.person, backend=backend)

    def get(self, path: str, asked: Any = None, **headers: str) -> Any:
        return self.client.get(V1 + path, asked or {}, headers=_named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        sent = body if isinstance(body, str | bytes) else json.dumps(body or {})
        return self.client.post(
            V1 + path, sent, content_type="application/json", headers=_named(headers)
        )

    def do(self, number: str, verb: str, body: Any = None, **headers: str) -> Any:
        """A verb on the ticket as it stands now."""
        tag = self.get(f"tickets/{number}/").headers.get("ETag", "")
        return self.post(f"tickets/{number}/{verb}/", body, **{"If_Match": tag, **headers})


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def lasting(told: dict[str, Any]) -> dict[str, Any]:
    """Without what is left of a limit, which is less with every look."""
    clocks = [{**one, "remaining": None} for one in told.get("clocks", [])]
    return {**told, "remaining": None, "clocks": clocks}
