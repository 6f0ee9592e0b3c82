"""What the tests of deliveries share: endpoints whose servers run beside, and rounds."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from common import clock
from notices.channels.messages import Message
from notices.models import Delivery, DeliveryState, Endpoint, Incident
from tests.notices.channels.sending import beside
from tests.servers import dingtalk, webhook
from tests.servers.dingtalk import DingTalkServer
from tests.servers.webhook import WebhookServer
from tests.world import World
from tickets import rendering, sweeps

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
S = DeliveryState


@pytest.fixture
def system(settings: Any, monday: None) -> Iterator[WebhookServer]:
    """Another system, that believes what is signed."""
    with beside(WebhookServer(), settings) as server:
        yield server


@pytest.fixture
def group(settings: Any, monday: None) -> Iterator[DingTalkServer]:
    """A group with a robot."""
    with beside(DingTalkServer(), settings) as server:
        yield server


def outlet(server: WebhookServer | DingTalkServer, **more: Any) -> Endpoint:
    """Where that server stands, told of dispatches."""
    is_group = isinstance(server, DingTalkServer)
    values: dict[str, Any] = {
        "kind": "DINGTALK" if is_group else "WEBHOOK", "name": "值班" if is_group else "对接",
        "url": server.address, "secret": dingtalk.SECRET if is_group else webhook.SECRET,
        "verbs": ["dispatch"],
    } | more  # fmt: skip
    return Endpoint.objects.create(**values)


def announced(world: World, times: int = 1) -> list[Delivery]:
    """So many tickets dispatched and told of; what waits then."""
    for _time in range(times):
        world.dispatched()
    sweeps.run("announce", at=world.at)
    return list(Delivery.objects.order_by("pk"))


def deliver(world: World, after: timedelta = timedelta(0)) -> int:
    """One round of sending, so long after the world's Monday."""
    at = world.at + after
    file = Path(settings.HUBIN_CLOCK_FILE)
    file.write_text("0", encoding="ascii")
    # the other side has a clock, too
    file.write_text(str((at - clock.now()).total_seconds()), encoding="ascii")
    return sweeps.run("deliver", at=at)


def written(rows: Sequence[Delivery], world: World, **more: Any) -> list[Message]:
    """What each of them says; all of them can be written."""
    found = rendering.render(rows, at=world.at, **more)
    messages = [found[row.pk] for row in rows if row.pk in found]
    assert all(isinstance(one, Message) for one in messages)
    return [one for one in messages if isinstance(one, Message)]


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def open_incidents(kind: str) -> list[str]:
    """Of which a person is told."""
    found = Incident.objects.filter(kind=kind, ended_at=None).exclude(raised_at=None)
    return list(found.values_list("subject", flat=True))
