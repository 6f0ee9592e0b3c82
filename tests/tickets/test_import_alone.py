"""One import at a time, whatever the profile: the second is refused and can be repeated."""

from pathlib import Path

import pytest

from common import clock
from tests.races import start
from tests.tickets.importing import CLOSED, LETTERS, OPEN, SPOTS, Bringer
from tests.world import World
from tickets.importing.bringing import bring_table
from tickets.importing.profile import load
from tickets.importing.rejects import Rejects
from tickets.importing.table import Table
from tickets.models import Ticket

LETTER = ["信访,楼道堆物", "信访,路灯不亮"]
BUSY = "已有一次迁入在进行，请等它结束，再运行一次同样的命令。"


@pytest.fixture
def bringer(committed_world: World, tmp_path: Path) -> Bringer:
    return Bringer(tmp_path)


@pytest.fixture
def letters(bringer: Bringer) -> Path:
    return bringer.table(*LETTER, header="subject,detail", name="letters.csv")


def test_another_profile_does_not_run_beside(bringer: Bringer, letters: Path) -> None:
    refusals: list[str] = []

    def begin(_total: int) -> None:
        refusals.append(start(lambda: bringer.refusal(letters, LETTERS)).result())

    path = bringer.table(OPEN, CLOSED)
    with Rejects(bringer.rejects, source=path) as rejects:
        tally = bring_table(
            Table(path, load(str(SPOTS))), rejects,
            at=clock.now(), begin=begin, step=lambda _tally: None,
        )  # fmt: skip
    assert (refusals, tally.added) == ([BUSY], 2)
    assert Ticket.objects.filter(source_profile="letters").count() == 0


def test_after_a_stopped_one_the_next_goes_in(bringer: Bringer, letters: Path) -> None:
    def begin(_total: int) -> None:
        raise KeyboardInterrupt

    path = bringer.table(OPEN)
    with Rejects(bringer.rejects, source=path) as rejects, pytest.raises(KeyboardInterrupt):
        bring_table(
            Table(path, load(str(SPOTS))), rejects,
            at=clock.now(), begin=begin, step=lambda _tally: None,
        )  # fmt: skip
    assert "新增 2" in start(lambda: bringer.bring(letters, LETTERS)).result()
