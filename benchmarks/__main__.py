"""python -m benchmarks COMMAND: what `./hubinctl bench` runs, inside Django's surroundings."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

Parser = argparse.ArgumentParser


def main(words: list[str]) -> int:
    """One command; `--at FOLDER` takes the surroundings of a bench that stays (`--serve`)."""
    chosen = build().parse_args(words)
    if chosen.at is not None:
        run = json.loads((chosen.at / "run.json").read_text(encoding="utf-8"))
        os.environ.update(run["env"], HUBIN_BENCH_FOLDER=str(chosen.at))
        os.environ["HUBIN_BENCH_PROCESSES"] = run["processes"]
        chosen.url = run["url"]
    import django

    django.setup()
    code: int = chosen.run(chosen)
    return code


def build() -> argparse.ArgumentParser:
    """Its words."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--at", type=Path, help="folder of a bench that is served")
    commands = parser.add_subparsers(metavar="command", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], about: str) -> Parser:
        made = commands.add_parser(name, help=about)
        made.set_defaults(run=run)
        return made

    load = add("load", _load, "fill an empty database")
    load.add_argument("count", type=int)
    load.add_argument("--a-day", type=int, default=900, help="tickets of one day")
    measure = add("measure", _measure, "through HTTP")
    measure.add_argument("--url")
    measure.add_argument("--only", default="", help="measures whose name holds this")
    for timed in (measure, add("floor", _floor, "bare psycopg")):
        timed.add_argument("--clients", type=_numbers, default=(1,))
        timed.add_argument("--seconds", type=float, default=3.0)
    pages = add("pages", _pages, "every page of the staff, inside one process")
    pages.add_argument("--only", default="", help="pages whose address holds this")
    backlog = add("backlog", _backlog, "what routing in bulk takes")
    backlog.add_argument("step", choices=("fill", "watch"))
    backlog.add_argument("--by", choices=("worker", "sweep"), required=True)
    backlog.add_argument("--tickets", type=int, default=1200)
    due = add("due", _due, "what steps of many tickets take that come due at once")
    due.add_argument("--open", type=int, default=100_000, help="open tickets at least")
    add("report", _report, "write what was found").add_argument(
        "--folder", type=Path, required=True
    )
    for name, run, about in (
        ("profile", _profile, 'where the milliseconds go, of "my queue, page", say'),
        ("statements", _statements, "what one measure asks of the database"),
    ):
        add(name, run, about).add_argument("name")
    return parser


def _load(chosen: argparse.Namespace) -> int:
    from benchmarks.filling import fill
    from common import clock

    fill(chosen.count, at=clock.now(), tell=tell, a_day=chosen.a_day)
    return 0


def _measure(chosen: argparse.Namespace) -> int:
    from benchmarks.measuring import Measuring
    from common import clock

    Measuring(chosen.url, chosen.clients, chosen.seconds, clock.now(), tell).run(chosen.only)
    return 0


def _pages(chosen: argparse.Namespace) -> int:
    from benchmarks.pages import Asking
    from common import clock

    Asking(clock.now(), tell).run(chosen.only)
    return 0


def _floor(chosen: argparse.Namespace) -> int:
    from benchmarks.floor import Floor
    from common import clock

    Floor(chosen.clients, chosen.seconds, clock.now(), tell).run()
    return 0


def _backlog(chosen: argparse.Namespace) -> int:
    from benchmarks import backlog, filling
    from common import clock

    if chosen.step == "fill":
        is_by_worker = chosen.by == "worker"
        backlog.fill(chosen.tickets, with_pokes=is_by_worker, at=clock.now(), tell=tell)
        return 0
    waiting = json.loads((filling.folder() / "waiting.json").read_text(encoding="utf-8"))
    backlog.watch(chosen.by, waiting, tell=tell)
    return 0


def _due(chosen: argparse.Namespace) -> int:
    from benchmarks import due
    from common import clock

    due.fill(chosen.open, at=clock.now(), tell=tell)
    due.run(at=clock.now(), tell=tell)
    return 0


def _report(chosen: argparse.Namespace) -> int:
    from benchmarks.report import report
    from common import clock

    tell(f"  report     {report(chosen.folder, at=clock.now())}")
    return 0


def _profile(chosen: argparse.Namespace) -> int:
    from benchmarks.profile import Profile
    from common import clock

    Profile(chosen.name, clock.now(), tell).run()
    return 0


def _statements(chosen: argparse.Namespace) -> int:
    from benchmarks.statements import Statements
    from common import clock

    Statements(chosen.name, clock.now(), tell).run()
    return 0


def _numbers(words: str) -> tuple[int, ...]:
    return tuple(int(word) for word in words.split(","))


def tell(line: str) -> None:
    """A line for whoever waits."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
