"""The export control in a real browser: it fits, it is accessible, a file comes down."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.browser import OpenPage, at_each_size
from tests.tickets.browsing import check, open_street, visit
from tests.world import World
from tickets import actions

PAGES = ["/?tab=open", "/search/?q=垃圾", "/approvals/"]


@pytest.fixture
def busy(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    """The desk can log in, and every list holds something."""
    open_street(committed_world, settings, tmp_path)
    committed_world.handled()
    ticket = committed_world.reported(text="=1+1 楼道里的垃圾")
    actions.decline(
        ticket,
        by=committed_world.desk,
        at=committed_world.at,
        reason="BEYOND",
        answer="这件事不归本区管。",
    )
    return committed_world


def opened(open_page: OpenPage, address: str) -> Page:
    page = visit(open_page(width=390), "desk", address)
    page.get_by_text("导出", exact=True).last.click()
    expect(page.get_by_role("button", name="CSV").last).to_be_visible()
    return page


@pytest.mark.parametrize("address", PAGES)
def test_the_control_fits_and_is_accessible(busy: World, open_page: OpenPage, address: str) -> None:
    page = opened(open_page, address)
    for width in at_each_size(page):
        box = page.locator(".export[open] .export-form").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    check(page, f"export-{PAGES.index(address)}")


def test_a_file_comes_down_and_the_page_stays(
    busy: World, open_page: OpenPage, tmp_path: Path
) -> None:
    page = opened(open_page, "/?tab=open&state=HANDLING")
    with page.expect_download() as download:
        page.get_by_role("button", name="XLSX").click()
    assert download.value.suggested_filename.startswith("工单列表-20261123-")
    download.value.save_as(tmp_path / "a.xlsx")
    assert load_workbook(tmp_path / "a.xlsx").worksheets[0].max_row == 2
    expect(page.get_by_role("button", name="XLSX")).to_be_visible()


def test_what_was_found_comes_down(busy: World, open_page: OpenPage, tmp_path: Path) -> None:
    page = opened(open_page, "/search/?q=垃圾")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["诉求内容"] for row in csv.DictReader(file)]
    assert "'=1+1 楼道里的垃圾" in texts
