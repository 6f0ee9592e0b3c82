"""Documents stay true: every link leads somewhere, every command named exists."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.house import source

PAGES = sorted([*source.ROOT.glob("*.md"), *(source.ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
COMMAND = re.compile(r"(?:manage\.py|hubinctl manage) ([a-z_]+)")
MENTIONED = re.compile(r"`((?:tickets|grids|common|hubin|notices|templates|tests|docs)/[\w./-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "design.md"], ids=source.name)
def test_every_command_named_exists(page: Path) -> None:
    named = COMMAND.findall(page.read_text(encoding="utf-8"))
    assert set(named) <= set(get_commands())


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.name not in ("design.md", "domain.md")], ids=source.name
)
def test_every_file_mentioned_exists(page: Path) -> None:
    named = MENTIONED.findall(page.read_text(encoding="utf-8"))
    real = [name for name in named if "NAME" not in name]  # a name the reader chooses
    assert not [name for name in real if not (source.ROOT / name).exists()]
