"""Incidents in a real browser, on a phone and a screen, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from notices.incidents import raise_incident
from tests.browser import OpenPage
from tests.tickets.browsing import check, check_in_english, open_street, visit
from tests.world import World

INCIDENTS = "/incidents/"
FAULT = "IntegrityError('new row for relation \"tickets_notice\" violates check constraint')"


@pytest.fixture
def street(committed_world: World, settings: Settings, tmp_path: Path) -> World:
    return open_street(committed_world, settings, tmp_path)


@pytest.fixture
def troubled(street: World) -> World:
    for times in (1, 3):
        number = street.accepted().number
        for _turn in range(times):
            raise_incident("sweep:route", number, detail=FAULT, at=street.at)
    raise_incident("unmanned", "CG-003", detail="无人在岗，轮到的工单已升交上一级。", at=street.at)
    return street


def test_the_list_fits_and_is_accessible(troubled: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "inspector", INCIDENTS)
    expect(page.locator(".incidents .board-row")).to_have_count(3)
    check(page, "incidents")
    check_in_english(page, "incidents")
    expect(page.locator(".incidents .board-row")).to_have_count(3)


def test_one_is_ended(troubled: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "inspector", INCIDENTS)
    page.locator(".incident-end summary").first.click()
    page.get_by_role("button", name="结束这个异常").first.click()
    expect(page.locator(".incident-end[open] textarea")).to_be_visible()
    check(page, "incidents-refused")
    page.get_by_label("处理说明").first.fill("已补岗")
    page.get_by_role("button", name="结束这个异常").first.click()
    expect(page.locator(".incidents .board-row")).to_have_count(2)
    page.get_by_role("link", name="已结束").click()
    expect(page.get_by_text("已补岗")).to_be_visible()
    check(page, "incidents-ended")


def test_an_empty_list_says_so(street: World, open_page: OpenPage) -> None:
    page = visit(open_page(width=390), "inspector", INCIDENTS)
    expect(page.get_by_text("没有未处理的异常")).to_be_visible()
    check(page, "incidents-empty")
