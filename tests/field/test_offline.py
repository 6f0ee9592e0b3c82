"""Nothing is lost and nothing comes twice: without a signal, without an answer, without a page."""

import re

from playwright.sync_api import Page, Route, expect

from grids.models import Person
from tests.browser import OpenPage, expect_fit, log_in, network_away
from tests.field.phone import Phone, phone_of
from tests.files import photo
from tests.tickets.test_checklists import asks
from tests.world import World
from tickets import actions
from tickets.models import Attachment, Event, Ticket

FULL = """(() => {
    const put = IDBObjectStore.prototype.put;
    const size = ({ files }) => files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
    IDBObjectStore.prototype.put = function (value, ...rest) {
        if (this.name === "items" && !(size(value) < globalThis.room)) {
            globalThis.room ??= size(value);
            throw new DOMException("no room", "QuotaExceededError");
        }
        return put.call(this, value, ...rest);
    };
})()"""
"""There is no room for as much as the first item is."""
NO_STORE = 'Object.defineProperty(window, "indexedDB", { value: undefined })'


def lost(page: Page, address: str) -> list[int]:
    """The first answer never comes, although it was given; tells what each one was."""
    answered: list[int] = []

    def pass_on(route: Route) -> None:
        if route.request.method != "POST" or answered:
            route.continue_()
            return
        answered.append(route.fetch().status)
        route.abort("aborted")

    page.route(address, pass_on)
    return answered


def test_what_was_done_without_an_answer_is_not_done_twice(phone: Phone) -> None:
    phone.open("/field/report/")
    answered = lost(phone.page, "**/api/v1/tickets/")
    phone.report("路灯不亮")
    phone.send()
    expect(phone.saved).to_contain_text("已保存在手机上。")
    assert (answered, Ticket.objects.count()) == ([201], 1)
    rows = phone.queue()
    expect(rows).to_contain_text("已试 1 次")
    phone.press("现在发送")
    expect(rows).to_contain_text("已发送")
    assert (Ticket.objects.count(), Event.objects.count()) == (1, 1)


def noted_and_verified(phone: Phone, ticket: Ticket) -> None:
    """Both without a signal, the one that changes the version first."""
    phone.open(f"/field/t/{ticket.number}/")
    with network_away(phone.page):
        phone.page.locator("#verb-verify textarea").fill("已看过，清运干净")
        phone.send("verify")
        phone.expect_unsent(1)
        phone.page.locator("summary", has_text="备注").click()
        phone.page.locator("#verb-note textarea").fill("巷口还有一处要留意")
        phone.send("note")
        phone.expect_unsent(2)


def test_the_second_act_on_a_ticket_follows_the_first(phone: Phone, committed_world: World) -> None:
    ticket = committed_world.resolved()
    noted_and_verified(phone, ticket)
    expect(phone.queue()).to_have_count(2)
    phone.expect_unsent(0)
    ticket.refresh_from_db()
    assert ticket.state == "VERIFIED"
    assert list(ticket.events.order_by("seq").values_list("verb", flat=True))[-2:] == [
        "verify", "note",
    ]  # fmt: skip


def test_what_changed_meanwhile_waits_for_a_decision(phone: Phone, committed_world: World) -> None:
    ticket, world = committed_world.resolved(), committed_world
    phone.open(f"/field/t/{ticket.number}/")
    with network_away(phone.page):
        phone.send("verify")
        phone.expect_unsent(1)
        manhole = world.categories["manhole"]
        actions.amend(ticket, by=world.desk, at=world.at, category=manhole, text="是井盖")
    rows = phone.queue()
    expect(rows).to_contain_text("内容在您读取之后有了变化")
    expect(rows).to_contain_text("现在是“待核查”")
    expect(rows).to_contain_text("更正")
    expect_fit(phone.page)
    phone.press("再试一次")
    expect(rows).to_contain_text("已发送")
    ticket.refresh_from_db()
    assert ticket.state == "VERIFIED"


def test_what_is_asked_by_now_is_answered_and_sent(phone: Phone, committed_world: World) -> None:
    ticket, world = committed_world.resolved(), committed_world
    phone.open(f"/field/t/{ticket.number}/")
    with network_away(phone.page):
        phone.page.locator("#verb-verify textarea").fill("清运干净")
        phone.send("verify")
        phone.expect_unsent(1)
    asks(world, verb="verify", text="现场没有残留")
    expect(phone.queue()).to_contain_text("请回答核对项“现场没有残留”。")
    phone.page.get_by_role("link", name="修改").click()
    form = phone.page.locator("#verb-verify[data-ready]")
    expect(form.locator("textarea")).to_have_value("清运干净")
    with network_away(phone.page):
        form.locator("textarea").fill("")
        for answer, told in (("", "请回答核对项“现场没有残留”。"), ("没有", "请写明原因。")):
            if answer:
                form.get_by_label(answer).check()
            phone.send("verify")
            expect(form.locator("[data-problems]")).to_contain_text(told)
        form.locator("textarea").fill("桶边还有两袋，已当场收走")
        phone.send("verify")
        expect(form.locator("[data-problems]")).to_be_hidden()
    expect(phone.queue()).to_have_count(1)
    phone.expect_unsent(0)
    assert ticket.events.get(verb="verify").data["checks"] == [["gone", "NO"]]


