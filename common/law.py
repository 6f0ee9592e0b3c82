"""Tables of rules, cached per process with a version stamp (DESIGN §2 law 7).

Whoever changes a rule table calls `bump(name)` in the same transaction. Every process looks at
the stamps at most once a second and reads a table anew when its stamp has risen. Inside the
transaction of a bump what it reads is kept for itself, until the next bump or the end.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction

from common.models import LawStamp

T = TypeVar("T")
CHECK_SECONDS = 1.0


class LawCache:
    """规则缓存: one value per name, as fresh as its stamp."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[int, Any]] = {}
        self._undecided: dict[str, tuple[tuple[_Committed, ...], Any]] = {}
        self._stamps: dict[str, int] = {}
        self._checked: float | None = None
        self._older: ContextVar[dict[str, tuple[int, Any]] | None] = ContextVar(
            "older", default=None
        )

    def get(self, name: str, loader: Callable[[], T], *, stamp: str = "") -> T:
        """取规则: the cached value of `name`, loaded anew when its stamp rose.

        Several values may hang on one stamp: name them apart and hand in `stamp`.
        With `HUBIN_LAW_CACHE = False` (tests) every call loads.
        """
        stamp = stamp or name
        if not _is_on():
            return loader()
        if bumps := _undecided(stamp):
            return self._among_us(name, loader, bumps)
        older = self._older.get()
        values = self._values if older is None else older
        # before the rows, never after them
        version = self._version(stamp) if older is None else 0
        known = values.get(name)
        if known is None or known[0] != version:
            known = values[name] = (version, loader())
        value: T = known[1]
        return value

    def _among_us(self, name: str, loader: Callable[[], T], bumps: tuple["_Committed", ...]) -> T:
        known = self._undecided.get(name)
        # another bump, or one taken back with its savepoint, or somebody else's transaction
        if known is None or known[0] != bumps:
            known = self._undecided[name] = (bumps, loader())
        value: T = known[1]
        return value

    @contextmanager
    def in_older_view(self) -> Iterator[None]:
        """旧视图: what a snapshot shows is kept for that snapshot alone.

        Its rows may be older than the stamp, which others of this process may have read meanwhile.
        """
        token = self._older.set({})
        try:
            yield
        finally:
            self._older.reset(token)

    def keeps(self, stamp: str) -> bool:
        """Whether anything of that stamp may be kept for others now."""
        return _is_on() and not _undecided(stamp)

    def version(self, stamp: str) -> int:
        """版本: how often the tables of that stamp have changed, known to within a second."""
        return self._version(stamp)

    def recheck(self) -> None:
        """The next `get` looks at the stamps at once."""
        self._checked = None

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
        self._undecided.clear()
        self._stamps.clear()
        self.recheck()

    def _version(self, stamp: str) -> int:
        moment = time.monotonic()
        if self._checked is None or moment - self._checked >= CHECK_SECONDS:
            self._stamps = dict(LawStamp.objects.values_list("name", "version"))
            self._checked = moment
        return self._stamps.get(stamp, 0)


cache = LawCache()


@dataclass(frozen=True, eq=False)
class _Committed:
    """Runs at commit; as long as it waits, the bump is undecided. Each is only itself."""

    stamp: str

    def __call__(self) -> None:
        cache.recheck()


def bump(name: str) -> None:
    """规则已改: raise the stamp; takes effect for others with the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_lawstamp (name, version) VALUES (%s, 1)"
            " ON CONFLICT (name) DO UPDATE SET version = common_lawstamp.version + 1",
            [name],
        )
    transaction.on_commit(_Committed(name))


def _is_on() -> bool:
    return getattr(settings, "HUBIN_LAW_CACHE", True)


def _undecided(stamp: str) -> tuple[_Committed, ...]:
    # Django drops the waiting call-backs of a rolled back transaction or savepoint, so their
    # list is the one place that knows which bumps of ours are still undecided
    if not connection.in_atomic_block:
        return ()
    return tuple(
        call
        for _, call, *_ in connection.run_on_commit
        if isinstance(call, _Committed) and call.stamp == stamp
    )
