"""How often one may ask: counted for all processes together, per person and per address."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.exceptions import AuthenticationFailed

from common.models import Attempts
from common.throttles import Pace
from tests.api.asking import Program
from tests.races import race
from tests.tickets.pages import move_clock
from tests.world import World


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> Iterator[None]:
    """A process that has counted nothing yet; three of each a minute."""
    settings.HUBIN_API_READS = settings.HUBIN_API_WRITES = settings.HUBIN_API_ANONYMOUS = 3
    Pace.forget()
    yield
    Pace.forget()


def asked(program: Program, times: int = 4) -> list[int]:
    return [program.get("categories/").status_code for _time in range(times)]


def test_too_often_is_told_to_wait(world: World) -> None:
    program = Program(world.desk)
    assert asked(program) == [200, 200, 200, 429]
    answer = program.get("categories/")
    assert (answer.json()["code"], 0 < int(answer["Retry-After"]) <= 61) == ("too_many", True)


def test_the_next_minute_is_another(world: World, settings: Any, tmp_path: Any) -> None:
    program = Program(world.desk)
    assert asked(program)[-1] == 429
    move_clock(settings, tmp_path, world.at + timedelta(minutes=2))
    assert asked(program, 1) == [200]


def test_what_another_process_counted_counts(world: World) -> None:
    program = Program(world.desk)
    asked(program, 3)
    Pace.forget()  # as in a process that knows nothing of it
    assert asked(program, 1) == [429]


def test_reading_and_changing_are_counted_apart(world: World) -> None:
    program = Program(world.desk)
    asked(program)
    assert program.post("tickets/").status_code == 422


def test_who_is_not_logged_in_is_counted_by_address(world: World) -> None:
    assert asked(Program(None)) == [401, 401, 401, 429]


def test_whoever_guesses_is_counted_by_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*args: Any) -> None:
        raise AuthenticationFailed

    monkeypatch.setattr("common.wire.Session.authenticate", wrong)
    assert asked(Program(world.desk)) == [401, 401, 401, 429]


def test_no_address_is_kept_in_clear(world: World) -> None:
    asked(Program(None))
    assert not Attempts.objects.filter(who__contains="127.0.0.1").exists()


def test_a_process_tells_the_others_now_and_then(world: World, settings: Any) -> None:
    settings.HUBIN_API_READS = 100
    asked(Program(world.desk), 14)
    assert Attempts.objects.get(scope="api_read").count == 10


def test_parallel_askers_share_the_limit(committed_world: World) -> None:
    program = [Program(committed_world.desk) for _one in range(6)]
    answers = race(*(lambda one=one: one.get("categories/").status_code for one in program))
    assert (answers.count(200), answers.count(429)) == (3, 3)
