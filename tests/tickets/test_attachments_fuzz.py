"""Whatever bytes come: a photo, or a sentence; never anything else."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import Invalid
from tests.files import film, illustrated, paper, photo, sound, upload
from tickets.attachments import Prepared, prepare

WHOLE = [
    photo(), photo("PNG"), photo("WEBP"), photo("HEIF"), film(1), sound(1), paper(),
    illustrated(photo(size=(80, 60))),
]  # fmt: skip
HEADS = st.sampled_from([one[:64] for one in WHOLE])
SOME = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


def comes_to_an_end(content: bytes) -> None:
    found = outcome(content)
    if isinstance(found, Invalid):
        assert (found.field, found.sentence[-1]) == ("files", "。")
    else:
        assert found.size == len(content)


def outcome(content: bytes) -> Prepared | Invalid:
    try:
        return prepare(upload(content))
    except Invalid as refused:
        return refused


@SOME
@given(HEADS, st.binary(max_size=2000))
def test_garbage_behind_a_true_head(head: bytes, rest: bytes) -> None:
    comes_to_an_end(head + rest)


@SOME
@given(st.sampled_from(WHOLE), st.data())
def test_a_file_that_was_cut_off(whole: bytes, data: Any) -> None:
    comes_to_an_end(whole[: data.draw(st.integers(0, len(whole) - 1))])


@SOME
@given(st.sampled_from(WHOLE), st.data())
def test_a_file_with_bent_bytes(whole: bytes, data: Any) -> None:
    bent = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=12)):
        bent[place] = data.draw(st.integers(0, 255))
    comes_to_an_end(bytes(bent))
