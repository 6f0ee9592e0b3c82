"""Photos get small on the telephone and keep what they know; a memo is a minute at most."""

from datetime import UTC, datetime

from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import expect_fit, network_away
from tests.field.phone import SPOT, Phone
from tests.files import photo
from tests.tickets.test_checklists import asks
from tests.world import World
from tickets.models import Attachment, Ticket

LARGE = (2400, 1600)
HERE = (SPOT["latitude"], SPOT["longitude"])
TAKEN = datetime(2026, 11, 23, 8, 30)
SHRUNK = """async (kept) => Object.fromEntries(await Promise.all(Object.entries(kept).map(
    async ([name, bytes]) => {
        const file = new File([new Uint8Array(bytes)], name, { type: "image/jpeg" });
        return [name, (await Field.shrink(file)).size === file.size];
    })))"""
HEARD = """(sound) => new Promise((done, failed) => {
    sound.addEventListener("timeupdate", () => sound.currentTime && done(sound.currentTime));
    sound.addEventListener("error", () => failed(sound.error));
    sound.play().catch(failed);
})"""


def fill_in_settled(phone: Phone, before: bytes) -> None:
    phone.report("路面有油渍")
    phone.page.locator("#id_category").select_option(label="litter")
    phone.page.locator("#settled > summary").click()
    phone.page.locator("#id_is_settled").check()
    phone.page.locator("#id_result").fill("已冲洗干净")
    phone.shoot("#id_after_photos", photo(shade=200))
    phone.send()
    expect(phone.page.locator("[data-problems]")).to_have_text(
        "当场处置的，请附上处置前照片。请回答核对项“垃圾已全部清走”。"
    )
    phone.shoot("#id_before_photos", before)
    phone.page.locator("#settle-checks").get_by_label("做到").check()
    phone.send()


def test_what_was_settled_without_a_signal_arrives_with_its_photos(
    phone: Phone, committed_world: World
) -> None:
    asks(committed_world)
    before = photo(size=LARGE, spot=HERE, taken=TAKEN, turn=6)
    phone.open("/field/report/")
    with network_away(phone.page):
        fill_in_settled(phone, before)
        expect(phone.saved).to_contain_text("已保存在手机上")
        phone.expect_unsent(1)
    expect(phone.queue()).to_contain_text("已发送")
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.events.get(seq=1).data["checks"]) == (
        "RESOLVED",
        [["gone", "YES"]],
    )
    found = {row.kind: row for row in Attachment.objects.all()}
    assert set(found) == {"BEFORE", "AFTER"}
    shown = found["BEFORE"]
    assert (shown.width, shown.height) == (1280, 1920)
    assert shown.size < len(before)
    assert ((shown.lat, shown.lng), shown.is_far) == (HERE, False)
    assert shown.taken_at == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def test_what_cannot_be_made_smaller_goes_as_it_is(phone: Phone) -> None:
    kept = {
        "small": photo(), "broken": b"\xff\xd8\xff\xe1" + bytes(64),
        "noted": photo("WEBP", size=LARGE, spot=HERE), "large": photo(size=LARGE),
    }  # fmt: skip
    phone.open("/field/report/")
    is_same = phone.page.evaluate(SHRUNK, {name: list(data) for name, data in kept.items()})
    assert is_same == {"small": True, "broken": True, "noted": True, "large": False}


def test_a_memo_ends_by_itself_and_is_sent_along(phone: Phone, settings: Settings) -> None:
    settings.HUBIN_AUDIO_SECONDS = 1
    phone.page.context.grant_permissions(["geolocation", "microphone"])
    phone.open("/field/report/")
    phone.report("夜间施工噪声")
    phone.press("开始录音（最长 1 秒）")
    expect(phone.page.locator("#memo-said")).to_contain_text("已录好 1 秒，可以先听一遍")
    memos = phone.page.locator("#memo audio")
    assert memos.evaluate(HEARD) > 0
    expect_fit(phone.page)
    phone.press("开始录音（最长 1 秒）")
    expect(memos).to_have_count(2)
    phone.page.locator("#memo .shot-drop").first.click()
    expect(memos).to_have_count(1)
    phone.send()
    expect(phone.saved).to_contain_text("已发送，编号")
    memo = Attachment.objects.get()
    assert (memo.kind, memo.media_type) == ("AUDIO", "audio/webm")
    assert memo.duration_ms
    assert 100 < memo.duration_ms <= 1000
