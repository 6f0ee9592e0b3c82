"""Who reads what: markers planted in the data of reporters are found where they may be read.

Every page that person can open is searched, also those that refuse, and so is the log.
"""

import logging
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests.promises.doors import admin_doors, chain_doors
from tests.promises.markers import (
    FEW,
    FULL,
    OTHERS,
    Scene,
    check_readers,
    plant_and_furnish,
)
from tickets import links
from tickets.models import Attachment

pytestmark = pytest.mark.scene(make=plant_and_furnish)

OF_TICKET = {"ticket", "reveal", "verb"}
WITH_KEY = {"follow", "follow_verb"}
EXPORTS: list[tuple[str, dict[str, str]]] = [
    ("tickets", {"tab": "open", "format": "xlsx"}),
    *(("tickets", {"tab": tab}) for tab in ("mine", "open", "ended")),
    *(("search", {"q": question}) for question in ("正文", "地址")),
    *(("approvals", {"role": role}) for role in ("decider", "asker")),
    ("suspended", {}),
    ("inbox", {}),
]


@pytest.fixture(autouse=True)
def cached_law(settings: Any) -> None:
    """As in production; the world clears the cache before and after itself."""
    settings.HUBIN_LAW_CACHE = True


def pages(scene: Scene, who: str) -> Iterator[str]:
    """Everything that person may look at, or is refused."""
    planted, client = scene.planted, scene.house.visitor(who)
    yield from at_every_door(scene, client, client.get)
    for tab in ("open", "ended"):
        yield client.get(reverse("queue"), {"tab": tab}).text
        yield client.get(reverse("queue"), {"tab": tab, "q": "正文"}).text
    for question in ("正文", "地址", planted.tickets[0].number[:15]):
        yield client.get(reverse("search"), {"q": question}).text
    for what, asked in EXPORTS:
        yield words_of(client.post(reverse("export", args=[what]), {"format": "csv", **asked}))
    for ticket in planted.tickets:
        yield from of_ticket(client, ticket.number)


def kept_on_a_telephone(scene: Scene, client: Client) -> Iterator[str]:
    """Every page of the field, those of all tickets among them."""
    for door in chain_doors():
        if door.name.startswith("field") and door.name != "field_ticket":
            yield words_of(client.get(scene.house.address(door)))
    for ticket in scene.planted.tickets:
        yield client.get(reverse("field_ticket", args=[ticket.number])).text


def at_every_door(scene: Scene, client: Client, ask: Callable[..., Any]) -> Iterator[str]:
    for door in chain_doors():
        if door.name not in OF_TICKET | WITH_KEY | {"logout"}:
            yield words_of(ask(scene.house.address(door), headers={"accept-language": "zh-hans"}))


def wrong_forms(scene: Scene, who: str) -> Iterator[str]:
    """What that person is answered to an empty form, and to a note on what has changed since."""
    client = scene.house.visitor(who)
    yield from at_every_door(scene, client, client.post)
    for ticket in scene.planted.tickets:
        yield client.post(reverse("verb", args=[ticket.number, "note"]), {"seen": "1"}).text


def words_of(answer: Any) -> str:
    """What can be read in an answer, also in a file that is sent in pieces."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:5] == b"%PDF-":
        return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if content[:2] == b"PK":  # a workbook
        with ZipFile(BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    return str(content.decode(errors="ignore"))


def of_ticket(client: Client, number: str) -> Iterator[str]:
    for row in Attachment.objects.filter(ticket__number=number):
        for query in ("", "?original=1", "?copy=thumb"):
            yield words_of(client.get(reverse("attachment", args=[number, row.pk]) + query))
    yield client.get(reverse("ticket", args=[number])).text
    yield client.get(reverse("desk"), {"t": number}).text
    yield words_of(client.get(reverse("supervision_paper", args=[number])))
    yield words_of(client.get(reverse("ticket_paper", args=[number])))
    yield client.post(reverse("reveal", args=[number]), {"reason": "回访"}).text


@pytest.mark.parametrize("who", [*FEW, *(pytest.param(one, marks=FULL) for one in OTHERS)])
def test_a_person_finds_what_is_theirs_to_read_and_nothing_else(
    scene: Scene, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    check_readers(scene.planted, who, pages(scene, who), caplog)


@pytest.mark.parametrize("who", [*FEW, *(pytest.param(one, marks=FULL) for one in OTHERS)])
def test_no_refusal_tells_more(scene: Scene, who: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = [scene.planted.found_in(text) for text in wrong_forms(scene, who)]
    assert set().union(*told) <= scene.planted.due_to(who)
    assert scene.planted.found_in(caplog.text) == set()


def test_a_link_in_a_notice_shows_the_question_and_nothing_else(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    planted = scene.planted
    token = links.make(links.Purpose.INFORM, planted.tickets[0], at=planted.world.at)
    caplog.set_level(logging.DEBUG)
    page = Client().get(reverse("link", args=[token])).text
    assert planted.found_in(page) == {"甲单询问"}
    assert planted.found_in(caplog.text) == set()
    assert token not in caplog.text


@pytest.mark.parametrize("who", ["grid_worker", "community_lead"])
def test_what_stays_on_a_telephone_names_no_reporter(scene: Scene, who: str) -> None:
    told = list(kept_on_a_telephone(scene, scene.house.visitor(who)))
    found = set().union(*(scene.planted.found_in(text) for text in told))
    assert found == {"甲单正文", "乙单正文", "丙单正文", "己单正文"}


def test_a_workbook_that_is_searched_is_read(scene: Scene) -> None:
    client = scene.house.visitor("desk")
    answer = client.post(reverse("export", args=["tickets"]), {"format": "xlsx", "tab": "open"})
    assert "甲单正文" in scene.planted.found_in(words_of(answer))


def test_a_paper_and_what_rings_are_read(scene: Scene) -> None:
    planted, client = scene.planted, scene.house.visitor("desk")
    paper = client.get(reverse("supervision_paper", args=[planted.tickets[0].number]))
    assert planted.found_in(words_of(paper)) == {"甲单督办"}
    ringing = client.get(reverse("ringing")).text
    assert {"甲单正文", "丁单正文", "戊单正文"} <= planted.found_in(ringing)


def test_the_log_that_is_searched_does_hear(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("tickets.anything").debug("甲单正文")
    assert scene.planted.found_in(caplog.text) == {"甲单正文"}


def test_the_administrator_of_the_tables_reads_nothing(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    planted, house = scene.planted, scene.house
    caplog.set_level(logging.DEBUG)
    client = house.visitor("admin")
    for door in admin_doors():
        for address in house.addresses(door):
            for ask in (client.get, client.post):
                if "logout" not in address:
                    assert (address, planted.found_in(ask(address).text)) == (address, set())
    assert planted.found_in(caplog.text) == set()
