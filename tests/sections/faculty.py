"""A section, those who announce in it, and its readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page

from audience.models import Audience
from tests.editing import editors_of
from tests.factories import ReaderFactory, know


def group_of(page: Page, rights: tuple[str, ...]) -> Group:
    """Return the one group of those with these rights on `page`."""
    kept = Group.objects.filter(name=f"{page.title} ({', '.join(rights)})").first()
    return kept or editors_of(page, rights=rights)


@dataclass(frozen=True)
class Faculty:
    """A section reserved for nobody, with audiences of its own, and its list of news."""

    section: Any
    index: Any
    sciences: Audience
    l1: Audience
    l2: Audience
    miage: Audience

    def announcer(self, *, rights: tuple[str, ...] = ("add",), on: Page | None = None) -> Client:
        """Return the browser of someone with these rights on the section, or on a page."""
        user = ReaderFactory(first_name="Nadège", last_name="Vautrin")
        user.groups.add(group_of(on or self.section, rights))
        know(user)
        browser = Client()
        browser.force_login(user)
        return browser

    def readers(self, number: int, *positions: list[Audience]) -> list[Client]:
        """Return the browsers of so many readers with these positions."""
        browsers = []
        for _each in range(number):
            user = ReaderFactory()
            know(user, *positions)
            browser = Client()
            browser.force_login(user)
            browsers.append(browser)
        return browsers
