"""The language switch leads to a page that can be opened, whatever was shown before."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.tickets.pages import entered, forms_in, text_of
from tests.tickets.test_pages_approvals import decline
from tests.world import World
from tickets.models import Ticket


def switched(client: Client, shown: Any) -> Any:
    """What is seen after switching on the page shown."""
    form = forms_in(shown)[""]
    return client.post(reverse("set_language"), form | {"language": "en"}, follow=True)


def page_of(ticket: Ticket) -> str:
    return reverse("ticket", args=[ticket.number])


def test_a_page_is_shown_again_where_it_was(nine: World) -> None:
    client = entered(nine.desk)
    address = f"{reverse('queue')}?tab=open"
    answer = switched(client, client.get(address))
    assert (answer.request["PATH_INFO"], answer.request["QUERY_STRING"]) == ("/", "tab=open")


@pytest.mark.parametrize("typed", [{}, {"seen": "1"}, {"seen": "99"}])
def test_after_a_refused_verb_comes_the_ticket(nine: World, typed: dict[str, str]) -> None:
    ticket, client = nine.reported(), entered(nine.desk)
    refused = client.post(reverse("verb", args=[ticket.number, "note"]), typed)
    assert refused.status_code in (412, 422, 428)
    answer = switched(client, refused)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, page_of(ticket))
    assert '<html lang="en">' in text_of(answer)


def test_after_a_refused_decision_comes_the_ticket(nine: World) -> None:
    approval, client = decline(nine), entered(nine.shift_leader)
    refused = client.post(reverse("decide", args=[approval.pk, "grant"]))
    assert refused.status_code == 428
    answer = switched(client, refused)
    assert answer.request["PATH_INFO"] == page_of(approval.ticket)


def test_after_contacts_were_shown_comes_the_ticket(nine: World) -> None:
    ticket, client = nine.reported(), entered(nine.desk)
    shown = client.post(reverse("reveal", args=[ticket.number]), {"reason": "回访"})
    assert switched(client, shown).request["PATH_INFO"] == page_of(ticket)


@pytest.mark.parametrize("method", ["get", "post"])
def test_where_nothing_can_be_opened_comes_the_queue(nine: World, method: str) -> None:
    client = entered(nine.desk)
    refused = getattr(client, method)(reverse("verb", args=["330102-20261123-00009", "note"]))
    assert refused.status_code in (404, 405)
    answer = switched(client, refused)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/")


def test_a_form_that_can_be_opened_comes_empty(nine: World) -> None:
    client = entered(nine.desk)
    answer = switched(client, client.post(reverse("report"), {"text": ""}))
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, reverse("report"))
