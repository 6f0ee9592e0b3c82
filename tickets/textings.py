"""What a text message says: an approved template, and what is put into it. Never free text."""

from collections.abc import Mapping

from django.conf import settings

NUMBER, DUE, CATEGORY, KEY = "number", "due", "category", "key"
PARAMS: Mapping[str, tuple[str, ...]] = {
    # to reporters: the number by which they find it, and the date they were told
    "accept": (NUMBER, DUE),
    "extend": (NUMBER, DUE),
    "suspend": (NUMBER, DUE),
    "reopen": (NUMBER, DUE),
    # and what stands behind /l/ in the link by which they answer
    "answer": (NUMBER, KEY),
    "reply": (NUMBER, KEY),
    "inquire": (NUMBER, KEY),
    "resolve": (NUMBER, KEY),
    # to staff: what it is, and until when
    "report": (NUMBER, CATEGORY, DUE),
    "dispatch": (NUMBER, CATEGORY, DUE),
    "redirect": (NUMBER, CATEGORY, DUE),
    "assign": (NUMBER, CATEGORY, DUE),
    "hand_over": (NUMBER, CATEGORY, DUE),
    "amend": (NUMBER, CATEGORY, DUE),
    "warn": (NUMBER, CATEGORY, DUE),
    "escalate": (NUMBER, CATEGORY, DUE),
}
"""Verb → what its template takes, in this order; of all others it is the number alone."""


def has(verb: str) -> bool:
    """有模板: without an approved one nothing is sent."""
    return bool(settings.HUBIN_SMS_TEMPLATES.get(verb))


def params(verb: str, facts: Mapping[str, str]) -> dict[str, str]:
    """参数: in the order of the template."""
    return {name: facts[name] for name in PARAMS.get(verb, (NUMBER,))}
