"""Keys of the desk: `{% load desk %}`."""

from collections.abc import Sequence

from django import template

register = template.Library()

KEYS = {
    "accept": "a", "dispatch": "d", "decline": "x", "answer": "w", "merge": "m", "link": "f",
    "reply": "r", "verify": "v", "amend": "e", "acknowledge": "y", "rework": "b",
    "uphold": "u", "contact": "c", "note": "t", "confirm": "h", "redirect": "z", "reopen": "q",
    "follow": "l", "split": "s", "inquire": "i", "countersign": "a", "grant": "a", "refuse": "x",
}  # fmt: skip
"""One key a verb; those of a decision are those of the same sense."""


TO_THE_NEAREST = frozenset({"merge", "link"})


@register.filter
def key(verb: str, similar: Sequence[object] = ()) -> str:
    """按键 of a verb; empty where it has none, or where it is that of a similar ticket's button."""
    return "" if similar and verb in TO_THE_NEAREST else KEYS.get(verb, "")
