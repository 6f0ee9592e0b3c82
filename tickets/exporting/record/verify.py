#!/usr/bin/env python3
"""核验审计包 · Check this audit bundle. Python 3.9 or newer, nothing else.

    python3 verify.py [--expect SHA256]

Recomputes every hash in this folder (or zip: unpack it first) from the data beside it and says
whether it is intact. `--expect` is the digest that was noted when the bundle was made, kept
elsewhere: with it, nobody can have made the whole bundle anew.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
VERSION = b"\x01"
FORM = ("at", "by", "data", "from", "number", "prev", "seq", "to", "verb")
SEAL_FORM = ("at", "count", "heads", "prev")


def canonical(form: Any) -> bytes:
    """The one way a value is written: sorted keys, no white space, UTF-8."""
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as opened:
        for piece in iter(lambda: opened.read(1 << 20), b""):
            found.update(piece)
    return found.hexdigest()


def keyed(salt: str, content: bytes) -> str:
    """The digest that an event holds of its words and attachments; "" where the salt is none."""
    try:
        return hmac.new(bytes.fromhex(salt), content, hashlib.sha256).hexdigest()
    except ValueError:
        return ""


class Bundle:
    """审计包: what is read, what was counted, what is wrong."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.counted: dict[str, int] = {}
        self.ticket: Row = self.load("record/ticket.json")
        self.events: list[Row] = self.load("record/events.json")
        self.erased_upto = max((erased_upto(event) for event in self.events), default=0)

    def load(self, name: str) -> Any:
        return json.loads((self.home / name).read_text(encoding="utf-8"))

    def faults(self) -> Iterator[str]:
        """破绽: every one of them, in both languages."""
        yield from self.of_files()
        yield from self.of_chain()
        yield from self.of_ticket()
        yield from self.of_words()
        yield from self.of_attachments()
        yield from self.of_seals()

    def of_files(self) -> Iterator[str]:
        listed = self.load("manifest.json")["files"]
        self.counted["files"] = len(listed)
        here = {path.relative_to(self.home).as_posix() for path in self.home.rglob("*")
                if path.is_file()} - {"manifest.json"}  # fmt: skip
        for name in sorted(set(listed) | here):
            if name not in here:
                yield f"{name}: 文件不见了 · the file is missing"
            elif name not in listed:
                yield f"{name}: 清单里没有这个文件 · not in the manifest"
            elif digest(self.home / name) != listed[name]:
                yield f"{name}: 内容被改过，与清单不符 · altered, does not match the manifest"

    def of_chain(self) -> Iterator[str]:
        prev = ""
        self.counted["events"] = len(self.events)
        for place, event in enumerate(self.events, 1):
            where = f"记录 event {event.get('seq')}"
            if event.get("seq") != place:
                yield f"{where}: 序号不连续，应为 {place} · out of sequence, {place} expected"
            if event.get("number") != self.ticket.get("number"):
                yield f"{where}: 属于另一张工单 · belongs to another ticket"
            if event.get("prev") != prev:
                yield f"{where}: 与前一条断开 · does not hang on the one before"
            form = {name: event.get(name) for name in FORM}
            if hashlib.sha256(VERSION + canonical(form)).hexdigest() != event.get("hash"):
                yield f"{where}: 内容与摘要不符，被改过 · altered, its hash does not match"
            prev = str(event.get("hash"))

    def of_ticket(self) -> Iterator[str]:
        last: Row = self.events[-1] if self.events else {}
        pairs = (("seq", last.get("seq")), ("head", last.get("hash")), ("state", last.get("to")))
        for name, recorded in pairs:
            if self.ticket.get(name) != recorded:
                yield (
                    f"工单 ticket: {name} 是 is {self.ticket.get(name)}，记录里是 the record says "
                    f"{recorded}（链尾被截断或工单被改 · the tail was cut or the ticket altered）"
                )

    def of_words(self) -> Iterator[str]:
        rows = self.load("record/words.json")
        self.counted["words"] = len(rows)
        self.counted["erased"] = sum(not row["salt"] for row in rows)
        for event in self.events:
            own = [row for row in rows if row["seq"] == event["seq"]]
            wanted = [tuple(pair) for pair in event["data"].get("words", [])]
            yield from self.match(f"记录 event {event['seq']}", own, wanted)
        yield from strays(rows, self.events)

    def match(
        self,
        where: str,
        rows: list[Row],
        wanted: list[tuple[str, str]],
    ) -> Iterator[str]:
        for row in rows:
            said = (row["kind"], keyed(row["salt"], row["text"].encode()))
            if row["salt"] and said in wanted:
                wanted.remove(said)
                continue
            same = next((pair for pair in wanted if pair[0] == row["kind"]), None)
            if same is not None:
                wanted.remove(same)
            if row["salt"] or row["text"] or same is None:
                yield f"{where}: 文本（{row['kind']}）被改过 · words altered"
            elif row["seq"] > self.erased_upto:
                yield f"{where}: 文本被清空而没有脱敏记录 · words emptied without an erasure"
        for kind, _mark in wanted:
            yield f"{where}: 缺少文本（{kind}）· words are missing"

    def of_attachments(self) -> Iterator[str]:
        rows = self.load("record/attachments.json")
        self.counted["attachments"] = len(rows)
        for event in self.events:
            own = [row for row in rows if row["seq"] == event["seq"]]
            wanted = [list(entry) for entry in event["data"].get("attachments", [])]
            for row in own:
                where = f"附件 attachment {row['id']}"
                yield from self.of_one(where, row, wanted)
                yield from self.of_its_file(where, row)
            for entry in wanted:
                where = f"记录 event {event['seq']}"
                yield f"{where}: 缺少附件（{entry[0]}）· an attachment is missing"
        yield from strays(rows, self.events)

    def of_one(self, where: str, row: Row, wanted: list[list[str]]) -> Iterator[str]:
        head = [row["facts"]["kind"], row["facts"]["sha256"]]
        mark = keyed(row["salt"], canonical(row["facts"]))
        entry = next((one for one in wanted if one[:2] == head), None)
        if entry is None:
            yield f"{where}: 记录里没有这个附件 · the record does not know it"
            return
        wanted.remove(entry)
        if row["salt"] and mark != entry[2]:
            yield f"{where}: 要点被改过 · its facts were altered"
        if not row["salt"] and row["seq"] > self.erased_upto:
            yield f"{where}: 被清空而没有脱敏记录 · emptied without an erasure"

    def of_its_file(self, where: str, row: Row) -> Iterator[str]:
        if not row["salt"]:
            return
        file = self.home / str(row["file"])
        if not row["file"] or not file.is_file():
            yield f"{where}: 文件不见了 · its file is missing"
        elif digest(file) != row["facts"]["copies"].get("kept"):
            yield f"{where}: 文件被改过 · its file was altered"

    def of_seals(self) -> Iterator[str]:
        hashes = {event["seq"]: event["hash"] for event in self.events}
        seals = self.load("record/seals.json")
        self.counted["seals"] = len(seals)
        sealed = 0
        for seal in seals:
            where = f"封存 seal {seal['seal']}"
            form = {name: seal.get(name) for name in SEAL_FORM}
            if hashlib.sha256(VERSION + canonical(form)).hexdigest() != seal["hash"]:
                yield f"{where}: 内容与摘要不符 · altered, its hash does not match"
            for seq, mark in self.heads(seal["heads"]):
                sealed = max(sealed, seq)
                if hashes.get(seq) != mark:
                    yield (
                        f"{where}: 封存过的第 {seq} 条不在了或不同：链尾被截断或被重算 · "
                        f"sealed event {seq} is gone or differs: tail cut or chain recomputed"
                    )
        self.counted["sealed"] = sealed
        claimed = self.ticket.get("sealed_seq")
        if sealed != claimed:
            yield (
                f"封存 seals: 工单说封存到第 {claimed} 条，这里到第 {sealed} 条"
                f" · the ticket claims {claimed}, here {sealed}"
            )

    def heads(self, text: str) -> Iterator[tuple[int, str]]:
        for line in text.split("\n"):
            number, _space, rest = line.partition(" ")
            seq, _space, mark = rest.partition(" ")
            if number == self.ticket.get("number") and seq.isdigit():
                yield int(seq), mark


