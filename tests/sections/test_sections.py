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


def test_a_section_says_where_its_welcome_desk_is_and_when_it_is_open(client: Client, sections: Any) -> None:
    section = SectionPageFactory(
        parent=sections,
        desk_name="Accueil de l’UFR",
        desk_place="Bâtiment A",
        desk_hours="De 8 h à 18 h",
        desk_phone="03 00 00 12 10",
        desk_email="accueil@valmont.example",
    )

    card = soup(client.get(section.url)).select_one(".contact-card")

    assert card.h2.get_text() == "Accueil de l’UFR"
    assert [line.get_text(strip=True) for line in card.select(".contact-card__line")] == [
        "Bâtiment A",
        "De 8 h à 18 h",
        "03 00 00 12 10",
        "accueil@valmont.example",
    ]
    assert card.a["href"] == "mailto:accueil@valmont.example"


def test_quick_links_lead_only_where_the_reader_may_go(
    client: Client, sign_in: Any, sections: Any, staff: Any, count_queries: Any
) -> None:
    section = SectionPageFactory(parent=sections)
    pages = [
        StandardPageFactory(parent=section, title="Calendrier"),
        StandardPageFactory(parent=section, title="Budget", audiences=[staff], access=Access.RESERVED),
    ]
    section.quick_links = [
        ("pages", pages),
        ("address", {"label": "Emploi du temps", "url": "https://edt.valmont.example/"}),
    ]
    section.save()

    assert links(client.get(section.url), ".quick-links") == {
        "Calendrier": pages[0].get_url(),
        "Emploi du temps": "https://edt.valmont.example/",
    }
    assert "Budget" not in client.get(section.url).content.decode()
    assert "Budget" in links(sign_in([staff]).get(section.url), ".quick-links")


def test_quick_links_of_which_none_is_for_the_reader_leave_no_heading(
    client: Client, sections: Any, staff: Any
) -> None:
    section = SectionPageFactory(parent=sections)
    hidden = StandardPageFactory(parent=section, title="Budget", audiences=[staff], access=Access.RESERVED)
    section.quick_links = [("pages", [hidden])]
    section.save()

    assert soup(client.get(section.url)).select_one("#quick") is None


def test_a_section_tells_browsers_of_the_feed_of_its_news(client: Client, sciences: Any) -> None:
    index = NewsIndexPageFactory(parent=sciences, title="Nos actualités")

    found = {link["href"] for link in soup(client.get(sciences.url)).select('link[rel="alternate"][type]')}

    assert found == {f"{index.url}rss/", f"{index.url}atom/"}
