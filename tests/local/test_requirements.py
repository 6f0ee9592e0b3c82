"""The pinned files: a larger set holds the smaller, every pin has hashes, nobody is named."""

import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from hubin.local.packages import CHAIN, Packages
from hubin.local.stopper import Stopper
from hubin.local.testing import BOTH_CORES, with_defaults
from tests.local.miniature import ROOT, build

PIN = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+) \\$", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("smaller", "larger"), list(pairwise(CHAIN)))
def test_a_larger_set_holds_the_smaller(smaller: str, larger: str) -> None:
    assert set(PIN.findall(text(smaller))) <= set(PIN.findall(text(larger)))


@pytest.mark.parametrize("name", CHAIN)
def test_every_pin_has_a_hash(name: str) -> None:
    pins = [part for part in re.split(r"\n(?=[A-Za-z0-9])", text(name)) if "==" in part]
    assert len(pins) > 30
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("name", CHAIN)
def test_no_address_stands_in_a_pinned_file(name: str) -> None:
    assert not re.search(r"://|index-url|trusted-host|find-links", text(name))


@pytest.mark.parametrize("name", CHAIN)
def test_every_wish_says_what_it_is_for(name: str) -> None:
    lines = text(name.replace(".txt", ".in")).splitlines()
    wishes = [line for line in lines if line and not line.startswith(("#", "-r"))]
    assert [line for line in wishes if len(line.partition("#")[2].split()) < 2] == []


def test_a_changed_file_is_installed_anew(tmp_path: Path) -> None:
    project = build(tmp_path)
    (project / ".venv").unlink()
    (project / ".venv").mkdir()
    (project / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    packages = Packages(Stopper(), tmp_path / "log", project)
    packages.write_stamp(CHAIN[1])
    assert packages.has(CHAIN[1])
    (project / CHAIN[1]).write_text("newer==1 \\\n")
    assert not packages.has(CHAIN[1])


def test_tests_use_both_cores_unless_told_otherwise() -> None:
    assert with_defaults(["tests/grids"]) == [*BOTH_CORES, "tests/grids"]
    assert with_defaults(["-n0"]) == ["-n0"]
    assert with_defaults(["--pdb"]) == ["--pdb"]
