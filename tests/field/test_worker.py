"""Pages without a signal: what was opened opens again, for its person, until they leave."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect
from pytest_django import Settings

from tests.browser import OpenPage, log_in, network_away
from tests.field.phone import Phone, phone_of
from tests.grids.keys import PASSWORD
from tests.world import World
from tickets.views.field import shell

KEPT = """async () => {
    const kept = [];
    for (const name of await caches.keys()) {
        if (name.startsWith("hubin-shell")) continue;
        for (const one of await (await caches.open(name)).keys()) {
            kept.push(`${name} ${new URL(one.url).pathname}`);
        }
    }
    return kept.sort();
}"""
GROWN = """async (name) => {
    const [copies, thumbs] = [await caches.open(name), await caches.open("hubin-thumbs")];
    const put = (path, days) => copies.put(path, new Response("", {
        headers: { "Hubin-Kept-At": Date.now() - days * 24 * 3600000 },
    }));
    for (let n = 0; n < 51; n += 1) await put(`/field/t/N${n}/`, n / 100);
    await put("/field/at/P1-0/", 8);
    await put("/field/at/P2-0/", 6);
    for (const n of [49, 50]) {
        await thumbs.put(`/tickets/N${n}/attachments/1/?copy=thumb`, new Response(""));
    }
}"""
WITHOUT = {
    "": "上报问题", "report/": "情况说明", "tasks/": "待核查", "mine/": "我报的",
    "queue/": "待发送",
}  # fmt: skip


@pytest.fixture
def carried(open_page: OpenPage, committed_world: World) -> Phone:
    """The grid worker's telephone, which has been at /field/ once."""
    phone = phone_of(open_page, "grid_worker", worker=True)
    carry(phone)
    return phone


def carry(phone: Phone) -> None:
    phone.open("/field/")
    expect(phone.page.locator("body[data-carried=true]")).to_be_attached()


def kept_by(page: Page, person: str) -> set[str]:
    """Addresses of the copies, all of which are that person's."""
    name = f"hubin-pages-{person} "
    kept = page.evaluate(KEPT)
    assert all(one.startswith(name) for one in kept), kept
    return {one.removeprefix(name) for one in kept}


def test_what_was_opened_opens_without_a_signal(carried: Phone, committed_world: World) -> None:
    seen, unseen = committed_world.resolved(text="巷口垃圾"), committed_world.resolved()
    carried.open(f"/field/t/{seen.number}/")
    with network_away(carried.page):
        for address, words in WITHOUT.items():
            expect(carried.open(f"/field/{address}").locator("main")).to_contain_text(words)
        expect(carried.open(f"/field/t/{seen.number}/").locator(".said")).to_have_text("巷口垃圾")
        expect(carried.page.locator("#copy")).to_contain_text("没有信号，显示的是")
        carried.page.goto(f"/field/t/{unseen.number}/")
        expect(carried.page.locator("main")).to_contain_text("还没有在这台手机上打开过")
        for elsewhere in ("/", "/inbox/", f"/t/{seen.number}/", "/login/"):
            with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
                carried.page.goto(elsewhere)


def test_copies_are_one_persons(carried: Phone, committed_world: World) -> None:
    ticket, world = committed_world.resolved(), committed_world
    address = f"/field/t/{ticket.number}/"
    carried.open(address)
    expect_kept(carried.page, world.grid_worker.actor_ref, address)
    carried.page.context.clear_cookies()
    carried.page.goto("/field/tasks/")
    expect(carried.page).to_have_url(re.compile("/login/"))
    with network_away(carried.page):
        expect(carried.open("/field/tasks/").locator("h1")).to_have_text("待核查")
    log_in(carried.page, "community_lead")
    carry(carried)
    kept = kept_by(carried.page, world.community_lead.actor_ref)
    assert {"/field/", "/field/tasks/", "/field/kit.json"} <= kept
    assert address not in kept


def test_the_next_person_never_sees_what_was_kept(carried: Phone, committed_world: World) -> None:
    page, other = carried.page, committed_world.community_lead
    other.set_password(PASSWORD)
    other.save()
    page.context.clear_cookies()
    page.goto("/login/?next=/inbox/")
    assert page.evaluate(KEPT) != []
    page.locator("#id_username").fill(other.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form button.btn-primary").click()
    expect(page).to_have_url(re.compile("//[^/]+/inbox/"))  # that of the login names it, too
    with network_away(page):
        page.goto("/field/")
        expect(page.locator("h1")).to_have_text("没有信号")


def test_who_chooses_the_provider_leaves_no_copies(carried: Phone, settings: Settings) -> None:
    settings.HUBIN_OIDC_ISSUER, settings.HUBIN_OIDC_CLIENT_ID = "https://id.example", "x"
    page = carried.page
    page.context.clear_cookies()
    page.route("**/login/oidc/**", lambda route: route.fulfill(body="elsewhere"))
    page.goto("/login/")
    assert page.evaluate(KEPT) != []
    page.locator("a[data-enter]").click()
    expect(page).to_have_url(re.compile("/login/oidc/"))
    assert page.evaluate(KEPT) == []


def test_copies_are_of_one_week_and_fifty_tickets(carried: Phone, committed_world: World) -> None:
    person = committed_world.grid_worker.actor_ref
    carried.page.evaluate(GROWN, f"hubin-pages-{person}")
    carry(carried)
    kept = {one.split()[1] for one in carried.page.evaluate(KEPT)}
    assert {one for one in kept if "/t/" in one} == {f"/field/t/N{n}/" for n in range(50)}
    assert {one for one in kept if "/at/" in one} == {"/field/at/P2-0/"}
    assert {one for one in kept if "attachments" in one} == {"/tickets/N49/attachments/1/"}


def expect_kept(page: Page, person: str, address: str) -> None:
    page.wait_for_function(
        f"async () => (await ({KEPT})()).includes('hubin-pages-{person} {address}')"
    )


def test_who_leaves_leaves_no_copies(carried: Phone) -> None:
    with network_away(carried.page):
        carried.press("退出登录")
        expect(carried.saved).to_contain_text("没有信号，现在不能退出登录")
    carried.press("退出登录")
    expect(carried.page).to_have_url(re.compile("/login/"))
    assert carried.page.evaluate(KEPT) == []
    with network_away(carried.page):
        carried.page.goto("/field/")
        expect(carried.page.locator("h1")).to_have_text("没有信号")


def test_a_new_version_is_offered_and_not_forced(
    carried: Phone, settings: Settings, tmp_path: Path
) -> None:
    deploy(settings, tmp_path)
    try:
        page = carried.open("/field/report/")
        page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
        page.wait_for_function(
            "async () => (await navigator.serviceWorker.getRegistration()).waiting"
        )
        expect(page.locator("#newer")).to_be_hidden()
        carried.open("/field/")
        with page.expect_navigation():
            carried.press("现在更新")
        expect(page.locator("body[data-carried=true]")).to_be_attached()
        expect(page.locator("#newer")).to_be_hidden()
        assert page.evaluate("caches.keys()")[-1] == f"hubin-shell-{shell.version()}"
    finally:
        shell.version.cache_clear()


def deploy(settings: Settings, folder: Path) -> None:
    """Another stylesheet stands where the one of now stood."""
    (folder / "css").mkdir()
    (folder / "css" / "field.css").write_text(".big { color: #fff; }", encoding="utf-8")
    settings.STATICFILES_DIRS = [folder, *settings.STATICFILES_DIRS]
    before = shell.version()
    shell.version.cache_clear()
    assert shell.version() != before