def erased_upto(event: Row) -> int:
    """Up to which event an erasure that names its rule reached."""
    data = event.get("data") or {}
    is_one = event.get("verb") == "erase" and data.get("rule") and isinstance(data.get("upto"), int)
    return min(data["upto"], event["seq"]) if is_one else 0


def strays(rows: list[Row], events: list[Row]) -> Iterator[str]:
    known: set[int] = {event["seq"] for event in events}
    for row in rows:
        if row["seq"] not in known:
            where = f"记录 event {row['seq']}"
            yield f"{where}: 不存在，却有它的内容 · does not exist, but its content does"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--expect", default="", help="the digest noted when the bundle was made")
    asked = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):  # a console that cannot write Chinese
        sys.stdout.reconfigure(errors="replace")
    home = Path(__file__).resolve().parent
    try:
        bundle = Bundle(home)
        found = list(bundle.faults())
        mark = digest(home / "manifest.json")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        say(f"读不下去，审计包不完整 · cannot be read, the bundle is incomplete: {error!r}")
        return 1
    if asked.expect and asked.expect.strip().lower() != mark:
        found.append("manifest.json: 与当时记下的摘要不同 · not the digest that was noted")
    for fault in found:
        say(f"✗ {fault}")
    counted = "  ".join(f"{name} {count}" for name, count in bundle.counted.items())
    say(f"{bundle.ticket.get('number')}  {counted}")
    say(f"manifest.json SHA-256 {mark}")
    say("不完好 BROKEN" if found else "完好 intact")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
