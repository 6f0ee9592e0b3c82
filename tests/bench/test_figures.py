"""The arithmetic of measuring, and the client that measures."""

import pytest

from benchmarks.client import Answer, Cost, cost, request
from benchmarks.crowd import Run, percentile


@pytest.mark.parametrize(
    ("count", "share", "wanted"),
    [(1, 50, 1), (2, 50, 1), (3, 50, 2), (4, 50, 2), (100, 50, 50), (100, 95, 95), (20, 95, 19),
     (21, 95, 20), (3, 95, 3), (3, 100, 3), (10, 1, 1)],
)  # fmt: skip
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(
    count: int, share: int, wanted: int
) -> None:
    assert percentile(list(range(1, count + 1)), share) == wanted


def test_nothing_measured_has_no_percentile() -> None:
    assert percentile([], 50) == 0.0


def test_a_run_tells_milliseconds_and_a_rate() -> None:
    run = Run(clients=2, seconds=2.0, took=[0.004, 0.001, 0.003, 0.002])
    told = run.told()
    assert (told["p50"], told["p95"], told["per_second"]) == (2.0, 4.0, 2.0)


def test_what_was_refused_is_told_and_not_counted() -> None:
    run = Run(clients=1, seconds=1.0, took=[0.001])
    run.refused[422] += 3
    told = run.told()
    assert (told["requests"], told["refused"]) == (1, {422: 3})


def test_the_meter_is_read() -> None:
    said = 'total;dur=9.50, cpu;dur=7.25, db;dur=2.00;desc="8"'
    answer = Answer(0.01, 200, {"server-timing": said}, b"")
    assert cost(answer) == Cost(total=9.5, cpu=7.25, db=2.0, statements=8)


def test_without_a_meter_there_is_no_cost() -> None:
    assert cost(Answer(0.01, 200, {}, b"")) is None


def test_a_request_says_how_long_it_is() -> None:
    sent = request("POST", "/there/", headers={"If-Match": '"3"'}, body=b"{}")
    head, _gap, body = sent.partition(b"\r\n\r\n")
    assert b"Content-Length: 2" in head
    assert b'If-Match: "3"' in head
    assert body == b"{}"
