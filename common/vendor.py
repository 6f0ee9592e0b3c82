"""Vendored front-end files: where they came from, and that nobody changed them since.

Each folder's `vendor.json` is the list. htmx is not in it: it comes with django-htmx.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.conf import settings

SVG = "http://www.w3.org/2000/svg"


def home() -> Path:
    """目录: static/vendor."""
    return Path(settings.BASE_DIR) / "static" / "vendor"


def homes() -> list[Path]:
    """所有目录: also what only tests use, where tests are there."""
    return [
        path for path in (home(), Path(settings.BASE_DIR) / "tests" / "vendor") if path.exists()
    ]


def packages(where: Path) -> list[dict[str, Any]]:
    """清单: the packages of a folder's vendor.json."""
    listed: list[dict[str, Any]] = json.loads((where / "vendor.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    return listed


def problems(where: Path) -> list[str]:
    """核对: one sentence for each file that is missing, changed or not listed."""
    listed = {
        f"{package['folder']}/{name}": facts.get("sha256")
        for package in packages(where)
        for name, facts in package["files"].items()
    }
    present = {
        path.relative_to(where).as_posix(): digest(path)
        for path in where.glob("*/**/*")
        if path.is_file()
    }
    found = [f"{name} is not listed in vendor.json" for name in present.keys() - listed.keys()]
    found += [f"{name} is missing" for name in listed.keys() - present.keys()]
    found += [
        f"{name} was changed after it was vendored"
        for name in listed.keys() & present.keys()
        if present[name] != listed[name]
    ]
    return sorted(found)


def digest(path: Path) -> str:
    """摘要: sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def without_source_map(content: bytes) -> bytes:
    """去掉映射: the line names a file that is not shipped, which collectstatic refuses."""
    return re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*", b"\n", content)


IMPORT = re.compile(r"^import \{(.*?)\} from '\./(.*?)';$", re.MULTILINE)
DECLARED = re.compile(r"^export (async function|function|class|const) (\w+)", re.MULTILINE)
LISTED = re.compile(r"^export \{(.*?)\};$", re.MULTILINE)
DEFAULT = re.compile(r"^export default \w+;$", re.MULTILINE)


def joined(modules: dict[str, str], name: str) -> str:
    """合为一份: modules of one package, each after those it imports, as one classic script.

    Hashed file names would break imports between them.
    """
    parts = [f"self.{name} = (() => {{\nconst modules = {{}};\n"]
    for path, text in modules.items():
        given = [found[2] for found in DECLARED.finditer(text)]
        given += [_renamed(found[1], swap=True) for found in LISTED.finditer(text)]
        body = IMPORT.sub(
            lambda found: f'const {{ {_renamed(found[1])} }} = modules["{found[2]}"];', text
        )
        body = LISTED.sub("", DEFAULT.sub("", DECLARED.sub(r"\1 \2", body)))
        parts.append(
            f'modules["{path}"] = (() => {{\n{body}\nreturn {{ {", ".join(given)} }};\n}})();\n'
        )
    return "".join(parts) + f'return modules["{path}"];\n}})();\n'


def _renamed(names: str, *, swap: bool = False) -> str:
    pairs = [part.split(" as ") for part in names.strip().strip(",").split(", ") if part]
    return ", ".join(": ".join(reversed(pair) if swap else pair) for pair in pairs)


def sprite(icons: dict[str, Path]) -> str:
    """图标集: one symbol an icon, drawn in the colour of the text around it."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    for name in sorted(icons):
        drawing = ElementTree.parse(icons[name]).getroot()
        is_filled = drawing.get("stroke") is None
        paint = {"fill": "currentColor"} if is_filled else {
            "fill": "none", "stroke": "currentColor", "stroke-width": "2",
            "stroke-linecap": "round", "stroke-linejoin": "round",
        }  # fmt: skip
        symbol = ElementTree.SubElement(
            root,
            f"{{{SVG}}}symbol",
            {"id": name.replace("/", "-"), "viewBox": "0 0 24 24"} | paint,
        )
        symbol.extend(shape for shape in drawing if shape.get("d") != "M0 0h24v24H0z")
    return ElementTree.tostring(root, encoding="unicode") + "\n"
