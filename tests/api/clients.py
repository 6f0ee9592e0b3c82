"""Another system for the tests: registered, with a token and some of its codes."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client as Browser

from common import law
from tests.api.asking import V1
from tests.world import World
from tickets import external
from tickets.models import Client, CodeMap
from tickets.words import CodeKind, Source

CASE: dict[str, Any] = {
    "external": {"id": "HL-2026-00017"}, "text": "市民来电：楼下路灯坏了两盏，晚上看不清路",
    "address": "湖滨路 1 号", "lat": 30.245, "lng": 120.155, "category": "0101",
    "nature": "COMPLAINT", "name": "赵见诚", "phone": "13900001234",
}  # fmt: skip
CODES = (
    (CodeKind.CATEGORY, "A01", "0101"), (CodeKind.DIVISION, "D-HB", "330102003000"),
    (CodeKind.NATURE, "3", "COMPLAINT"), (CodeKind.URGENCY, "9", "HIGH"),
    (CodeKind.UNIT, "U7", "CG-003"),
)  # fmt: skip


@dataclass
class System:
    """来源系统: asks with its token, in JSON."""

    client: Client
    token: str
    browser: Browser = field(default_factory=lambda: Browser(raise_request_exception=False))

    def get(self, path: str, asked: Any = None, **headers: str) -> Any:
        return self.browser.get(V1 + path, asked or {}, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.browser.post(
            V1 + path, json.dumps(body or {}), content_type="application/json",
            headers=self._headers(headers),
        )  # fmt: skip

    def hand_in(self, **changes: Any) -> Any:
        """The case, otherwise where said; None leaves a member out."""
        return self.post("tickets/", case(**changes))

    def visitor(self) -> Browser:
        """A browser that shows the token with everything it asks."""
        return Browser(raise_request_exception=False, headers=self._headers({}))

    def again(self) -> "System":
        """The same system on another connection."""
        return System(self.client, self.token)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}", **named}


def case(**changes: Any) -> dict[str, Any]:
    """What a hotline sends."""
    return {name: value for name, value in {**CASE, **changes}.items() if value is not None}


def connect(world: World, name: str = "12345 热线", **more: Any) -> System:
    """A system that hands in what residents say on the phone."""
    made = {"source": Source.HOTLINE, "made_at": world.at} | more
    client = Client.objects.create(name=name, **made)
    CodeMap.objects.bulk_create(
        CodeMap(client=client, kind=kind, theirs=theirs, ours=ours) for kind, theirs, ours in CODES
    )
    law.bump(external.STAMP)
    return System(client, external.make_token(client, "接口机", at=world.at)[1])
