"""Rows of the demo's last weeks: plots, places, people and endings, drawn the same each time."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from grids.models import Building

FOLDER = Path(__file__).parents[1] / "seed" / "demo"
SEED = 20261123
WEEKS = 4
A_DAY = 6
RECENT = 6
"""Days within which some are still under way."""
SERIES = {
    23: ("closed", ""), 16: ("closed", ""), 9: ("closed", ""), 4: ("handling", ""),
    3: ("merged", "series-4"), 2: ("merged", "series-4"),
}  # fmt: skip
"""系列: the same matter at the same corner, again and again: days ago, ending, merged into."""
EVENING = 18 * 60
Row = dict[str, str]
Weights = Sequence[tuple[str, int, tuple[float, float]]]
"""An ending, how often, and how many times slower than usual it may go."""
LONG_AGO: Weights = (
    ("closed", 62, (1, 12)), ("unrated", 14, (1, 12)), ("closed", 9, (30, 70)),
    ("upheld", 3, (2, 8)), ("withdrawn", 2, (1, 1)), ("suspended", 2, (1, 4)),
    ("handling", 2, (1, 6)),
)  # fmt: skip
LATELY: Weights = (
    ("closed", 26, (1, 5)), ("replied", 14, (1, 6)), ("verified", 8, (1, 5)),
    ("resolved", 9, (1, 5)), ("handling", 20, (1, 9)), ("dispatched", 10, (1, 3)),
    ("extension_asked", 4, (1, 4)), ("contested", 3, (1, 4)), ("sent_back", 2, (1, 3)),
    ("reported", 4, (1, 1)),
)  # fmt: skip
ON_PATROL: Weights = (("settled", 70, (1, 1)), ("patrol_closed", 30, (1, 4)))
SATISFIED = ((5, 58), (4, 27), (3, 15))


def rows(buildings: Sequence[Building], weeks: int = WEEKS) -> Iterator[Row]:
    """历史工单的行: of so many weeks, the oldest first."""
    luck, plots, people = Random(SEED), _plots(), _people()
    corner, nth = luck.choice(buildings), 0
    for days in range(7 * weeks, 0, -1):
        a_day = A_DAY + luck.randrange(-2, 3)
        for minute in sorted(luck.randrange(7 * 60, 21 * 60) for _one in range(a_day)):
            nth += 1
            yield _row(luck, nth, days, minute, luck.choice(plots), luck.choice(buildings), people)
        if days in SERIES:
            nth += 1
            ending, other = SERIES[days]
            row = _row(luck, nth, days, EVENING, plots[0], corner, people)
            yield row | {"key": f"series-{days}", "ending": ending, "other": other, "pace": "1"}


def _row(
    luck: Random, nth: int, days: int, minute: int, plot: Row, building: Building,
    people: Sequence[str],
) -> Row:  # fmt: skip
    is_patrol = plot["source"] == "GRID_APP"
    weights = ON_PATROL if is_patrol else LONG_AGO if days > RECENT else LATELY
    if plot["nature"] in ("ENQUIRY", "SUGGESTION") and not is_patrol:
        weights = (("answered", 1, (1.0, 1.0)),)
    ending, _share, (least, most) = luck.choices(weights, [one[1] for one in weights])[0]
    where = {"name": building.name, "address": building.address}
    return {
        "key": f"past-{nth}", "days": str(days), "time": f"{minute // 60:02}:{minute % 60:02}",
        "building": building.code, "ending": ending, "other": "",
        "pace": str(luck.uniform(least, most)),
        "stars": str(luck.choices(*zip(*SATISFIED, strict=True))[0]),
        "reporter": "" if is_patrol else luck.choice(people),
        "phone": "" if is_patrol else f"1390002{nth:04}",
        **{name: plot[name].format(**where) for name in plot},
    }  # fmt: skip


def _plots() -> list[Row]:
    with (FOLDER / "plots.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _people() -> list[str]:
    """Invented: each family name with each given name."""
    families, given = (FOLDER / "names.txt").read_text(encoding="utf-8").splitlines()
    return [family + name for family in families for name in given.split()]
