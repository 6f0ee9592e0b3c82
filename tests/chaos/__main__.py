"""python -m tests.chaos prepare: tables, district and law, at once.

python -m tests.chaos run …: load until told to stop, then settle, judge and write the table.
"""

import argparse
import sys
from pathlib import Path

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.chaos")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prepare")
    run = commands.add_parser("run")
    run.add_argument("--url", required=True)
    run.add_argument("--folder", type=Path, required=True)
    run.add_argument("--seed", type=int, required=True)
    run.add_argument("--rate", type=float, required=True)
    run.add_argument("--long", action="store_true", help="wait for what comes by the minute, too")
    asked = parser.parse_args()
    django.setup()
    if asked.command == "prepare":
        prepare()
        return 0
    from tests.chaos.trial import Trial

    return Trial(asked.url, asked.folder, asked.seed, asked.rate, asked.long).run()


def prepare() -> None:
    """备好: one process, since each takes its time to load."""
    from django.core.management import call_command

    from grids.demo import FOLDER

    call_command("migrate", "--no-input", verbosity=0)
    for name, words in (("load_district", [FOLDER]), ("load_year", []), ("load_law", [])):
        call_command(name, *words)


if __name__ == "__main__":
    sys.exit(main())
