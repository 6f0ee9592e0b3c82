"""docs/chain.md comes from the table of moves (DESIGN §2 law 11)."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tickets.proof import page
from tickets.states import MOVES, State, state_changes


def test_the_page_is_what_the_table_says() -> None:
    call_command("chain_docs", check=True)


def test_a_stale_page_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "chain.md").write_text("old")
    with pytest.raises(CommandError, match="chain_docs"):
        call_command("chain_docs", check=True)


def test_the_command_writes_the_page(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    call_command("chain_docs")
    call_command("chain_docs", check=True)


@pytest.mark.parametrize("verb", MOVES)
def test_every_verb_has_its_row(verb: str) -> None:
    assert f"\n| {verb} | " in page.render()


def test_every_change_of_state_is_drawn() -> None:
    drawn = page.render()
    assert not [pair for pair in state_changes() if f"    {pair[0]} --> {pair[1]}: " not in drawn]


@pytest.mark.parametrize("state", State)
def test_every_state_is_explained(state: State) -> None:
    assert f"\n| {state} | {state.label} | " in page.render()
