"""Tokens, boxes and marks, without a ticket."""

import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tickets import search
from tickets.highlight import marked, snippet
from tickets.tokens import asked, boxes, plain, tokens

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=30)


@given(st.text(max_size=40), HAN, st.text(max_size=40))
def test_any_two_neighbouring_characters_are_found(before: str, said: str, after: str) -> None:
    found = tokens(before + said + after)
    folded = plain(said)
    assert all(set(asked(folded[n : n + 2]).tokens) <= found for n in range(len(folded) - 1))


@given(HAN, st.integers(0, 29), st.integers(2, 30))
def test_any_piece_of_a_text_is_found(said: str, start: int, length: int) -> None:
    piece = plain(said)[start : start + length]
    assert set(asked(piece).tokens) <= tokens(said)


@given(st.text(max_size=60))
def test_a_text_asked_for_as_a_whole_is_found(said: str) -> None:
    assert set(asked(said).tokens) <= tokens(said)


@given(st.text(max_size=60))
def test_tokens_hold_nothing_that_has_to_be_quoted(said: str) -> None:
    assert not [token for token in tokens(said) if re.search(r"['\\~&|!:*()<>\s\x00]", token)]


@given(st.text(max_size=200), st.text(max_size=20))
def test_marking_neither_adds_nor_loses_a_character(said: str, question: str) -> None:
    assert "".join(part.text for part in marked(said, asked(question))) == said


@given(HAN, HAN, HAN)
def test_a_snippet_shows_what_was_asked_for(before: str, said: str, after: str) -> None:
    parts = snippet(before * 9 + said + after * 9, asked(said))
    assert any(part.is_hit for part in parts)
    assert sum(len(part.text) for part in parts) <= 82


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("12号楼", {"12", "2号", "号楼"}),
        ("12 号楼", {"12", "2号", "号楼"}),
        ("Ａ座 LED", {"a", "a座", "座l", "led"}),
        ("垃圾，堆放", {"垃圾", "堆放"}),
        ("330102-20261123-00001", {"330102", "20261123", "00001"}),
        ("ﬁx ß", {"fix", "ss"}),
    ],
)
def test_what_a_text_is_found_by(said: str, found: set[str]) -> None:
    assert tokens(said) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "newest", [0, 1, 4095, 4096, 65_535, 65_536, 131_072, 1_000_000, 1_048_576, 3_500_000]
)
def test_the_boxes_hold_every_ticket_once(newest: int) -> None:
    sql = search.BOXES.replace(
        "(SELECT coalesce(max(id), 0) AS id FROM tickets_ticket)", "(SELECT %s::bigint AS id)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql + "SELECT '~' || name FROM box", [newest])
        walked = [name for (name,) in cursor.fetchall()]
    edges = {0, newest, *(n for n in range(4095, newest, 4096)), *range(4096, newest, 4096)}
    assert {sum(box in walked for box in boxes(pk)) for pk in edges} == {1}
