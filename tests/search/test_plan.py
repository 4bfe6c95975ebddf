"""The plan of the portal: its structure, as far as the reader may know of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import Tag
from django.test import Client
from wagtail.models import Locale, Page

from audience.models import Access, Audience
from search import plan
from tests.editing import open_language
from tests.factories import NewsIndexPageFactory, NewsPageFactory, SectionPageFactory, StandardPageFactory
from tests.reading import screen, soup

pytestmark = pytest.mark.django_db


def tree(answer: Any) -> dict[str, Any]:
    """Return what the plan shows: titles, each with those below it."""

    def below(branches: list[Tag]) -> dict[str, Any]:
        return {branch.a.get_text(): below(branch.select(":scope > ul > li")) for branch in branches}

    main = soup(answer).main
    shown = below(main.select(".plan--pages > li"))
    for section in main.select("section"):
        shown[section.h2.get_text()] = below(section.select(".plan > li"))
    return shown


def test_the_plan_follows_the_tree_and_leaves_news_to_their_lists(
    client: Client, news_index: Page, sections: Page
) -> None:
    NewsPageFactory(parent=news_index, title="Fermeture")
    section = SectionPageFactory(parent=sections, title="Sciences")
    NewsIndexPageFactory(parent=section, title="Actualités des sciences")
    StandardPageFactory(parent=section, title="Équipes")

    assert tree(client.get(screen("plan"))) == {
        "Actualités": {},
        "Composantes": {"Sciences": {"Actualités des sciences": {}, "Équipes": {}}},
    }


def test_the_plan_names_nothing_that_is_for_others(client: Client, sign_in: Any, home: Page, staff: Audience) -> None:
    StandardPageFactory(parent=home, title="Aide")
    StandardPageFactory(parent=home, title="Conseil", audiences=[staff], access=Access.RESERVED)

    assert tree(client.get(screen("plan"))) == {"Aide": {}}
    assert tree(sign_in([staff]).get(screen("plan"))) == {"Aide": {}, "Conseil": {}}


def test_what_is_not_translated_stands_at_its_place_in_the_plan_of_another_language(
    client: Client, sections: Page, english_home: Page
) -> None:
    section = SectionPageFactory(parent=sections, title="Sciences")
    StandardPageFactory(parent=section, title="Équipes")
    open_language("es")
    translated = sections.copy_for_translation(Locale.objects.get(language_code="es"))
    translated.title = "Facultades"
    translated.save_revision().publish()

    answer = client.get(screen("plan", "es"))
    assert tree(answer) == {"Facultades": {"Sciences": {"Équipes": {}}}}
    assert [link.get("lang") for link in soup(answer).select("main .band a")] == [None, "fr", "fr"]


def test_ten_pages_cost_as_many_queries_as_one(
    client: Client, home: Page, sections: Page, count_queries: Callable[..., int]
) -> None:
    StandardPageFactory(parent=home)
    client.get(screen("plan"))  # what a process keeps is read once
    one = count_queries(client.get, screen("plan"))
    StandardPageFactory.create_batch(9, parent=home)
    for _ in range(3):
        NewsIndexPageFactory(parent=SectionPageFactory(parent=sections))

    assert count_queries(client.get, screen("plan")) == one


def test_a_plan_too_long_says_so_and_offers_the_search(
    client: Client, home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    StandardPageFactory.create_batch(4, parent=home)
    monkeypatch.setattr(plan, "MOST", 3)

    page = soup(client.get(screen("plan"))).main
    assert len(page.select(".plan a")) < 4
    assert page.select_one('a[href="/recherche/"]')


def test_the_plan_is_shared_by_readers_who_are_shown_the_same(
    sign_in: Any, home: Page, students: Audience, kept_bodies: None, count_queries: Callable[..., int]
) -> None:
    first, second = sign_in([students], first_name="Inès"), sign_in([students], first_name="Louise")

    assert "Inès" in first.get(screen("plan")).content.decode()
    assert count_queries(second.get, screen("plan")) <= 5
    assert "Louise" in second.get(screen("plan")).content.decode()
    assert "Inès" not in second.get(screen("plan")).content.decode()
