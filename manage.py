#!/usr/bin/env python
"""Django's command line. `./hubinctl manage …` runs it against the running system."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubin.settings.demo")
    from django.core.management import execute_from_command_line

    import hubin.celery  # noqa: F401  (tasks must know their broker in every process)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
