"""What a test reads in an answer."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from wagtail.test.utils.form_data import querydict_from_html

CARDS = "article :is(h2, h3, h4) a, .service-tile:not(.service-tile--all) .service-tile__name, .deadline-list__title a"
Answer = Any  # the response of a test client, whose type has no public name


def soup(answer: Answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def titles(answer: Answer, part: str = "main") -> list[str]:
    """Return the titles of the cards in a part of the page, in their order."""
    found = soup(answer).select_one(part)
    cards = found.select(CARDS) if found else []
    return [card.get_text(strip=True) for card in cards]


def part(answer: Answer, heading: str) -> list[str]:
    """Return the titles of the cards in the section whose heading has the id `heading`."""
    return titles(answer, f'section[aria-labelledby="{heading}"]')


def links(answer: Answer, selector: str) -> dict[str, str]:
    """Return the links within `selector`: text to address."""
    return {link.get_text(strip=True): link.get("href", "") for link in soup(answer).select(f"{selector} a")}


def said(message: str, language: str = "fr") -> str:
    """Return one of the portal's own messages as readers of `language` see it."""
    with translation.override(language):
        return gettext(message)


def screen(name: str, language: str = "fr") -> str:
    """Return the address of one of the portal's own screens in `language`."""
    with translation.override(language):
        return reverse(name)


def form_of(browser: Client, address: str, *, number: int = 0, form_id: str | None = None) -> QueryDict:
    """Open `address` and return what its form would send if nothing were changed."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return querydict_from_html(answer.content.decode(), form_index=number, form_id=form_id)
