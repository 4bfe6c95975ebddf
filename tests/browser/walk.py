"""A way through the portal, counted: a reader needs at most three clicks, an announcement four fields and a minute."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, Page, expect

MOST_CLICKS, MOST_FIELDS = 3, 4
MINUTE = 60.0
# Of someone who types on a phone: seconds for a click, and for each sign of what is filled in.
A_CLICK, A_SIGN = 1.5, 0.25


class Walk:
    """A page, and what was clicked and filled in on the way."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.fields = 0
        self.by_hand = 0.0  # seconds that a hand would have taken
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Return how long it took, with the time of a hand."""
        return time.monotonic() - self.began + self.by_hand

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1
        self.by_hand += A_CLICK
        self.page.wait_for_load_state()

    def fill(self, what: Locator, words: str) -> None:
        what.fill(words)
        self._filled(len(words))

    def choose(self, what: Locator, label: str) -> None:
        """Choose the first of a list whose words hold `label`."""
        value = what.locator("option", has_text=label).first.get_attribute("value")
        what.select_option(value=value)
        self._filled(4)

    def check(self, what: Locator) -> None:
        what.check()
        self._filled(4)

    def _filled(self, signs: int) -> None:
        self.fields += 1
        self.by_hand += A_SIGN * signs

    def search(self, words: str) -> None:
        """Search from where one is: on a phone the box is a place of its own."""
        box = self.page.locator("main input[name=q]")
        if not box.count():
            self.click(self.page.locator(".bottom-nav__link[href^='/recherche/']"))
        self.fill(box.first, words)
        box.first.press("Enter")
        self.page.wait_for_load_state()

    def heading(self, words: str) -> None:
        expect(self.page.locator("h1")).to_contain_text(words)

    def read(self, *, clicks: int, fields: int = 0) -> None:
        """Say that a reader is there, in exactly so many clicks and fields."""
        assert (self.clicks, self.fields) == (clicks, fields)
        assert self.clicks <= MOST_CLICKS

    def announced(self, *, clicks: int, fields: int) -> None:
        """Say that something is announced, in exactly so many clicks and fields, and within a minute."""
        assert (self.clicks, self.fields) == (clicks, fields)
        assert self.fields <= MOST_FIELDS
        assert self.seconds < MINUTE, self.seconds
