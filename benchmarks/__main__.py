"""python -m benchmarks COMMAND: what `./hubinctl bench` runs, inside Django's surroundings."""

import argparse
import json
import os
import sys
import time
from pathlib import Path


def main(words: list[str]) -> int:
    """One command; `--at FOLDER` takes the surroundings of a bench that stays (`--serve`)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--at", type=Path, help="folder of a bench that is served")
    commands = parser.add_subparsers(metavar="command", required=True)
    load = commands.add_parser("load", help="fill an empty database")
    load.add_argument("count", type=int)
    load.set_defaults(run=_load)
    measure = commands.add_parser("measure", help="through HTTP")
    measure.add_argument("--url")
    measure.add_argument("--clients", type=_numbers, default=(1,))
    measure.add_argument("--seconds", type=float, default=3.0)
    measure.add_argument("--only", default="", help="measures whose name holds this")
    measure.set_defaults(run=_measure)
    chosen = parser.parse_args(words)
    if chosen.at is not None:
        run = json.loads((chosen.at / "run.json").read_text(encoding="utf-8"))
        os.environ.update(run["env"], HUBIN_BENCH_FOLDER=str(chosen.at))
        os.environ["HUBIN_BENCH_PROCESSES"] = run["processes"]
        chosen.url = run["url"]
    import django

    django.setup()
    code: int = chosen.run(chosen)
    return code


def _load(chosen: argparse.Namespace) -> int:
    from benchmarks.filling import fill
    from common import clock

    begun = time.monotonic()
    fill(chosen.count, at=clock.now(), tell=tell)
    tell(f"{chosen.count:,} in {time.monotonic() - begun:.0f} s")
    return 0


def _measure(chosen: argparse.Namespace) -> int:
    from benchmarks.measuring import Measuring
    from common import clock

    Measuring(chosen.url, chosen.clients, chosen.seconds, clock.now(), tell).run(chosen.only)
    return 0


def _numbers(words: str) -> tuple[int, ...]:
    return tuple(int(word) for word in words.split(","))


def tell(line: str) -> None:
    """A line for whoever waits."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
