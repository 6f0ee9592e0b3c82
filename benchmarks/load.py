"""Fills a database: model tickets through the real actions, then clones of them by COPY.

What is loaded is what the house itself would have written: every hash, word, clock and notice
of a clone stands as the record says. `verify_chain` and `audit_promises` find nothing.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import psycopg
from django.conf import settings

from benchmarks import indexes, sealing
from benchmarks.cloning import Clone, Contact, Copier
from benchmarks.compiling import Compiled, Unclonable, compiled
from benchmarks.tables import KEPT, Family, Table, table, tables
from common import clock
from tickets.models import Reporter
from tickets.models.number import NumberCounter

OPEN_SHARE = 0.05
A_DAY = 900  # tickets the district takes in, unless told
BATCH = 2_500  # tickets of one transaction
CONTACTS = 2_000
SPREAD = timedelta(hours=12)
REPLICA = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
Tell = Callable[[str], None]


@dataclass
class Loader:
    """装载: into the database at `address`, whose owner it is."""

    address: str
    at: datetime
    tell: Tell
    seed: int = 1
    processes: int = 2
    a_day: int = A_DAY
    numbers: list[str] = field(default_factory=list)  # of what was made last

    def clone(self, count: int, models: Iterable[Family], *, spread: timedelta = SPREAD) -> int:
        """复制: so many tickets more (about), out of these; returns how many.

        What is open keeps its age to within `spread`.
        """
        made = list(_compiled(models))
        if count <= 0 or not made:
            return 0
        self.tell(f"{len(made)} families of models")
        with psycopg.connect(self.address, autocommit=True) as connection:
            plan = Plan(connection, made, self.at, random.Random(self.seed), spread, self.a_day)
            clones = plan.make(count)
            self._copy(connection, made, clones)
            plan.note(connection)
        self.numbers = [number for one in clones for number in one.numbers]
        return len(self.numbers)

    def _copy(
        self, connection: "psycopg.Connection[Any]", made: list[Compiled], clones: list[Clone]
    ) -> None:
        known = contacts(CONTACTS if self.processes > 1 else 5, self.seed)
        hand = Hand(self.address, made, known, self.seed)
        parts = list(_batches(clones, made))
        total = sum(len(made[one.family].numbers) for one in clones)
        with indexes.put_aside(connection, self.address, total, self.tell):
            seals = sealing.Sealer(connection, self.at)
            done = 0
            for count, heads in self._run(hand, parts):
                seals.add(heads)
                done += count
                self.tell(f"{done:,} of {total:,}")
            seals.end()

    def _run(self, hand: "Hand", parts: list[list[Clone]]) -> Iterator[tuple[int, str]]:
        if self.processes <= 1:
            yield from map(hand.copy, parts)
            return
        global _HAND
        _HAND = hand  # taken along by the fork
        with ProcessPoolExecutor(self.processes, mp_context=get_context("fork")) as pool:
            waiting: list[Future[tuple[int, str]]] = [pool.submit(_work, part) for part in parts]
            for one in waiting:
                yield one.result()


class Plan:
    """计划: which clones, when, under which numbers and ids."""

    def __init__(
        self, connection: "psycopg.Connection[Any]", made: list[Compiled], at: datetime,
        luck: random.Random, spread: timedelta, a_day: int = A_DAY,
    ) -> None:  # fmt: skip
        self.spread = spread
        self.a_day = a_day
        self.made = made
        self.at = at
        self.luck = luck
        self.next = [_last_id(connection, table(model)) + 1 for model in KEPT]
        self.days = _days(connection)

    def make(self, count: int) -> list[Clone]:
        """The oldest first, so that ids follow time."""
        chosen = sorted(self._choose(count), key=lambda pair: pair[1])
        return [self._clone(family, delta) for family, _born, delta in chosen]

    def _choose(self, count: int) -> Iterator[tuple[int, datetime, timedelta]]:
        opened = [nth for nth, one in enumerate(self.made) if one.open_count]
        ended = [nth for nth, one in enumerate(self.made) if not one.open_count]
        share = self._share(opened, ended)
        span = timedelta(days=max(count / self.a_day, 1))
        while count > 0:
            is_open = not ended or (bool(opened) and self.luck.random() < share)
            nth = self.luck.choice(opened if is_open else ended)
            back = (self.spread if is_open else span) * self.luck.random()
            delta = -timedelta(seconds=int(back.total_seconds()))
            yield nth, self.made[nth].born[0] + delta, delta
            count -= len(self.made[nth].numbers)

    def _share(self, opened: list[int], ended: list[int]) -> float:
        """How often an open family is taken, so that one ticket in twenty is open."""
        if not opened or not ended:
            return 0.0
        mean = [
            sum(len(self.made[nth].numbers) for nth in some) / len(some) for some in (opened, ended)
        ]
        is_open = sum(self.made[nth].open_count for nth in opened) / len(opened)
        return OPEN_SHARE * mean[1] / (is_open - OPEN_SHARE * mean[0] + OPEN_SHARE * mean[1])

    def _clone(self, family: int, delta: timedelta) -> Clone:
        made = self.made[family]
        numbers = []
        for born in made.born:
            day = clock.local(born + delta).date()
            self.days[day] += 1
            numbers.append(f"{_district()}-{day:%Y%m%d}-{self.days[day]:05d}")
        bases = tuple(self.next)
        self.next = [base + made.counts[m] for base, m in zip(bases, KEPT, strict=True)]
        return Clone(family, delta, tuple(numbers), bases)

    def note(self, connection: "psycopg.Connection[Any]") -> None:
        """记账: counters and sequences go on from here."""
        counter = NumberCounter._meta.db_table
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {counter} (district, day, last) VALUES (%s, %s, %s)"
                " ON CONFLICT (district, day) DO UPDATE SET last = excluded.last",
                [(_district(), day, last) for day, last in self.days.items()],
            )
            for model, following in zip(KEPT, self.next, strict=True):
                if not table(model).is_counted:
                    continue
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
                    [model._meta.db_table, following],
                )


@dataclass
class Hand:
    """一双手: makes the rows of some clones and copies them, in one transaction."""

    address: str
    families: list[Compiled]
    contacts: list[Contact]
    seed: int

    def copy(self, clones: list[Clone]) -> tuple[int, str]:
        """How many tickets, and their heads."""
        copier = Copier(
            self.families, KEPT, self.contacts, random.Random(f"{self.seed} {clones[0].bases}")
        )
        lines: dict[Any, list[str]] = {model: [] for model in KEPT}
        heads = []
        for one in clones:
            rows, head = copier.clone(one)
            heads.append(head)
            for model, text in rows.items():
                if text:
                    lines[model].append(text)
        self._write(lines)
        return sum(len(one.numbers) for one in clones), "".join(heads)

    def _write(self, lines: dict[Any, list[str]]) -> None:
        with psycopg.connect(self.address) as connection, connection.cursor() as cursor:
            cursor.execute(REPLICA)
            allowed = cursor.fetchone()
            if allowed and allowed[0]:  # a fresh throw-away cluster: foreign keys hold by making
                cursor.execute("SET session_replication_role = replica")
            for one in tables():
                with cursor.copy(one.copy) as copy:
                    copy.write("".join(lines[one.model]))


_HAND: Hand | None = None


def _work(clones: list[Clone]) -> tuple[int, str]:
    assert _HAND is not None
    return _HAND.copy(clones)


def contacts(count: int, seed: int) -> list[Contact]:
    """联系方式: invented numbers, hidden and hashed as the house does it; each is used often."""
    luck = random.Random(seed)
    column: Any = Reporter._meta.get_field("phone")
    found = []
    for _nth in range(count):
        row = Reporter.build(phone=f"139{luck.randint(0, 99999999):08d}")
        hidden = str(column.get_prep_value(row.phone))
        found.append(Contact(hidden, row.phone_hash, row.phone_last4))
    return found


def _compiled(known: Iterable[Family]) -> Iterator[Compiled]:
    for one in known:
        try:
            yield compiled(one)
        except Unclonable:
            continue


def _batches(clones: list[Clone], made: list[Compiled]) -> Iterator[list[Clone]]:
    part: list[Clone] = []
    count = 0
    for one in clones:
        part.append(one)
        count += len(made[one.family].numbers)
        if count >= BATCH:
            yield part
            part, count = [], 0
    if part:
        yield part


def _last_id(connection: "psycopg.Connection[Any]", of: Table) -> int:
    if not of.is_counted:
        return 0
    row = connection.execute(
        f"SELECT greatest(coalesce((SELECT max(id) FROM {of.name}), 0),"
        " coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass), 0))",
        [of.name],
    ).fetchone()
    return int(row[0]) if row else 0


def _days(connection: "psycopg.Connection[Any]") -> Counter[date]:
    table_name = NumberCounter._meta.db_table
    rows = connection.execute(
        f"SELECT day, last FROM {table_name} WHERE district = %s", [_district()]
    )
    return Counter(dict(rows.fetchall()))


def _district() -> str:
    return str(settings.HUBIN_DISTRICT)[:6]
