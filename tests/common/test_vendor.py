"""Vendored files are what was fetched, and nothing of ours asks another host."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from common import vendor

ROOT = Path(settings.BASE_DIR)
ADDRESS = re.compile(r"(?:https?:)?//[\w.-]+\.\w+")
HARMLESS = {"http://www.w3.org"}  # the name of the SVG namespace, never fetched
DRAWN = {".png"}
INLINE = re.compile(r"""\sstyle\s*=|<style|\son\w+\s*=\s*["']|<script(?![^>]*\ssrc=)|javascript:""")


def ours() -> list[Path]:
    found = [*(ROOT / "templates").rglob("*.html")]
    found += [path for kind in ("css", "js", "img") for path in (ROOT / "static" / kind).rglob("*")]
    return sorted(path for path in found if path.is_file() and path.suffix not in DRAWN)


@pytest.mark.parametrize("home", vendor.homes(), ids=lambda home: home.parent.name)
def test_vendored_files_are_as_listed(home: Path) -> None:
    assert vendor.problems(home) == []


@pytest.mark.parametrize("home", vendor.homes(), ids=lambda home: home.parent.name)
def test_each_package_comes_with_its_licence(home: Path) -> None:
    packages = vendor.packages(home)
    assert packages
    for package in packages:
        assert package["licence"]
        assert "LICENSE" in package["files"]


@pytest.fixture
def small_home(tmp_path: Path) -> Path:
    (tmp_path / "lake-1.0").mkdir()
    script = tmp_path / "lake-1.0" / "lake.js"
    script.write_text("let lake;", encoding="utf-8")
    files = {"lake.js": {"sha256": vendor.digest(script)}}
    listed = {"packages": [{"name": "lake", "folder": "lake-1.0", "files": files}]}
    (tmp_path / "vendor.json").write_text(json.dumps(listed), encoding="utf-8")
    return tmp_path


def test_untouched_file_is_no_problem(small_home: Path) -> None:
    assert vendor.problems(small_home) == []


def test_changed_file_is_found(small_home: Path) -> None:
    (small_home / "lake-1.0" / "lake.js").write_text("let sea;", encoding="utf-8")
    assert vendor.problems(small_home) == ["lake-1.0/lake.js was changed after it was vendored"]


def test_missing_file_is_found(small_home: Path) -> None:
    (small_home / "lake-1.0" / "lake.js").unlink()
    assert vendor.problems(small_home) == ["lake-1.0/lake.js is missing"]


def test_unlisted_file_is_found(small_home: Path) -> None:
    (small_home / "lake-1.0" / "more.js").touch()
    assert vendor.problems(small_home) == ["lake-1.0/more.js is not listed in vendor.json"]


def test_modules_are_joined_into_one_script() -> None:
    depth = "export const deep = 3;\nconst hidden = 1;\nexport { hidden as _hidden, };\n"
    lake = "import { deep as down, _hidden } from './depth.js';\nexport const lake = () => down;\n"
    lake += "export default lake;\n"
    told = vendor.joined({"depth.js": depth, "lake.js": lake}, "LAKE")
    assert "export" not in told
    assert 'const { deep: down, _hidden } = modules["depth.js"];' in told
    assert "return { deep, _hidden: hidden };" in told
    assert told.rstrip().endswith('return modules["lake.js"];\n})();')


def test_source_map_lines_go_and_the_rest_stays() -> None:
    code = b"let lake;\n//# sourceMappingURL=lake.js.map"
    assert vendor.without_source_map(code) == b"let lake;\n"


@pytest.mark.parametrize("path", ours(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_of_ours_names_another_host(path: Path) -> None:
    found = set(ADDRESS.findall(path.read_text(encoding="utf-8")))
    assert found <= HARMLESS


@pytest.mark.parametrize(
    "path",
    [*(ROOT / "templates").rglob("*.html")],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "wrong",
    ['<p style="top: 0">', "<style>", '<a onclick="go()">', "<script>go()", "javascript:go()"],
)
def test_inline_script_and_style_are_noticed(wrong: str) -> None:
    assert INLINE.search(wrong)
    assert not INLINE.search('<script src="a.js">')


@pytest.mark.parametrize("wrong", ["https://cdn.example/a.js", "url(//cdn.example/a.woff2)"])
def test_another_host_is_noticed(wrong: str) -> None:
    assert not set(ADDRESS.findall(wrong)) <= HARMLESS


def test_public_stylesheet_keeps_its_budget() -> None:
    assert (ROOT / "static" / "css" / "public.css").stat().st_size <= 15_000
