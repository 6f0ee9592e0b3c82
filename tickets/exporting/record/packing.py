"""A folder or a zip, written beside its place and moved there when it is whole."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext as _

from common.errors import Invalid
from tickets.attachments.cleaned import chunks

MANIFEST = "manifest.json"


class Place(Protocol):
    """去处: a folder or a zip."""

    def write(self, name: str, pieces: Iterator[bytes]) -> None:
        """One file."""


class Pack:
    """打包: every file with its digest, the manifest last."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.sums: dict[str, str] = {}

    def add(self, name: str, content: bytes | IO[bytes]) -> None:
        """放入一个文件."""
        found = hashlib.sha256()

        def pieces() -> Iterator[bytes]:
            for piece in [content] if isinstance(content, bytes) else chunks(content):
                found.update(piece)
                yield piece

        self._place.write(name, pieces())
        self.sums[name] = found.hexdigest()

    def add_json(self, name: str, value: Any) -> None:
        """放入数据."""
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
        self.add(name, text.encode() + b"\n")

    def close(self, about: dict[str, Any]) -> str:
        """清单: what is in it; gives its digest, which is to be kept elsewhere."""
        self.add_json(MANIFEST, about | {"files": dict(self.sums)})
        return self.sums[MANIFEST]


class Folder:
    """文件夹: readable by its owner only."""

    def __init__(self, home: Path) -> None:
        self._home = home
        home.mkdir(mode=0o700)

    def write(self, name: str, pieces: Iterator[bytes]) -> None:
        path = self._home / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(pieces)


class Zip:
    """ZIP 文件: the bundle's folder is inside."""

    def __init__(self, file: ZipFile, inside: str) -> None:
        self._file = file
        self._inside = inside

    def write(self, name: str, pieces: Iterator[bytes]) -> None:
        with self._file.open(f"{self._inside}/{name}", "w", force_zip64=True) as opened:
            for piece in pieces:
                opened.write(piece)


@contextmanager
def packed(out: Path, number: str) -> Iterator[tuple[Pack, Path]]:
    """打包到 `out`: a .zip, else a folder in which the bundle gets its own. Whole or not there."""
    is_zip = out.suffix.lower() == ".zip"
    target = out if is_zip else out / number
    if target.exists():
        raise Invalid(
            _("%(path)s 已经有了，请换一个位置，或先移走它。") % {"path": target}, field="out"
        )
    partial = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove(partial)
        if is_zip:
            handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w+b") as file, ZipFile(file, "w", ZIP_DEFLATED) as parts:
                yield Pack(Zip(parts, number)), target
        else:
            yield Pack(Folder(partial)), target
        os.replace(partial, target)
    except PermissionError:
        raise Invalid(
            _("写不了 %(path)s，请用 --out 指定一个可以写的位置。") % {"path": target}, field="out"
        ) from None
    finally:
        _remove(partial)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
