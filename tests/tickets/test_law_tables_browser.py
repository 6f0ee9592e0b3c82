"""A table of rules taken in by somebody who looks first."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pytest_django import Settings

from grids.models import Person
from tests.browser import log_in
from tests.tickets.browsing import look, open_street
from tests.world import World
from tickets.models import HollowPhrase


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    return open_street(committed_world, settings, tmp_path)


def test_a_file_is_chosen_looked_at_and_confirmed(street: World, page: Page) -> None:
    Person.objects.filter(username="admin").update(is_staff=True, is_superuser=True)
    log_in(page, "admin")
    page.goto("/admin/tickets/hollowphrase/")
    page.get_by_role("link", name="导入 CSV").click()
    body = "text\n已转办\n另行答复\n".encode("gb18030")
    page.locator("[name=file]").set_input_files(
        FilePayload(name="a.csv", mimeType="text/csv", buffer=body)
    )
    page.get_by_role("button", name="预览").click()
    expect(page.locator("#sum")).to_contain_text("要改 2 行")
    assert not HollowPhrase.objects.filter(text="已转办").exists()
    look(page, "table-in")
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator(".messagelist")).to_contain_text("已导入：新增 2 行")
    assert HollowPhrase.objects.filter(text="已转办").exists()
