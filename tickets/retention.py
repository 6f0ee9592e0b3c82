"""Which retention rule a ticket falls under: category before parent, a named origin before any."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q

from tickets import law
from tickets.models import RetentionRule
from tickets.words import Origin


def rule_for(category_id: int | None, origin: str) -> RetentionRule | None:
    """适用的保存规则; None where none applies: then nothing is erased."""
    category = law.categories().get(category_id) if category_id else None
    parent_id = category.parent_id if category else None
    rules = law.retention()
    for where in dict.fromkeys((category_id, parent_id, None)):
        for whence in (origin, ""):
            if (where, whence) in rules:
                return rules[where, whence]
    return None


def by_rule() -> Iterator[tuple[RetentionRule, Q]]:
    """按规则: each rule with the tickets that fall under it and under no other."""
    found: dict[int, dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    rules = {}
    for category_id in (None, *law.categories()):
        for origin in Origin.values:
            rule = rule_for(category_id, origin)
            if rule is not None:
                rules[rule.pk] = rule
                found[rule.pk][origin].append(category_id)
    for pk, rule in sorted(rules.items()):
        yield rule, _any(found[pk])


def _any(wanted: dict[str, list[int | None]]) -> Q:
    those = Q(pk__in=())
    for origin, ids in wanted.items():
        named = Q(category_id__in=[pk for pk in ids if pk is not None])
        those |= Q(origin=origin) & (named | Q(category_id=None) if None in ids else named)
    return those
