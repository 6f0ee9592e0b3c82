"""Who did it: Person, ReporterKey, Client or SYSTEM; never null (DESIGN §2 law 1)."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@runtime_checkable
class Actor(Protocol):
    """操作者: whoever performs a verb. `actor_ref` is opaque and goes into the record."""

    @property
    def actor_ref(self) -> str: ...


@dataclass(frozen=True)
class System:
    """系统: rules, sweeps and sources without a person."""

    @property
    def actor_ref(self) -> str:
        return "system"


SYSTEM = System()
