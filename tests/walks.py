"""People who walk a ticket through the chain in real browsers, each in a context of their own."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from common import clock
from tests.browser import OpenPage, log_in
from tests.world import ANSWER, World
from tickets import sweeps
from tickets.models import Ticket

REPORT = {
    "text": "楼下垃圾堆了三天没有人清运",
    "category": "0101",
    "nature": "COMPLAINT",
    "building": "B1",
    "source": "PHONE",
    "name": "赵见诚",
    "phone": "13900001234",
}
DONE = {"result": "DONE", "note": "已派人清运。", "proposed_answer": ANSWER}


def fill(form: Locator, **needs: str) -> None:
    """Each need in the control of its name, whatever kind it is."""
    for name, value in needs.items():
        control = form.locator(f'[name="{name}"]').first
        match control.evaluate("control => control.type"):
            case "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            case "checkbox":
                control.check()
            case "select-one":
                control.select_option(value)
            case _:
                control.fill(value)


class Staff:
    """Somebody who is logged in."""

    def __init__(self, page: Page, username: str) -> None:
        self.page = page
        log_in(page, username)

    def report(self, **given: str) -> tuple[str, str]:
        """Takes down a report; its number and the follow link for its reporter."""
        self.page.goto("/report/")
        fill(self.page.locator("form#report"), **REPORT | given)
        self.page.locator("[data-verb=report]").click()
        link = self.page.locator("#follow-link").get_attribute("href")
        number = self.page.locator("#receipt .num").inner_text()
        assert link is not None
        return number, link

    def do(self, number: str, verb: str, **needs: str) -> None:
        """Opens the ticket, fills the form of that verb and sends it."""
        self.page.goto(f"/t/{number}/")
        form = self.page.locator(f"#verb-{verb}")
        opener = self.page.locator(f"[data-open={verb}]")
        if opener.count():
            opener.click()
        fill(form, **needs)
        form.locator(f"[data-verb={verb}]").click()
        expect(self.page.locator(".alert-success")).to_be_visible()

    def decide(self, number: str, decision: str) -> None:
        """Decides the request about that ticket, from the list of those that wait."""
        self.page.goto("/approvals/")
        request = self.page.locator(".request", has_text=number)
        request.locator(f"[data-decide={decision}]").click()
        expect(self.page.locator(".alert-success")).to_be_visible()

    def offers(self, number: str) -> set[str]:
        """The verbs the ticket's page offers."""
        self.page.goto(f"/t/{number}/")
        buttons = self.page.locator("[data-verb]").all()
        return {str(button.get_attribute("data-verb")) for button in buttons}


class Resident:
    """Somebody with a follow link and a telephone."""

    def __init__(self, page: Page, link: str) -> None:
        self.page = page
        self.link = link

    def reads(self, words: str) -> None:
        """The headline of the page."""
        self.page.goto(self.link)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(words))

    def rate(self, stars: int, is_solved: bool, **more: str) -> None:
        """Rates on the page the link opens."""
        self.page.goto(self.link)
        solved = "yes" if is_solved else "no"
        fill(self.page.locator("#verb-rate"), stars=str(stars), is_solved=solved, **more)
        self.page.locator("[data-verb=rate]").click()
        expect(self.page.locator(".alert-success")).to_be_visible()


class Crew:
    """Everybody who takes part, each logged in when first needed."""

    def __init__(self, open_page: OpenPage, world: World) -> None:
        self.world = world
        self._open_page = open_page
        self._staff: dict[str, Staff] = {}

    def __getitem__(self, username: str) -> Staff:
        if username not in self._staff:
            width = 390 if username.endswith(("grid_worker", "handler")) else 1440
            self._staff[username] = Staff(self._open_page(width=width), username)
        return self._staff[username]

    def resident(self, link: str) -> Resident:
        """Whoever was given the link."""
        return Resident(self._open_page(width=390, height=844), link)

    def system(self) -> None:
        """What the sweep does within a minute."""
        assert sweeps.run("route", at=clock.now()) == 1

    def handle(self, number: str, by: str) -> None:
        """From dispatch to the answer, without anything in the way."""
        self[by].do(number, "claim")
        self[by].do(number, "resolve", **DONE)
        self["grid_worker"].do(number, "verify")
        self["other_desk"].do(number, "reply")


@pytest.fixture
def crew(open_page: OpenPage, committed_world: World) -> Crew:
    """The cast of the small district, waiting to be called."""
    return Crew(open_page, committed_world)


def verbs_of(number: str) -> list[Any]:
    """What the record says happened."""
    ticket = Ticket.objects.get(number=number)
    return list(ticket.events.order_by("seq").values_list("verb", flat=True))


def state_of(number: str) -> str:
    return Ticket.objects.get(number=number).state
