"""The English catalogue: what the sources say in Chinese, and whether each has its translation.

No gettext tools: Python is read with `ast`, templates with Django's own `templatize`, and the
compiled file is written here. Only reading the .po needs Babel, which is not there at run time.
"""

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

SOURCES = ("common", "grids", "hubin", "notices", "tickets", "templates")
FUNCTIONS = {  # name -> positions of context, message, plural
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
SPOKEN_SAME = {"English", "中文"}  # names of languages stand in their own language
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%[sdrf%]|\{\w*(?:[.:!][^}]*)?\}")
HEADER = (
    "Language: en\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)


@dataclass(frozen=True, order=True)
class Message:
    """词条: a Chinese sentence of the sources; `context` where one English text will not do."""

    id: str
    plural: str = ""
    context: str = ""

    def __str__(self) -> str:
        return f"{self.id!r} [{self.context}]" if self.context else repr(self.id)


@dataclass
class Catalogue:
    """译文: translations by message; plural messages have two."""

    texts: dict[Message, tuple[str, ...]] = field(default_factory=dict)
    fuzzy: set[Message] = field(default_factory=set)


@dataclass
class Extract:
    """提取: messages with the files they stand in, and calls that cannot be extracted."""

    places: dict[Message, set[str]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)


def extract(root: Path) -> Extract:
    """提取: every translatable string below `root`."""
    found = Extract()
    for path in sorted(_files(root)):
        place = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        calls = _calls_in_python(text) if path.suffix == ".py" else _calls_in_template(text)
        for call in calls:
            try:
                found.places.setdefault(_message(call), set()).add(place)
            except ValueError:
                found.unreadable.append(f"{place}: {ast.unparse(call)}")
    return found


def _files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        for path in (root / source).rglob("*"):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _function(call: ast.Call) -> str:
    func = call.func
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    return name.removesuffix("_lazy").removesuffix("_noop")


def _calls_in_python(text: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _function(node) in FUNCTIONS:
            yield node


def _calls_in_template(text: str) -> Iterator[ast.Call]:
    pythonic = templatize(text)
    for start in re.finditer(r"\b(?:n?p?gettext|_)\(", pythonic):
        for end in re.finditer(r"\)", pythonic[start.end() :]):
            piece = pythonic[start.start() : start.end() + end.end()]
            try:
                call = ast.parse(piece, mode="eval").body
            except SyntaxError:
                continue  # the parenthesis stood inside the string
            assert isinstance(call, ast.Call)
            yield call
            break


def _message(call: ast.Call) -> Message:
    def literal(position: int | None) -> str:
        if position is None:
            return ""
        node = call.args[position] if len(call.args) > position else None
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            raise ValueError
        return node.value

    context, message, plural = FUNCTIONS[_function(call)]
    return Message(id=literal(message), plural=literal(plural), context=literal(context))


def merge(messages: set[Message], old: Catalogue) -> Catalogue:
    """合并: exactly the messages of the sources, keeping what was translated."""
    blank = {
        message: ("", "") if message.plural else ("",)
        for message in messages
    }  # fmt: skip
    kept = {message: text for message, text in old.texts.items() if message in messages}
    return Catalogue(texts=blank | kept, fuzzy=old.fuzzy & messages)


def to_po(catalogue: Catalogue) -> str:
    """写出 .po: sorted, without dates, so that the same sources give the same file."""
    blocks = ['msgid ""\nmsgstr ""\n' + "".join(f"{_quote(line)}\n" for line in _lines(HEADER))]
    for message, texts in sorted(catalogue.texts.items()):
        lines = ["#, fuzzy"] if message in catalogue.fuzzy else []
        if message.context:
            lines.append(f"msgctxt {_quote(message.context)}")
        lines.append(f"msgid {_quote(message.id)}")
        if message.plural:
            lines.append(f"msgid_plural {_quote(message.plural)}")
            lines += [f"msgstr[{n}] {_quote(text)}" for n, text in enumerate(texts)]
        else:
            lines.append(f"msgstr {_quote(texts[0])}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return '"' + escaped.replace("\n", "\\n") + '"'


def from_po(path: Path) -> Catalogue:
    """读入 .po; a missing file is an empty catalogue."""
    from babel.messages.pofile import read_po

    read = Catalogue()
    if not path.exists():
        return read
    with path.open("rb") as file:
        for row in read_po(file, locale="en"):
            if not row.id:
                continue
            ids = row.id if isinstance(row.id, list | tuple) else (row.id, "")
            texts = row.string if isinstance(row.string, list | tuple) else (row.string,)
            message = Message(id=ids[0], plural=ids[1], context=row.context or "")
            read.texts[message] = tuple(text or "" for text in texts)
            if row.fuzzy:
                read.fuzzy.add(message)
    return read


def to_mo(catalogue: Catalogue) -> bytes:
    """编译 .mo: GNU gettext's binary form, little-endian, without a hash table."""
    pairs = {b"": HEADER.encode()}
    for message, texts in catalogue.texts.items():
        if message not in catalogue.fuzzy and all(texts):
            key = f"{message.context}\4{message.id}" if message.context else message.id
            key = f"{key}\0{message.plural}" if message.plural else key
            pairs[key.encode()] = "\0".join(texts).encode()
    return _binary(sorted(pairs.items()))


def _binary(pairs: list[tuple[bytes, bytes]]) -> bytes:
    columns = [[source for source, _ in pairs], [text for _, text in pairs]]
    start = 28 + 16 * len(pairs)
    index, content = b"", b""
    for column in columns:
        for entry in column:
            index += struct.pack("<2I", len(entry), start + len(content))
            content += entry + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + index + content


def problems(found: Extract, catalogue: Catalogue, compiled: bytes) -> list[str]:
    """核对: one line for each gap between the sources, the .po and the .mo."""
    told = [f"not a literal string: {call}" for call in found.unreadable]
    for message, places in sorted(found.places.items()):
        where = ", ".join(sorted(places))
        if not CHINESE.search(message.id) and message.id not in SPOKEN_SAME:
            told.append(f"source is not Chinese: {message} ({where})")
        if not all(catalogue.texts.get(message, ("",))):
            told.append(f"not translated: {message} ({where})")
    told += [f"no longer in the sources: {m}" for m in catalogue.texts if m not in found.places]
    told += [f"marked fuzzy: {message}" for message in sorted(catalogue.fuzzy)]
    for message, texts in sorted(catalogue.texts.items()):
        told += _wrong_texts(message, texts)
    if compiled != to_mo(catalogue):
        told.append("django.mo is stale: run `manage.py messages`")
    return told


def _wrong_texts(message: Message, texts: tuple[str, ...]) -> Iterator[str]:
    sources = (message.id, message.plural or message.id)
    for source, text in zip(sources, texts, strict=False):
        if not text:
            continue
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text)):
            yield f"placeholders differ: {source!r} -> {text!r}"
        if CHINESE.search(text) and message.id not in SPOKEN_SAME:
            yield f"translation is Chinese: {message} -> {text!r}"
