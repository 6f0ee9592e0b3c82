"""A family of model tickets, compiled: what its clones share is text, the rest are slots."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import Model

from benchmarks.slots import Slot, Slots, Template, cell, number, of_json, of_text, piece
from benchmarks.tables import KEPT, Column, Family, Row, table, utc
from notices.models import Notice
from tickets.models import (
    Approval,
    Assist,
    Attachment,
    Clock,
    Event,
    Follower,
    FollowKey,
    Rating,
    Reporter,
    Supervision,
    Ticket,
    Words,
)
from tickets.models.attachment import facts
from tickets.record import words_digest
from tickets.tokens import boxes, tokens
from tickets.words import WordsKind

IDS: Mapping[str, type[Model]] = {
    "approval": Approval, "assist": Assist, "supervision": Supervision, "rating": Rating,
    "rater": Follower, "follower": Follower, "merged": Ticket, "other": Ticket, "ticket": Ticket,
    "from": Ticket, "merged_into_id": Ticket, "reporter_id": Reporter,
}  # fmt: skip
"""Names under which an event's data mean a row."""
VARIED = frozenset({WordsKind.REPORT, WordsKind.ANSWER, WordsKind.FACTS})
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
OF_ASSIST = re.compile(r"(\w+/\d+/\d+/\d+/)(\d+)")


class Unclonable(Exception):
    """不可复制: something in it cannot be told in slots."""


@dataclass(frozen=True)
class Text:
    """文本: of one of the kinds that are found; other words in each clone."""

    kind: str
    text: Slot
    salt: Slot
    digest: Slot


@dataclass(frozen=True)
class Found:
    """查找件 of one ticket: by its texts, number and boxes, and by what all clones share."""

    slot: Slot
    ticket: int  # which of the family
    texts: tuple[Slot, ...]
    others: str  # tokens of place, units and people, ready for COPY


@dataclass(frozen=True)
class Link:
    """一环: one event; its data, what is hashed, and where the hash goes."""

    data: Slot
    data_form: Template
    hashed: Template
    hash: Slot


@dataclass(frozen=True)
class File:
    """附件."""

    salt: bytes
    facts: Template
    digest: Slot
    name: Slot


@dataclass
class Compiled:
    """编好的一家."""

    slots: Slots = field(default_factory=Slots)
    ids: list[tuple[Slot, type[Model], int]] = field(default_factory=list)
    counts: dict[type[Model], int] = field(default_factory=dict)
    numbers: list[Slot] = field(default_factory=list)
    born: list[datetime] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    keys: list[Slot] = field(default_factory=list)
    contacts: list[tuple[Slot, Slot, Slot]] = field(default_factory=list)
    lines: dict[type[Model], Template] = field(default_factory=dict)
    heads: Template | None = None
    open_count: int = 0


def compiled(family: Family) -> Compiled:
    """编: raises `Unclonable`."""
    return _Compiler(family).run()


