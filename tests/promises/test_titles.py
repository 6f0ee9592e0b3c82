"""Every page of the house: whereto it belongs, and a title of its own."""

import re
from collections.abc import Iterator

import pytest

from tests.promises.doors import LEADS_OUT, House, chain_doors
from tickets.trail import TOP

pytestmark = pytest.mark.scene(make=House.furnish)
READERS = ("desk", "shift_leader", "inspector", "handler", "grid_worker")
ALIKE = "link"
"""The same form as one behind a follow key."""
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def pages(scene: House) -> Iterator[tuple[str, str]]:
    """Name and text of each page that somebody gets, once."""
    left = {door.name: door for door in chain_doors() if door.name not in LEADS_OUT}
    for who in READERS:
        client = scene.visitor(who)
        for name, door in list(left.items()):
            answer = client.get(scene.address(door))
            if answer.status_code in (403, 404):
                continue  # somebody else's
            del left[name]
            is_page = answer.status_code == 200 and "html" in answer["Content-Type"]
            text = answer.content.decode() if is_page else ""
            if TITLE.search(text):
                yield name, text


def test_each_page_tells_where_it_belongs_and_what_it_is(scene: House) -> None:
    found = dict(pages(scene))
    frames = {name: text for name, text in found.items() if 'class="mainnav"' in text}
    lost = {name for name, text in frames.items() if 'class="crumbs' not in text}
    assert lost == TOP & set(frames)
    titles = [TITLE.findall(text)[0].strip() for name, text in found.items() if name != ALIKE]
    assert sorted(titles) == sorted(set(titles))
