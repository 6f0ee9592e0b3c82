"""Names of choices are Django's, in the language of the asker."""

from django.utils import translation

from tickets.models import Ticket
from tickets.states import State


def test_a_choice_is_named_in_the_language_of_the_moment() -> None:
    ticket = Ticket(state=State.CLOSED)

    with translation.override("zh-hans"):
        chinese = ticket.get_state_display()
    with translation.override("en"):
        english = ticket.get_state_display()

    assert (chinese, english) == ("已结案", "Closed")


def test_what_is_no_choice_stands_as_it_is() -> None:
    assert Ticket(state="ODD").get_state_display() == "ODD"
