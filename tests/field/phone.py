"""A telephone in the hands of the grid worker: what they press, and what they are told."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.sync_api import Geolocation, Locator, Page, expect

from tests.browser import OpenPage, log_in
from tests.files import photo

SPOT: Geolocation = {"latitude": 30.245, "longitude": 120.155, "accuracy": 12}
OLDER = """async (ago) => {
    for (const item of await Field.store.all()) {
        await Field.store.change(item.id, { made: item.made - ago });
    }
}"""


@dataclass
class Phone:
    """手机: one page at a time; its storage outlives the page."""

    page: Page
    who: str = "grid_worker"

    def open(self, address: str) -> Page:
        """The page, once its scripts are at work."""
        self.page.goto(address)
        expect(self.page.locator("body[data-ready]")).to_be_attached()
        for form in self.page.locator("form[data-compose]").all():
            expect(form).to_have_attribute("data-ready", "true")
        return self.page

    def locate(self) -> None:
        self.page.get_by_role("button", name="用我的位置").first.click()
        expect(self.page.locator("#place-said")).to_contain_text("误差 12 米")

    def shoot(self, field: str = "#id_camera", content: bytes = b"") -> None:
        file = {"name": "shot.jpg", "mimeType": "image/jpeg", "buffer": content or photo()}
        self.page.locator(field).set_input_files(file)  # type: ignore[arg-type]

    def report(self, text: str, *, with_photo: bool = False) -> None:
        """Fill in the open page, but do not send."""
        if with_photo:
            self.shoot()
        self.page.get_by_label("情况说明").fill(text)
        self.locate()

    def send(self, verb: str = "report") -> None:
        self.page.locator(f"[data-verb={verb}]").click()

    def expect_unsent(self, count: int) -> None:
        words = f"{count} 项未发送" if count else "都已发送"
        expect(self.page.locator("[data-unsent]")).to_have_text(words)

    @property
    def saved(self) -> Locator:
        """What the page says became of it."""
        return self.page.locator("#saved")

    def queue(self) -> Locator:
        """The items of the queue's page, which is opened."""
        self.open("/field/queue/")
        expect(self.page.locator("#queue")).to_have_attribute("data-ready", "true")
        return self.page.locator("#queue > li")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def grow_older(self, by: timedelta) -> None:
        """As if everything had been written down that much earlier."""
        self.page.evaluate(OLDER, by.total_seconds() * 1000)


def phone_of(open_page: OpenPage, who: str, **more: Any) -> Phone:
    page = open_page(width=390, height=844, **more)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(SPOT)
    log_in(page, who)
    return Phone(page, who)
