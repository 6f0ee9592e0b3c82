"""What the tests of all channels share: one message, and how it failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from notices.channels.messages import Message, NotSent, Target, Way
from tests.servers.plain import Server, running
from tests.world import MONDAY_NINE

AT = MONDAY_NINE
Beside = TypeVar("Beside", bound=Server)
MESSAGE = Message(
    title="湖滨 · 工单 20261123-00001 即将到期",
    text="类别：路灯不亮\n街道：清波街道\n期限：今天 17:00",
    url="https://hubin.example/t/20261123-00001/", dedupe_key="d" * 64, template="warn",
)  # fmt: skip


@contextmanager
def beside(server: Beside, settings: Any) -> Iterator[Beside]:
    """It runs, and may be reached."""
    settings.HUBIN_EGRESS_ALLOW = ["127.0.0.1"]
    with running(server):
        yield server


def hurry(settings: Any, code: str) -> None:
    """Where a time-out is what is to come of it, nobody waits five seconds for it."""
    if code == "timeout":
        settings.HUBIN_EGRESS_SECONDS = 0.3


def failure(way: Way, target: Target | None = None, **changed: Any) -> NotSent:
    """It is not sent; a sentence says what helps, and nothing is given away."""
    with pytest.raises(NotSent) as failed:
        way.send(replace(MESSAGE, **changed), target, at=AT)
    told = failed.value
    assert told.sentence.endswith("。")
    assert not (target and target.url) or target.url not in told.sentence + told.code
    return told


def later(told: NotSent) -> tuple[str, bool, timedelta | None]:
    return told.code, told.is_final, told.retry_after
