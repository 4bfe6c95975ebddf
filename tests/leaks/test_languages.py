"""In every language, as every reader: the plan, the marks of language, and the contact form tell of nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.utils import timezone

from content.models import StandardPage
from sections.models import SectionPage, SectionsIndexPage
from tests.leaks.answers import ABSENT, address, content, everything, faceless
from tests.leaks.rule import LANGUAGES, Rule
from tests.leaks.world import LISTS, WORD, Seeker, World, words
from tests.reading import screen

pytestmark = pytest.mark.django_db

STRUCTURE = (StandardPage, SectionsIndexPage, SectionPage, *LISTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_holds_the_structure_that_is_for_the_reader(
    rule: Rule, seeker: Seeker, told: set[str], language: str
) -> None:
    """Its own language's pages, and those of the first language that stand in its lists."""
    now = timezone.now()
    response = seeker.browser.get(screen("plan", language))
    main = BeautifulSoup(content(response), "html.parser").main
    shown = {link["href"] for link in main.select("a")}
    expected = {
        address(page)
        for page in rule.visible(seeker.who, now)
        if 2 < page.depth < 6
        and page.specific_class in STRUCTURE
        and not rule.is_mirror(page)
        and page.locale.language_code in {language, "fr"}
        and language in rule.shown_in(page)
        and not any(rule.is_mirror(above) for above in rule.line(page))
    }

    assert response.status_code == 200
    assert words(everything(response)) <= told
    assert expected <= shown
    assert {url for url in shown if words(url)} <= {address(page) for page in rule.visible(seeker.who, now)}


def language_of(element: Any) -> str:
    """Return the language that the page says an element is in."""
    marked = element if element.has_attr("lang") else element.find_parent(lang=True)
    return str(marked["lang"])


def test_what_is_in_another_language_than_the_page_is_marked(
    world: World, rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    now, foreign = timezone.now(), 0
    known = {address(page): page for page in rule.visible(seeker.who, now)}
    lists = [page for page in known.values() if page.specific_class in {*LISTS, SectionPage, SectionsIndexPage}]
    plans = [screen("plan", code) for code in LANGUAGES]
    for url in ["/", "/en/", "/es/", *plans, *map(address, lists), address(world.board)]:
        page = BeautifulSoup(content(seeker.browser.get(url)), "html.parser")
        for link in page.select("a[href]"):
            target = known.get(link["href"])
            if target is None or not words(link.get_text()) & world.said(target):
                continue
            said = next((part for part in [link, *link.find_all(True)] if part.has_attr("lang")), link)
            text = rule.pages[target.alias_of_id] if target.alias_of_id else target
            assert language_of(said) == text.locale.language_code, (url, link["href"])
            foreign += text.locale.language_code != page.html["lang"]
    assert foreign or seeker.name.startswith("anonymous")


def test_the_contact_form_speaks_of_no_page_that_is_not_for_the_reader(
    rule: Rule, seeker: Seeker, told: set[str]
) -> None:
    now = timezone.now()

    def asked(path: str) -> HttpResponse:
        return seeker.browser.get(screen("contact"), {"from": path})

    for page in [page for page in rule.pages.values() if page.depth > 2][::4]:
        url, response = address(page), asked(address(page))
        assert words(everything(response)) - words(url) <= told
        absent = WORD.sub(ABSENT, url)
        if not rule.sees(seeker.who, page, now):
            assert faceless(response, url) == faceless(asked(absent), absent), url
