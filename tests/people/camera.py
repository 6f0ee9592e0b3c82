"""Pictures of every page of the demo, each as its account sees it.

FOLDER/<account>-<page>-<390|1440>-<light|dark>.png
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from common import clock
from grids.models import Person
from tests.browser import FLAGS, chromium
from tests.people.pages import DEMO_ONLY, SIGHTS, Sight
from tickets import links
from tickets.demo import password
from tickets.keys import make_key
from tickets.models import Ticket
from tickets.states import State

SIZES = (390, 1440)
LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def take(url: str, folder: Path, names: set[str]) -> Iterator[str]:
    """拍照: the names of the pictures, as they are taken; all pages where no names are given.

    Raises `ValueError` for a page that there is none of.
    """
    wanted = [sight for sight in (*SIGHTS, *DEMO_ONLY) if not names or sight.name in names]
    if names - {sight.name for sight in wanted}:
        raise ValueError("no such page; tests/people/pages.py knows them all")
    path = chromium()
    if path is None:
        raise ValueError("no chromium on this machine")
    # playwright keeps an event loop running in this thread, which Django takes for async code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for account in dict.fromkeys(sight.account for sight in wanted):
            context = browser.new_context(
                base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
            )
            page = context.new_page()
            if account:
                log_in(page, account)
            for sight in wanted:
                if sight.account == account:
                    page.goto(address(sight))
                    yield from pictures(page, folder / f"{account or 'anybody'}-{sight.name}")
            context.close()
        browser.close()


def log_in(page: Page, account: str) -> None:
    page.goto("/login/")
    page.fill("input[name=username]", account)
    page.fill("input[name=password]", password(os.environ))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda there: "/login/" not in there)


def pictures(page: Page, path: Path) -> Iterator[str]:
    for look in LOOKS:
        page.emulate_media(color_scheme=look)
        for width in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_load_state("networkidle")
            page.screenshot(path=f"{path}-{width}-{look}.png", full_page=True)
            yield f"{path.name}-{width}-{look}"


def address(sight: Sight) -> str:
    """Where a page stands in this demo: of a ticket whose story is long, for who may see it."""
    at = clock.now()
    tickets = Ticket.objects.order_by("-version", "pk")
    if sight.name in {"ticket", "ticket_deadlines"}:
        person = Person.objects.get(username=sight.account)
        ticket = tickets.visible_to(person, at=at).filter(ended_at=None)[0]
        return reverse(sight.name, kwargs={"number": ticket.number})
    if sight.name == "desk":
        person = Person.objects.get(username=sight.account)
        ticket = tickets.visible_to(person, at=at).filter(state=State.REPORTED)[0]
        return f"{reverse('desk')}?tab=new&t={ticket.number}"
    if sight.name == "follow":
        answered = tickets.filter(state=State.REPLIED)[0]
        return reverse(sight.name, kwargs={"token": make_key(answered, at=at)})
    if sight.name == "link":
        token = links.make(links.Purpose.INFORM, tickets.filter(ended_at=None)[0], at=at)
        return reverse(sight.name, kwargs={"token": token})
    return reverse(sight.name)
