"""A fresh web process has loaded its pages before it takes the first request."""

import subprocess
import sys

from tests.house import source

SAID = "import sys, hubin.wsgi; print('tickets.api.verbs' in sys.modules)"


def test_pages_are_loaded_before_the_first_request() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAID], cwd=source.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
