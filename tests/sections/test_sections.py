"""Sections: a department's home, and the list of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audience.models import Access
from tests.factories import (
    AgendaPageFactory,
    CataloguePageFactory,
    EventPageFactory,
    GuidanceIndexPageFactory,
    GuidancePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    ServicePageFactory,
    StandardPageFactory,
)
from tests.reading import links, part, soup, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def sciences(sections: Any) -> Any:
    return SectionPageFactory(parent=sections, title="Sciences", slug="sciences", contact="secretariat@valmont.example")


def fill(section: Any, mark: str, **more: Any) -> None:
    NewsPageFactory(parent=NewsIndexPageFactory(parent=section), title=f"Nouvelle {mark}", **more)
    EventPageFactory(parent=AgendaPageFactory(parent=section), title=f"Rendez-vous {mark}", **more)
    ServicePageFactory(parent=CataloguePageFactory(parent=section), title=f"Outil {mark}", **more)
    GuidancePageFactory(parent=GuidanceIndexPageFactory(parent=section), title=f"Fiche {mark}", **more)


def test_a_section_shows_what_stands_below_it_and_nothing_else(client: Client, sections: Any, sciences: Any) -> None:
    fill(sciences, "des sciences")
    fill(SectionPageFactory(parent=sections, title="Lettres"), "des lettres")

    page = client.get(sciences.url)

    assert part(page, "news") == ["Nouvelle des sciences"]
    assert part(page, "events") == ["Rendez-vous des sciences"]
    assert part(page, "services") == ["Outil des sciences"]
    assert part(page, "guides") == ["Fiche des sciences"]
    assert "des lettres" not in page.content.decode()
    assert "secretariat@valmont.example" in page.content.decode()


def test_what_is_reserved_in_a_section_is_for_its_readers(
    client: Client, sign_in: Any, sciences: Any, staff: Any
) -> None:
    fill(sciences, "interne", audiences=[staff], access=Access.RESERVED)

    assert "interne" not in client.get(sciences.url).content.decode()
    assert part(sign_in([staff]).get(sciences.url), "news") == ["Nouvelle interne"]


def test_an_empty_section_is_a_page_all_the_same(client: Client, sciences: Any) -> None:
    page = client.get(sciences.url)

    assert soup(page).h1.get_text() == "Sciences"
    assert titles(page) == []


def test_a_section_leads_to_its_own_lists(client: Client, sciences: Any) -> None:
    index = NewsIndexPageFactory(parent=sciences, title="Nos actualités")
    NewsPageFactory(parent=index)
    StandardPageFactory(parent=sciences, title="Nos équipes", show_in_menus=True)
    StandardPageFactory(parent=sciences, title="Mentions", show_in_menus=False)

    page = client.get(sciences.url)

    assert list(links(page, ".section-menu")) == ["Sciences", "Nos actualités", "Nos équipes"]
    assert index.url in links(page, 'main section[aria-labelledby="news"] .section-head').values()


def test_sections_are_listed_by_name_for_who_may_see_them(
    client: Client, sign_in: Any, sections: Any, sciences: Any, staff: Any
) -> None:
    SectionPageFactory(parent=sections, title="Lettres")
    SectionPageFactory(parent=sections, title="Cabinet", audiences=[staff], access=Access.RESERVED)

    assert titles(client.get(sections.url)) == ["Lettres", "Sciences"]
    assert titles(sign_in([staff]).get(sections.url)) == ["Cabinet", "Lettres", "Sciences"]


def test_a_section_costs_the_same_with_one_thing_and_with_ten(
    client: Client, sciences: Any, count_queries: Any
) -> None:
    fill(sciences, "première")
    client.get(sciences.url)
    one = count_queries(client.get, sciences.url)
    for number in range(9):
        fill(sciences, f"{number}")
    client.get(sciences.url)

    assert count_queries(client.get, sciences.url) == one
