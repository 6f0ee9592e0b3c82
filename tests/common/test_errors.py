"""Refusals are sentences with a status of their own."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from common import errors


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Refused, 400),
        (errors.NotYours, 403),
        (errors.NotVisible, 404),
        (errors.Impossible, 409),
        (errors.Gone, 410),
        (errors.Stale, 412),
        (errors.Invalid, 422),
        (errors.VersionMissing, 428),
        (partial(errors.TooMany, wait=timedelta(minutes=1)), 429),
    ],
)
def test_every_kind_has_its_status(kind: Callable[[str], errors.Refused], status: int) -> None:
    assert kind("为什么不行，怎么办。").status == status


def test_every_kind_has_a_code_of_its_own() -> None:
    kinds: list[type[errors.Refused]] = [errors.Refused, *errors.Refused.__subclasses__()]
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_the_sentence_and_the_field_are_kept() -> None:
    refusal = errors.Invalid("请填写原因。", field="reason")
    assert (refusal.sentence, refusal.field, str(refusal)) == (
        "请填写原因。",
        "reason",
        "请填写原因。",
    )
