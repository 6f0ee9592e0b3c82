"""Clones of a compiled family: later or earlier, under other numbers, with other words."""

import hashlib
import hmac
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db.models import Model

from benchmarks import said
from benchmarks.compiling import Compiled, quoted
from tickets.models import Ticket
from tickets.record import VERSION, microseconds
from tickets.tokens import boxes, tokens
from tickets.words import WordsKind

SAY = {WordsKind.REPORT: said.report, WordsKind.ANSWER: said.answer, WordsKind.FACTS: said.facts}


@dataclass(frozen=True)
class Contact:
    """联系方式, ready for its columns."""

    phone: str
    phone_hash: str
    last4: str


@dataclass(frozen=True)
class Clone:
    """一份: which family, how much later, under which numbers, and the first id in each table."""

    family: int
    delta: timedelta
    numbers: tuple[str, ...]
    bases: tuple[int, ...]


@dataclass
class Copier:
    """复制: holds what all clones share."""

    families: Sequence[Compiled]
    models: Sequence[type[Model]]
    contacts: Sequence[Contact]
    luck: random.Random

    def clone(self, one: Clone) -> tuple[dict[type[Model], str], str]:
        """行: COPY text by table, and the heads for the seal."""
        made = self.families[one.family]
        values = [""] * made.slots.count
        bases = dict(zip(self.models, one.bases, strict=True))
        self._fill(values, made, one, bases)
        self._say(values, made, one, bases[Ticket])
        for file in made.files:
            facts = file.facts.pour(values).encode()
            values[file.digest] = hmac.digest(file.salt, facts, "sha256").hex()
        for link in made.links:
            values[link.data] = link.data_form.pour(values)
            hashed = VERSION + link.hashed.pour(values).encode()
            values[link.hash] = hashlib.sha256(hashed).hexdigest()
        lines = {model: line.pour(values) for model, line in made.lines.items()}
        assert made.heads is not None
        return lines, made.heads.pour(values)

    def _fill(
        self, values: list[str], made: Compiled, one: Clone, bases: Mapping[type[Model], int]
    ) -> None:
        for slot, model, nth in made.ids:
            values[slot] = str(bases[model] + nth)
        delta = one.delta
        for (moment, _zone), slot in made.slots.times.items():
            values[slot] = (moment + delta).isoformat()
        for moment, slot in made.slots.micros.items():
            values[slot] = str(microseconds(moment + delta))
        for slot, number in zip(made.numbers, one.numbers, strict=True):
            values[slot] = number
        luck = self.luck
        for slot in made.keys:
            values[slot] = f"{luck.getrandbits(256):064x}"
        for file in made.files:
            day = made.born[0] + delta
            values[file.name] = f"{day:%Y%m%d}/{luck.getrandbits(128):032x}"
        for phone, phone_hash, last4 in made.contacts:
            contact = luck.choice(self.contacts)
            values[phone], values[phone_hash] = contact.phone, contact.phone_hash
            values[last4] = contact.last4

    def _say(self, values: list[str], made: Compiled, one: Clone, first: int) -> None:
        for text in made.texts:
            spoken = SAY[WordsKind(text.kind)](self.luck)
            salt = f"{self.luck.getrandbits(128):032x}"
            digest = hmac.digest(bytes.fromhex(salt), spoken.encode(), "sha256").hex()
            values[text.text], values[text.salt], values[text.digest] = spoken, salt, digest
        for found in made.found:
            district, day, last = one.numbers[found.ticket].split("-")
            parts = [found.others, f"'{district}' '{day}' '{last}'"]
            parts += [f"'{box}'" for box in boxes(first + found.ticket)]
            for slot in found.texts:
                parts += map(of_piece, said.pieces_of(values[slot]))
            values[found.slot] = " ".join(parts)


@cache
def of_piece(piece: str) -> str:
    """词元 of a piece of a text: nothing reaches over a comma."""
    return quoted(tokens(piece))