def test_what_is_impossible_by_now_becomes_a_note_or_is_given_up(
    phone: Phone, committed_world: World
) -> None:
    tickets = [committed_world.resolved(), committed_world.resolved()]
    for ticket in tickets:
        phone.open(f"/field/t/{ticket.number}/")
        with network_away(phone.page):
            phone.page.locator("#verb-verify textarea").fill("我看过了")
            phone.send("verify")
            phone.expect_unsent(tickets.index(ticket) + 1)
            actions.verify(ticket, by=committed_world.community_lead, at=committed_world.at)
    held = phone.queue()
    phone.press("现在发送")
    expect(phone.page.locator("[data-state=HELD]")).to_have_count(2)
    held.first.get_by_role("button", name="转为备注").click()
    expect(held.filter(has_text="备注").get_by_text("已发送", exact=True)).to_be_visible()
    note = tickets[0].words.get(event__verb="note").text
    assert "想做“核查通过”，没有办成" in note
    assert "我看过了" in note
    give_up = phone.page.locator("[data-state=HELD]").get_by_role("button", name="放弃")
    give_up.click()
    phone.page.get_by_role("button", name="确定放弃").click()
    expect(phone.page.locator("[data-state=HELD]")).to_have_count(0)


def test_a_login_that_is_over_keeps_everything_and_the_next_one_sends_it(phone: Phone) -> None:
    phone.open("/field/report/")
    phone.report("井盖松动")
    phone.page.context.clear_cookies()
    phone.send()
    expect(phone.page.locator("#login-needed")).to_be_visible()
    assert Ticket.objects.count() == 0
    log_in(phone.page, phone.who)
    expect(phone.queue()).to_contain_text("已发送")
    assert Ticket.objects.get().reported_by == Person.objects.get(username=phone.who)


def test_nobody_sends_what_another_wrote_down(phone: Phone) -> None:
    phone.open("/field/report/")
    with network_away(phone.page):
        phone.report("垃圾未清")
        phone.send()
        phone.expect_unsent(1)
        log_in(phone.page, "community_lead")
    expect(phone.page.locator("#other-person")).to_be_visible()
    expect(phone.queue()).to_have_count(0)
    expect(phone.page.locator("#queue-others")).to_contain_text("另有 1 项")
    assert Ticket.objects.count() == 0
    log_in(phone.page, phone.who)
    expect(phone.queue()).to_contain_text("已发送")


def test_who_logs_out_is_told_of_what_was_not_sent(phone: Phone) -> None:
    phone.open("/field/report/")
    phone.page.route("**/api/v1/tickets/", lambda route: route.abort("aborted"))
    phone.report("路面积水")
    phone.send()
    phone.expect_unsent(1)
    for choice, address in (("不退出", "/field/"), ("删除", "/login/")):
        phone.open("/field/")
        phone.press("退出登录")
        expect(phone.page.get_by_role("dialog")).to_contain_text("1 项内容只在这台手机上")
        phone.page.get_by_role("dialog").get_by_role("button", name=choice).click()
        expect(phone.page).to_have_url(re.compile(address + "$"))
    log_in(phone.page, phone.who)
    expect(phone.queue()).to_have_count(0)


def test_who_logs_out_of_another_page_is_told_too(phone: Phone) -> None:
    phone.open("/field/report/")
    phone.page.route("**/api/v1/tickets/", lambda route: route.abort("aborted"))
    phone.report("路面积水")
    phone.send()
    phone.expect_unsent(1)
    phone.page.goto("/inbox/")
    phone.page.locator("[data-menu] summary").click()
    phone.press("退出登录")
    expect(phone.page.get_by_role("dialog")).to_contain_text("1 项内容只在这台手机上")


def test_nobody_opens_what_another_wrote_down(phone: Phone) -> None:
    phone.open("/field/report/")
    with network_away(phone.page):
        phone.report("垃圾未清")
        phone.send()
        phone.expect_unsent(1)
        kept = phone.page.evaluate("async () => (await Field.store.all())[0].id")
    log_in(phone.page, "community_lead")
    phone.open(f"/field/report/?edit={kept}")
    expect(phone.page.get_by_label("情况说明")).to_have_value("")


def test_one_act_after_another_from_an_open_page(phone: Phone, committed_world: World) -> None:
    ticket = committed_world.resolved()
    phone.open(f"/field/t/{ticket.number}/")
    phone.page.locator("#verb-verify textarea").fill("清运干净")
    phone.send("verify")
    expect(phone.saved).to_contain_text("已发送")
    phone.page.locator("summary", has_text="备注").click()
    phone.page.locator("#verb-note textarea").fill("巷口还有一处")
    phone.send("note")
    expect(phone.page.locator("#verb-note")).to_be_hidden()  # kept: who goes before loses it
    expect(phone.queue().get_by_text("已发送", exact=True)).to_have_count(2)
    assert ticket.events.order_by("-seq").values_list("verb", flat=True)[0] == "note"


def test_a_full_telephone_says_so_and_keeps_smaller_photos(phone: Phone) -> None:
    phone.page.add_init_script(FULL)
    phone.open("/field/report/")
    phone.shoot(content=photo(size=(1600, 1200)))
    phone.report("墙面小广告")
    for _time in range(2):  # pressing again makes no room
        phone.send()
        expect(phone.saved).to_contain_text("手机存储已满")
    expect(phone.page.get_by_label("情况说明")).to_have_value("墙面小广告")
    expect(phone.page.locator(".shot")).to_have_count(1)
    phone.press("把照片改小再存（没有那么清楚）")
    expect(phone.saved).to_contain_text("已发送，编号")
    assert (Attachment.objects.get().width, Ticket.objects.count()) == (1280, 1)


def test_where_nothing_can_be_kept_the_form_is_posted_as_ever(
    open_page: OpenPage, committed_world: World
) -> None:
    phone = phone_of(open_page, "grid_worker")
    phone.page.add_init_script(NO_STORE)
    phone.page.goto("/field/report/")
    expect(phone.page.locator("#unable")).to_be_visible()
    phone.report("树枝断落", with_photo=True)
    phone.send()
    expect(phone.page).to_have_url(re.compile("/t/"))
    assert Attachment.objects.get().ticket == Ticket.objects.get()
