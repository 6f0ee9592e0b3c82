"""A person who has no mouse: they go from one thing to the next by Tab, and press keys."""

from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page, expect

FARTHEST = 150
"""So many things lie before any other, at most."""
IS_FOCUSED = "(element) => element === document.activeElement"


@dataclass
class Keyboard:
    """键盘: one person's."""

    page: Page

    def reach(self, thing: Locator) -> Locator:
        """Tab by Tab; `AssertionError` where it is never reached."""
        expect(thing).to_be_attached()
        for _nth in range(FARTHEST):
            if thing.evaluate(IS_FOCUSED):
                return thing
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{thing} cannot be reached by Tab")

    def press(self, thing: Locator, key: str = "Enter") -> None:
        self.reach(thing)
        self.page.keyboard.press(key)

    def write(self, thing: Locator, text: str) -> None:
        self.reach(thing)
        self.page.keyboard.type(text)

    def choose(self, thing: Locator, name: str) -> None:
        """Of a list, as its letters are typed."""
        self.write(thing, name)
        expect(thing.locator("option:checked")).to_contain_text(name)

    def hand_in(self, thing: Locator, content: bytes) -> None:
        """Opens what chooses files, and takes one."""
        file = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=content)
        # listened for beforehand: a chooser that opens too early is nobody's
        self.page.once("filechooser", lambda chooser: chooser.set_files(file))
        self.press(thing)
