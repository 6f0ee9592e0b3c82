"""Every verb has its deed in words."""

from django.utils.translation import override

from tickets import deeds
from tickets.states import MOVES


def test_every_verb_has_its_deed() -> None:
    assert deeds.DONE.keys() == MOVES.keys()


def test_every_request_has_its_own_name() -> None:
    assert deeds.ASKED.keys() == {verb for verb, move in MOVES.items() if move.approval}


def test_what_was_done_is_not_called_as_its_button_in_english() -> None:
    with override("en"):
        assert (str(MOVES["accept"].zh), deeds.done("accept")) == ("Accept", "Accepted")
        assert deeds.asked("void") == "Requested to void"


def test_a_verb_nobody_knows_any_more_is_shown_as_it_is() -> None:
    assert deeds.done("stamp") == "stamp"
