"""Swagger draws itself from our own files: no other host, no inline script, nothing refused."""

import re

from playwright.sync_api import Page, expect

from tests.world import World


def test_the_docs_draw_themselves_offline(committed_world: World, page: Page) -> None:
    page.goto("/api/docs/")
    expect(page.locator(".swagger-ui .info .title")).to_contain_text("Hubin")
    expect(page.locator(".opblock").first).to_be_visible()
    claim = page.locator("#operations-verbs-claim_ticket")
    claim.click()
    expect(claim.get_by_text("If-Match")).to_be_visible()
    assert page.locator(".errors-wrapper").count() == 0


def test_a_reader_of_english_reads_english(committed_world: World, open_page: object) -> None:
    page: Page = open_page(locale="en")  # type: ignore[operator]
    page.goto("/api/docs/")
    expect(page).to_have_title(re.compile("API"))
