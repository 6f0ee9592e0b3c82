"""Processes that begin together; imports nothing that has to be set up before."""

from multiprocessing.synchronize import Barrier

import django


def begin(ready: Barrier) -> None:
    """就位: everybody is there before the clock starts."""
    django.setup()
    ready.wait()
