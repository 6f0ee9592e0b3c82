"""Look-up hashes and masks."""

import pytest
from pytest_django import Settings

from common.secrets import lookup_hash, mask_name, mask_phone, phone


def test_the_same_number_has_the_same_hash_however_it_is_spaced() -> None:
    assert lookup_hash("138 0013 8000") == lookup_hash("13800138000")


def test_other_numbers_have_other_hashes() -> None:
    assert lookup_hash("13800138000") != lookup_hash("13800138001")


def test_another_key_gives_another_hash(settings: Settings) -> None:
    before = lookup_hash("13800138000")
    settings.HUBIN_LOOKUP_KEY = "another-key"
    assert lookup_hash("13800138000") != before


@pytest.mark.parametrize("nothing", ["", "  "])
def test_nothing_has_no_hash(nothing: str) -> None:
    assert lookup_hash(nothing) == ""


@pytest.mark.parametrize(("name", "masked"), [("王安", "王*"), ("欧阳安", "欧*"), ("", "")])
def test_a_name_shows_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138000", "138****8000"),
        ("8700123", "*****23"),
        ("87001234", "******34"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_a_phone_shows_its_ends(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    "written",
    [
        "13900001234",
        "139 0000 1234",
        "139-0000-1234",
        "+8613900001234",
        "0086 139-0000-1234",
        "１３９００００１２３４",
        "＋８６　１３９－００００－１２３４",
    ],
)
def test_a_phone_is_one_however_it_is_written(written: str) -> None:
    assert phone(written) == "13900001234"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0571-87001234", "057187001234"),
        ("8612345", "8612345"),
        ("+1 202 555 0100", "+12025550100"),
        ("", ""),
    ],
)
def test_what_is_no_prefix_of_ours_stays(written: str, kept: str) -> None:
    assert phone(written) == kept
