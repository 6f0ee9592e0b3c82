"""Who asks the launcher to stop is heard at once, and only then."""

import os
import signal
import time
from collections.abc import Iterator
from threading import Timer

import pytest

from hubin.local.stopper import Stopper
from hubin.local.trouble import StopRequested

HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def stopper() -> Iterator[Stopper]:
    before = {number: signal.getsignal(number) for number in HEARD}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may have said nohup
    found = Stopper()
    found.listen()
    yield found
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", HEARD)
def test_a_signal_ends_a_pause(stopper: Stopper, number: signal.Signals) -> None:
    begun = time.monotonic()
    Timer(0.02, os.kill, (os.getpid(), number)).start()
    with pytest.raises(StopRequested):
        stopper.pause(60)
    assert time.monotonic() - begun < 30


def test_nohup_keeps_us_running(stopper: Stopper) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stopper.listen()
    os.kill(os.getpid(), signal.SIGHUP)
    stopper.pause(0.05)
    assert not stopper.requests


def test_a_signal_before_the_pause_is_not_forgotten(stopper: Stopper) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(StopRequested):
        stopper.pause(60)


def test_a_request_that_was_dealt_with_shortens_no_pause(stopper: Stopper) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    stopper.requests = 0
    begun = time.monotonic()
    stopper.pause(0.05)
    assert time.monotonic() - begun >= 0.05