class _Compiler:
    def __init__(self, family: Family) -> None:
        self.family = family
        self.made = Compiled(open_count=family.open_count)
        self.slots = self.made.slots
        self.special: dict[tuple[type[Model], int, str], str] = {}
        self.events = {row["id"]: row for row in family.rows[Event]}
        self.hashes: dict[tuple[int, int], Slot] = {}
        self.varied: list[tuple[Row, Slot]] = []

    def run(self) -> Compiled:
        made = self.made
        for model in KEPT:
            rows = self.family.rows[model]
            made.counts[model] = len(rows)
            for nth, row in enumerate(rows if table(model).is_counted else ()):
                slot = self.slots.ids[model, row["id"]] = self.slots.new()
                made.ids.append((slot, model, nth))
        for ticket in self.family.tickets:
            self._ticket(ticket)
        for event in sorted(
            self.family.rows[Event], key=lambda row: (row["ticket_id"], row["seq"])
        ):
            self._event(event)
        self._others()
        for model in KEPT:
            lines = [self._line(model, row) for row in self.family.rows[model]]
            made.lines[model] = of_text("".join(lines))
        made.heads = of_text("".join(self._head(row) for row in self.family.tickets))
        return made

    def _ticket(self, row: Row) -> None:
        if row["source_id"]:
            raise Unclonable("what was brought in comes once")
        slot = self.slots.new()
        self.made.numbers.append(slot)
        events = [one for one in self.events.values() if one["ticket_id"] == row["id"]]
        self.made.born.append(utc(min(one["at"] for one in events)))
        for one in events:
            self.hashes[row["id"], one["seq"]] = self.slots.new()
        self.special[Ticket, row["id"], "number"] = piece(slot)
        self.special[Ticket, row["id"], "head"] = piece(self.hashes[row["id"], row["seq"]])
        self.special[Ticket, row["id"], "sealed_seq"] = str(row["seq"])

    def _event(self, row: Row) -> None:
        ticket_id, seq, slot = row["ticket_id"], row["seq"], self.slots.new()
        data = self._walked(row["data"])
        if "words" in row["data"]:
            data["words"] = self._words(row)
        if "attachments" in row["data"]:
            data["attachments"] = self._attachments(row)
        prev = piece(self.hashes[ticket_id, seq - 1]) if seq > 1 else ""
        by = self._by(row["by"])
        form = {
            "at": number(self.slots.microseconds(utc(row["at"]))), "by": by, "data": number(slot),
            "from": row["from_state"], "number": self.special[Ticket, ticket_id, "number"],
            "prev": prev, "seq": seq, "to": row["to_state"], "verb": row["verb"],
        }  # fmt: skip
        own = self.hashes[ticket_id, seq]
        self.made.links.append(Link(slot, of_json(data), of_json(form), own))
        told = row["announced_at"] and piece(self.slots.time(utc(row["at"])))
        self.special |= {
            (Event, row["id"], "data"): piece(slot), (Event, row["id"], "by"): by,
            (Event, row["id"], "prev_hash"): prev, (Event, row["id"], "hash"): piece(own),
            (Event, row["id"], "announced_at"): told or "\\N",
        }  # fmt: skip

    def _words(self, event: Row) -> list[list[str]]:
        rows = [row for row in self.family.rows[Words] if row["event_id"] == event["id"]]
        known = {words_digest(row["salt"], row["text"]): row for row in rows}
        return [
            [kind, self._said(known[digest]) if digest in known else digest]
            for kind, digest in event["data"]["words"]
        ]

    def _said(self, row: Row) -> str:
        """The digest of a text: a slot where its words vary, else as it is."""
        if row["kind"] not in VARIED:
            return words_digest(row["salt"], row["text"])
        text = Text(row["kind"], self.slots.new(), self.slots.new(), self.slots.new())
        self.special[Words, row["id"], "text"] = piece(text.text)
        self.special[Words, row["id"], "salt"] = piece(text.salt)
        self.varied.append((row, text.text))
        self.made.texts.append(text)
        return piece(text.digest)

    def _found(self, model: type[Model], row: Row) -> None:
        nth = [one["id"] for one in self.family.tickets].index(row["ticket_id"])
        ticket = self.family.tickets[nth]
        of = "id" if model is Words else "ticket_id"  # by its own text, or by all of the ticket's
        varied = [(slot, said) for said, slot in self.varied if said[of] == row[of]]
        own = tokens(ticket["number"]) | set(boxes(ticket["id"]))
        for _slot, said in varied:
            own |= tokens(said["text"])
        others = (set(row["tokens"]) - own) | tokens(ticket["address"])
        slots = tuple(slot for slot, _said in varied)
        found = Found(self.slots.new(), nth, slots, quoted(others))
        self.special[model, row["id"], "tokens"] = piece(found.slot)
        self.made.found.append(found)

    def _attachments(self, event: Row) -> list[list[str]]:
        rows = [row for row in self.family.rows[Attachment] if row["event_id"] == event["id"]]
        found = []
        for row in rows:
            said = facts(SimpleNamespace(**row))
            said["by"] = self._by(row["by"])
            for name in ("at", "taken_at"):
                if row[name] is not None:
                    said[name] = number(self.slots.microseconds(utc(row[name])))
            one = File(
                bytes.fromhex(row["salt"]), of_json(said), self.slots.new(), self.slots.new()
            )
            if row["name"]:  # else it was erased
                self.special[Attachment, row["id"], "name"] = piece(one.name)
            self.special[Attachment, row["id"], "by"] = said["by"]
            self.made.files.append(one)
            found.append([row["kind"], row["sha256"], piece(one.digest)])
        return found

    def _others(self) -> None:
        for model in KEPT:
            for row in self.family.rows[model]:
                if row.get("tokens") is not None:
                    self._found(model, row)
        for row in self.family.rows[FollowKey]:
            self.made.keys.append(slot := self.slots.new())
            self.special[FollowKey, row["id"], "key_hash"] = piece(slot)
        for row in self.family.rows[Approval]:
            asks = of_json(self._walked(row["asks"]))
            self.special[Approval, row["id"], "asks"] = asks.form % tuple(map(piece, asks.slots))
        ended = {row["id"] for row in self.family.tickets if row["ended_at"] is not None}
        for row in self.family.rows[Notice]:
            if row["ticket_id"] in ended:  # read long ago
                self.special[Notice, row["id"], "read_at"] = piece(self.slots.time(utc(row["at"])))
        for row in self.family.rows[Clock]:
            for name in ("terms", "extended"):
                self.special[Clock, row["id"], name] = self._moved(row[name])
        for row in self.family.rows[Reporter]:
            if row["phone"]:
                slots = self.slots.new(), self.slots.new(), self.slots.new()
                self.made.contacts.append(slots)
                names = ("phone", "phone_hash", "phone_last4")
                for name, slot in zip(names, slots, strict=True):
                    self.special[Reporter, row["id"], name] = piece(slot)

    def _moved(self, text: str) -> str:
        """Dates inside a text move with the others."""
        return MOMENT.sub(
            lambda found: piece(self.slots.time(datetime.fromisoformat(found[0]))), text
        )

    def _by(self, by: str) -> str:
        kind, _sep, pk = by.partition(":")
        return f"key:{piece(self._id(FollowKey, int(pk)))}" if kind == "key" else by

    def _walked(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            found = {self._key(key): self._walked(inner, key) for key, inner in value.items()}
            if sum("\x04" in key for key in found) > 1:
                raise Unclonable("two keys whose order depends on ids")
            return found
        if isinstance(value, list):
            return [self._walked(inner) for inner in value]
        if isinstance(value, str) and MOMENT.fullmatch(value):
            return piece(self.slots.time(datetime.fromisoformat(value)))
        if isinstance(value, int) and not isinstance(value, bool) and name in IDS:
            return number(self._id(IDS[name], value))
        return value

    def _key(self, key: str) -> str:
        match = OF_ASSIST.fullmatch(key)
        return match[1] + piece(self._id(Assist, int(match[2]))) if match else key

    def _id(self, model: type[Model], pk: int) -> Slot:
        try:
            return self.slots.ids[model, pk]
        except KeyError:
            raise Unclonable(f"{model.__name__} {pk} is of another family") from None

    def _line(self, model: type[Model], row: Row) -> str:
        cells = [self._cell(model, row, column) for column in table(model).columns]
        return "\t".join(cells) + "\n"

    def _cell(self, model: type[Model], row: Row, column: Column) -> str:
        known = self.special.get((model, row["id"], column.name))
        if known is not None:
            return known
        value = row[column.name]
        if value is None:
            return "\\N"
        if column.to is not None:
            return piece(self._id(column.to, value))
        if column.is_time:
            return piece(self.slots.time(utc(value)))
        return cell(value)

    def _head(self, row: Row) -> str:
        number_slot = self.special[Ticket, row["id"], "number"]
        return f"{number_slot} {row['seq']} {self.special[Ticket, row['id'], 'head']}\n"


def quoted(found: set[str]) -> str:
    """词元, as COPY takes them."""
    assert not any("'" in one or "\\" in one for one in found)
    return " ".join(f"'{one}'" for one in sorted(found))
