"""Which unit is responsible: pure choice among rules (DESIGN §3, DOMAIN).

Most specific wins: category before division before nature before source, then priority, then
the younger rule. The subdistrict office is the last resort: nothing is unroutable.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tickets.models.rule import RoutingRule, Target


@dataclass(frozen=True)
class Facts:
    """派单依据: what is known of the ticket. Chains run from the finest upward."""

    category_chain: tuple[int, ...]
    division_chain: tuple[int, ...]
    nature: str
    source: str


@dataclass(frozen=True)
class Choice:
    """派单选择: the winning rule, what matched, what came second; rule None = last resort."""

    rule: RoutingRule | None
    matched: tuple[str, ...]
    second: RoutingRule | None

    def because(self) -> dict[str, Any]:
        """理由: codes and ids for the event."""
        return {
            "rule": self.rule.pk if self.rule else None,
            "matched": list(self.matched),
            "second": self.second.pk if self.second else None,
        }


def choose(rules: Iterable[RoutingRule], facts: Facts) -> Choice:
    """选规则: deterministic; rules must be in force already."""
    ranked = sorted(
        (rule for rule in rules if _matches(rule, facts)),
        key=lambda rule: _rank(rule, facts),
        reverse=True,
    )
    if not ranked:
        return Choice(None, (), None)
    return Choice(ranked[0], _matched(ranked[0]), ranked[1] if len(ranked) > 1 else None)


def _matches(rule: RoutingRule, facts: Facts) -> bool:
    return (
        (rule.category_id is None or rule.category_id in facts.category_chain)
        and (rule.division_id is None or rule.division_id in facts.division_chain)
        and rule.nature in ("", facts.nature)
        and rule.source in ("", facts.source)
    )


def _rank(rule: RoutingRule, facts: Facts) -> tuple[int, ...]:
    return (
        _depth(rule.category_id, facts.category_chain),
        _depth(rule.division_id, facts.division_chain),
        int(bool(rule.nature)),
        int(bool(rule.source)),
        rule.priority,
        rule.pk or 0,
    )


def _depth(wanted: int | None, chain: Sequence[int]) -> int:
    return 0 if wanted is None else len(chain) - chain.index(wanted)


def _matched(rule: RoutingRule) -> tuple[str, ...]:
    named = {
        "category": rule.category_id, "division": rule.division_id,
        "nature": rule.nature, "source": rule.source,
    }  # fmt: skip
    return tuple(name for name, value in named.items() if value)


__all__ = ["Choice", "Facts", "Target", "choose"]
