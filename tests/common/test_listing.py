"""Lists inside sentences speak the language of the page."""

from django.utils.translation import override

from common.listing import listed, noted, sentences


def test_lists_in_chinese() -> None:
    with override("zh-hans"):
        assert listed(["甲", "乙"]) == "甲、乙"
        assert sentences(["甲", "乙"]) == "甲；乙"
        assert noted("甲", "乙") == "甲（乙）"


def test_lists_in_english() -> None:
    with override("en"):
        assert listed(["A", "B"]) == "A, B"
        assert sentences(["A", "B"]) == "A; B"
        assert noted("A", "B") == "A (B)"


def test_items_need_not_be_text() -> None:
    with override("en"):
        assert listed([1, 2]) == "1, 2"
