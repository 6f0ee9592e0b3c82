"""Lists inside sentences, with the signs of the language spoken."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(items: Iterable[object]) -> str:
    """并列: 甲、乙 in Chinese, "A, B" in English."""
    return pgettext("list", "、").join(map(str, items))


def sentences(items: Iterable[object]) -> str:
    """分句: 甲；乙 in Chinese, "A; B" in English."""
    return pgettext("list", "；").join(map(str, items))


def noted(thing: object, note: object) -> str:
    """附注: 甲（乙） in Chinese, "A (B)" in English."""
    return pgettext("list", "%(thing)s（%(note)s）") % {"thing": thing, "note": note}
