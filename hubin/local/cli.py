"""Commands of hubinctl, and what `hubinctl help` says about them."""

import argparse
from collections.abc import Callable
from pathlib import Path
from random import randrange

from hubin.local import bench, chaos, checking, locking, managing, shots, testing, up
from hubin.local.folder import default_folder
from hubin.local.say import complain, prepare
from hubin.local.trouble import StopRequested, Trouble

ABOUT = """\
Hubin 湖滨 - one script for everything. The first `./hubinctl up` fetches what is needed into .venv
and starts the whole system on this machine, with a demo district; nothing but Python is required.
"""
MORE = """\
environment:
  HUBIN_DATA_DIR        where up, manage and stop keep their data (default: var/)
  HUBIN_PG_SOURCE       wheel or system: which PostgreSQL (default: the wheel, else the system's)
  HUBIN_REDIS_SOURCE    wheel or system: which Redis or Valkey (likewise)
  HUBIN_REQUIRE_BROWSER 1: browser tests fail instead of being skipped where chromium is missing
  PIP_INDEX_URL …       pip's own variables say where packages come from

docs/operations.md tells the rest: folders, ports, roles, logs, and what to do when.
"""


def run(words: list[str]) -> int:
    """The exit code. Trouble is one sentence; a traceback would be a mistake of ours."""
    prepare()
    try:
        return dispatch(words)
    except Trouble as trouble:
        complain(f"hubinctl: {trouble.sentence}")
        if trouble.details:
            complain(trouble.details)
        return 1
    except (StopRequested, KeyboardInterrupt):
        complain("hubinctl: stopped")
        return 130


def dispatch(words: list[str]) -> int:
    # what follows `manage` and `test` is for Django and pytest, untouched
    if words[:1] == ["manage"]:
        return _manage(words[1:])
    if words[:1] == ["test"] and not {"-h", "--help"} & set(words[1:2]):
        return testing.run_tests(words[1:])
    parser = build()
    chosen = parser.parse_args(words)
    command: Callable[[argparse.Namespace], int] | None = getattr(chosen, "run", None)
    if command is None:
        parser.print_help()
        return 0
    return command(chosen)


def _manage(words: list[str]) -> int:
    data_dir = default_folder()
    if words[:1] == ["--data-dir"] and len(words) > 1:
        data_dir, words = Path(words[1]), words[2:]
    elif words and words[0].startswith("--data-dir="):
        data_dir, words = Path(words[0].partition("=")[2]), words[1:]
    return managing.manage(data_dir, words)


def build() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hubinctl",
        description=ABOUT,
        epilog=MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="command", title="commands")
    _add_up(commands)
    stop = commands.add_parser("stop", help="stop what runs on a data folder, in good order")
    _add_data_dir(stop)
    stop.set_defaults(run=lambda chosen: managing.stop(chosen.data_dir))
    commands.add_parser(
        "manage",
        help="run a Django command against the running system: manage [--data-dir DIR] COMMAND …",
    )
    commands.add_parser(
        "test",
        help="run the tests with servers of their own: test [--full] [pytest's arguments]",
        description="Everything after `test` goes to pytest; --full adds the long tests.",
    )
    check = commands.add_parser("check", help="format, lint, types, imports, migrations, …")
    check.add_argument("names", nargs="*", metavar="NAME", help="only these checks")
    check.set_defaults(run=lambda chosen: checking.run_checks(chosen.names))
    _add_bench(commands)
    _add_chaos(commands)
    _add_shots(commands)
    lock = commands.add_parser("lock", help="compile requirements*.txt from the .in files")
    lock.add_argument("--upgrade", action="store_true", help="take the newest allowed versions")
    lock.set_defaults(run=lambda chosen: locking.lock(chosen.upgrade))
    commands.add_parser("help", help="show this page")
    return parser


def _add_up(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "up",
        help="start the whole system here and stay until Ctrl-C",
        description="Starts everything, prints demo accounts and, as its last line, READY URL.",
    )
    parser.add_argument(
        "--port", type=_port, help="of the web pages (default: last time's, else 8000)"
    )
    _add_data_dir(parser)
    parser.add_argument("--no-demo", action="store_true", help="load no demo district")
    parser.set_defaults(
        run=lambda chosen: up.up(up.Options(chosen.data_dir, chosen.port, not chosen.no_demo))
    )


def _add_bench(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "bench",
        help="load many tickets and measure how fast everything is",
        description="Loads, measures over HTTP, writes benchmarks/results/; servers of its own.",
    )
    parser.add_argument("--sizes", type=_numbers, default=(1000, 20000, 100000), metavar="N,N")
    parser.add_argument("--clients", type=_numbers, default=(1, 8, 32), metavar="N,N")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument(
        "--data", type=Path, help="folder of the loaded tickets (default: var/bench)"
    )
    parser.add_argument(
        "--results", type=Path, default=bench.RESULTS, help="default: benchmarks/results"
    )
    parser.add_argument(
        "--a-day", type=int, default=bench.A_DAY, help="tickets of one day (default: 900)"
    )
    parser.add_argument("--keep", action="store_true", help="keep what was loaded for next time")
    parser.add_argument("--load-only", action="store_true", help="load and keep, measure nothing")
    parser.add_argument("--serve", action="store_true", help="load, then stay until Ctrl-C")
    parser.set_defaults(run=_bench)


def _add_chaos(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "chaos",
        help="kill, stop and empty what runs, and prove that nothing is lost or doubled",
        description="A system of its own under load; every kind of fault at least once.",
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="of faults (default: 5)")
    parser.add_argument("--seed", type=int, help="of an earlier run, to repeat its order")
    parser.add_argument("--rate", type=float, default=2.0, help="tickets a second (default: 2)")
    parser.add_argument("--keep", action="store_true", help="keep the data when all was well")
    parser.set_defaults(run=_chaos)


def _add_shots(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "shots",
        help="take pictures of every page: 390 and 1440 px wide, light and dark",
        description="Of a system of its own with the demo district; needs chromium.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pages")
    parser.add_argument(
        "--into", type=Path, default=default_folder() / "shots", help="default: var/shots"
    )
    parser.set_defaults(
        run=lambda chosen: shots.shots(shots.Options(chosen.into.absolute(), tuple(chosen.names)))
    )


def _chaos(chosen: argparse.Namespace) -> int:
    seed = randrange(1_000_000) if chosen.seed is None else chosen.seed
    return chaos.chaos(chaos.Options(chosen.minutes, seed, chosen.rate, chosen.keep))


def _bench(chosen: argparse.Namespace) -> int:
    options = bench.Options(
        sizes=chosen.sizes,
        clients=chosen.clients,
        seconds=chosen.seconds,
        data=(chosen.data or default_folder() / "bench").absolute(),
        keep=chosen.keep or chosen.load_only,
        load_only=chosen.load_only,
        serve=chosen.serve,
        results=chosen.results.absolute(),
        a_day=chosen.a_day,
    )
    return bench.bench(options)


def _numbers(words: str) -> tuple[int, ...]:
    found = [word.strip() for word in words.split(",")]
    if not all(word.isdigit() and int(word) for word in found):
        raise argparse.ArgumentTypeError(f"{words!r}: give numbers from 1 up, with commas between")
    return tuple(int(word) for word in found)


def _add_data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir", type=Path, default=default_folder(), help="default: var/ in the project"
    )


def _port(word: str) -> int:
    if not word.isdigit() or not 1 <= int(word) <= 65535:
        raise argparse.ArgumentTypeError(f"{word!r} is no port; give a number from 1 to 65535")
    return int(word)
