"""The same request twice is one act, also on two connections at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest

from common import clock, idempotency
from common.errors import Impossible, Invalid
from common.models import IdempotencyKey
from common.tasks import forget
from hubin.celery import app
from tests.races import race, start, until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, tzinfo=UTC)
BODY = {"text": "路灯不亮"}


class Counter:
    """An act that tells how often it ran."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> dict[str, Any]:
        self.runs += 1
        return {"number": f"T-{self.runs}"}


def once(act: Callable[[], dict[str, Any]], **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"caller": "person:1", "key": "k", "body": BODY, "at": AT} | changes
    return idempotency.once(act=act, **given)


def refuse() -> dict[str, Any]:
    raise Impossible("现在不能。")


def test_the_second_call_gets_the_first_result() -> None:
    act = Counter()
    assert (once(act), once(act), act.runs) == ({"number": "T-1"}, {"number": "T-1"}, 1)


@pytest.mark.parametrize("changes", [{"key": "other"}, {"caller": "person:2"}])
def test_another_key_or_caller_acts_anew(changes: dict[str, str]) -> None:
    act = Counter()
    once(act)
    assert once(act, **changes) == {"number": "T-2"}


def test_the_same_key_with_another_body_is_refused() -> None:
    act = Counter()
    once(act)
    with pytest.raises(Invalid) as refusal:
        once(act, body={"text": "井盖缺失"})
    assert (refusal.value.field, act.runs) == ("idempotency_key", 1)


def test_the_order_of_the_body_does_not_matter() -> None:
    act = Counter()
    once(act, body={"a": 1, "b": 2})
    assert once(act, body={"b": 2, "a": 1}) == {"number": "T-1"}


def test_a_refused_act_leaves_the_key_free() -> None:
    with pytest.raises(Impossible):
        once(refuse)
    assert once(Counter()) == {"number": "T-1"}


def test_keys_are_forgotten_after_seven_days() -> None:
    once(Counter())
    once(Counter(), key="younger", at=AT + timedelta(seconds=1))
    assert idempotency.forget(at=AT + idempotency.KEPT + timedelta(seconds=1)) == 1
    assert IdempotencyKey.objects.get().key == "younger"


@pytest.mark.django_db(transaction=True)
def test_twins_at_once_act_once() -> None:
    act = Counter()
    results = race(*[lambda: once(act)] * 4)
    assert (results, act.runs) == ([{"number": "T-1"}] * 4, 1)


def holding(begun: Event, release: Event, act: Callable[[], Any]) -> Callable[[], Any]:
    """The act, holding its transaction open until it is told to go on."""

    def held() -> Any:
        begun.set()
        assert release.wait(20)
        return act()

    return held


@pytest.mark.django_db(transaction=True)
def test_a_twin_waits_for_the_first_ones_result() -> None:
    begun, release, late = Event(), Event(), Counter()
    first = start(lambda: once(holding(begun, release, lambda: {"number": "T-9"})))
    assert begun.wait(20)
    twin = start(lambda: once(late))
    until_somebody_waits_for_a_lock()
    release.set()
    assert (first.result(20), twin.result(20)) == ({"number": "T-9"}, {"number": "T-9"})
    assert late.runs == 0


@pytest.mark.django_db(transaction=True)
def test_a_twin_acts_itself_when_the_first_one_fails() -> None:
    begun, release, late = Event(), Event(), Counter()
    first = start(lambda: once(holding(begun, release, refuse)))
    assert begun.wait(20)
    twin = start(lambda: once(late))
    until_somebody_waits_for_a_lock()
    release.set()
    assert (type(first.exception(20)), twin.result(20)) == (Impossible, {"number": "T-1"})


def test_beat_forgets_what_is_older_than_fifteen_days() -> None:
    once(Counter(), at=clock.now() - timedelta(days=16))
    once(Counter(), key="new", at=clock.now())
    tasks = {row["task"] for row in app.conf.beat_schedule.values()}
    assert forget.name in tasks
    forget()
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"new"}
