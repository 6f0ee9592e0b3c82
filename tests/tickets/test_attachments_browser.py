"""Photos in a real browser: chosen, sent, shown small, opened large, on a phone and a screen."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect
from pytest_django import Settings

from tests.browser import OpenPage
from tests.files import film, paper, photo, settled, sound, upload
from tests.tickets.browsing import look, open_street, visit
from tests.tickets.follow import address
from tests.world import ANSWER, World
from tickets import actions
from tickets.attachments import prepare
from tickets.attachments.samples import sample
from tickets.keys import make_key
from tickets.models import Attachment, Ticket
from tickets.words import FileKind


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    """Who adds and looks at photos can log in."""
    return open_street(committed_world, settings, tmp_path)


def full(world: World) -> Ticket:
    """Everything that can be attached."""
    ticket = world.handled(files=[sample(FileKind.NEAR), sample(FileKind.FAR)])
    far = prepare(upload(photo(spot=(30.3, 120.2), taken=datetime(2026, 11, 23, 8))), "REFERENCE")
    more = [prepare(upload(one)) for one in (sound(), film(), paper())]
    actions.attach(ticket, by=world.handler, at=world.at, files=[far, *more])
    return ticket


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_the_ticket_with_files_fits_and_is_accessible(street: World, open_page: OpenPage) -> None:
    ticket = full(street)
    page = visit(open_page(width=390), "handler", f"/t/{ticket.number}/")
    expect(page.locator("#facts .shot img").first).to_be_visible()
    look(page, "ticket")


def test_a_photo_opens_large_and_the_next_one_follows(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "desk", f"/t/{full(street).number}/")
    page.locator("a[data-photo]").first.click()
    dialog = page.locator("dialog.photo-dialog")
    expect(dialog.locator("figcaption")).to_contain_text("近景 1 / 3")
    page.keyboard.press("ArrowRight")
    expect(dialog.locator("figcaption")).to_contain_text("全景 2 / 3")
    expect(dialog.locator("img")).to_have_js_property("complete", True)
    look(page, "large")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_grid_worker_settles_with_two_photos(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "grid_worker", "/report/")
    page.get_by_label("情况说明").fill("绿化带里有积水")
    page.get_by_label("类别", exact=False).first.select_option("0101")
    page.get_by_label("地址").fill("湖滨路 1 号")
    page.get_by_label("已经当场处置").check()
    page.locator("[name=result]").fill("已疏通")
    page.locator("[name=before_photos]").set_input_files([file("a.jpg", photo())])
    expect(page.locator(".chosen canvas")).to_have_count(1)
    look(page, "report")
    page.locator("[name=after_photos]").set_input_files([file("b.jpg", photo(shade=9))])
    page.locator("[name=lat]").evaluate("(field) => { field.value = '30.245'; }")
    page.locator("[name=lng]").evaluate("(field) => { field.value = '120.155'; }")
    page.locator("[data-verb=report]").click()
    page.wait_for_url("**/t/**")
    assert sorted(Attachment.objects.values_list("kind", flat=True)) == ["AFTER", "BEFORE"]


DARKEST = """
(canvas) => Math.min(...canvas.getContext("2d").getImageData(0, 0, 120, 90).data.slice(0, 40))
"""


def test_what_was_chosen_is_shown_before_it_is_sent(street: World, open_page: OpenPage) -> None:
    page = open_page(width=390, height=844)
    page.goto(address(make_key(street.handled(), at=street.at), "attach"))
    field, chosen = page.locator("[name=files]"), page.locator(".chosen li")
    field.set_input_files([file("a.jpg", photo()), file("坏.jpg", b"no photo"), film_file()])
    expect(page.locator(".chosen canvas")).to_have_count(1)
    assert page.locator(".chosen canvas").evaluate(DARKEST) < 255
    expect(chosen).to_have_text([re.compile("a.jpg"), re.compile("JPG坏.jpg"), re.compile("MP4")])
    look(page, "chosen")
    field.set_input_files([file("c.jpg", photo(shade=9))])
    expect(chosen).to_have_text([re.compile("c.jpg")])
    field.set_input_files([])
    expect(page.locator(".chosen")).to_have_count(0)


def film_file() -> FilePayload:
    return {"name": "long name of a film.mp4", "mimeType": "video/mp4", "buffer": film()}


def test_a_bad_file_is_told_at_its_field(street: World, open_page: OpenPage) -> None:
    ticket = street.handled()
    page = visit(open_page(width=390), "handler", f"/t/{ticket.number}/#do-attach")
    chosen = [file("a.jpg", photo()), file("坏.jpg", photo()[:3000])]
    page.locator("#do-attach [name=files]").set_input_files(chosen)
    page.locator("[data-verb=attach]").click()
    expect(page.locator(".error-summary")).to_contain_text("“坏.jpg”打不开或不完整")
    look(page, "refused-390")


def test_a_reporter_adds_photos_and_sees_the_outcome(street: World, open_page: OpenPage) -> None:
    ticket = street.handled(files=[sample(FileKind.NEAR)])
    token = make_key(ticket, at=street.at)
    page = open_page(width=390, height=844)
    page.goto(address(token, "attach"))
    page.locator("[name=files]").set_input_files([file("a.jpg", photo()), file("b.mp4", film())])
    look(page, "follow-attach")
    page.locator("[data-verb=attach]").click()
    actions.resolve(
        ticket, by=street.handler, at=street.at, result="DONE", note="已清运", files=settled(),
        proposed_answer=ANSWER,
    )  # fmt: skip
    actions.verify(ticket, by=street.grid_worker, at=street.at)
    actions.reply(ticket, by=street.other_desk, at=street.at, final_answer=ANSWER)
    page.goto(address(token))
    expect(page.locator("#files .shot")).to_have_count(4)
    look(page, "follow")
