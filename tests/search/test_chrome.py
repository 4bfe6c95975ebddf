"""What stands around a page: menu, breadcrumbs, the menu of a section, languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from audience.models import Access
from tests.factories import NewsIndexPageFactory, NewsPageFactory, SectionPageFactory, StandardPageFactory
from tests.reading import links, soup

pytestmark = pytest.mark.django_db


def translate(page: Any, title: str, *, slug: str = "", **more: Any) -> Any:
    translated = page.copy_for_translation(Locale.objects.get(language_code="en"))
    translated.title, translated.slug = title, slug or translated.slug
    for name, value in more.items():
        setattr(translated, name, value)
    translated.save_revision().publish()
    return translated


def alternates(browser: Client, address: str) -> dict[str, str]:
    found = soup(browser.get(address)).select('link[rel="alternate"][hreflang]')
    return {one["hreflang"]: one["href"] for one in found}


def test_the_menu_holds_what_editors_put_in_it_in_their_order(
    client: Client, home: Any, news_index: Any, catalogue: Any
) -> None:
    StandardPageFactory(parent=home, title="Mentions légales", show_in_menus=False)
    StandardPageFactory(parent=catalogue.get_parent(), title="Aide", show_in_menus=True)

    assert list(links(client.get("/"), ".main-menu__list")) == ["Actualités", "Services", "Aide"]


def test_the_menu_says_where_one_is(client: Client, news_index: Any, catalogue: Any) -> None:
    news = NewsPageFactory(parent=news_index)

    def current(address: str) -> dict[str, str]:
        menu = soup(client.get(address)).select(".main-menu__list a[aria-current]")
        return {link.get_text(): link["aria-current"] for link in menu}

    assert current("/") == {}
    assert current(news_index.url) == {"Actualités": "page"}
    assert current(news.url) == {"Actualités": "true"}


def test_the_menu_does_not_name_what_is_reserved_for_others(
    client: Client, sign_in: Any, home: Any, staff: Any
) -> None:
    reserved = {"audiences": [staff], "access": Access.RESERVED}
    StandardPageFactory(parent=home, title="Vie interne", show_in_menus=True, **reserved)

    assert "Vie interne" not in client.get("/").content.decode()
    assert "Vie interne" in links(sign_in([staff]).get("/"), ".main-menu__list")


def test_breadcrumbs_lead_from_home_to_the_page(client: Client, home: Any, sections: Any) -> None:
    section = SectionPageFactory(parent=sections, title="Sciences")
    page = StandardPageFactory(parent=StandardPageFactory(parent=section, title="Équipes"), title="Algèbre")

    crumbs = soup(client.get(page.url)).select(".breadcrumbs li")

    way = [crumb.get_text(strip=True) for crumb in crumbs]
    assert way == ["Accueil", "Composantes", "Sciences", "Équipes", "Algèbre"]
    assert crumbs[0].a["href"] == "/"
    assert crumbs[-1]["aria-current"] == "page"
    assert crumbs[-1].a is None


def test_home_has_no_breadcrumbs(client: Client, home: Any) -> None:
    assert soup(client.get("/")).select(".breadcrumbs") == []


def test_breadcrumbs_stop_before_what_is_not_listed_for_the_reader(
    sign_in: Any, administrator: Client, home: Any, staff: Any
) -> None:
    above = StandardPageFactory(parent=home, title="Vie interne", audiences=[staff], access=Access.RESERVED)
    page = StandardPageFactory(parent=above, title="Congés")

    assert list(links(sign_in([staff]).get(page.url), ".breadcrumbs")) == ["Accueil", "Vie interne"]
    # An editor may open the page, and is in no audience: lists, this one too, stay by audience.
    assert list(links(administrator.get(page.url), ".breadcrumbs")) == ["Accueil"]


def test_the_menu_of_a_section_follows_its_pages(client: Client, sections: Any) -> None:
    section = SectionPageFactory(parent=sections, title="Sciences")
    index = NewsIndexPageFactory(parent=section, title="Actualités des sciences")
    news = NewsPageFactory(parent=index)

    menu = soup(client.get(news.url)).select_one(".section-menu")

    assert menu["aria-label"] == "Sciences"
    assert [link.get_text() for link in menu.select("a")] == ["Sciences", "Actualités des sciences"]
    assert [link.get_text() for link in menu.select("[aria-current]")] == ["Actualités des sciences"]


def test_outside_sections_there_is_no_menu_of_one(client: Client, news_index: Any) -> None:
    assert soup(client.get(news_index.url)).select(".section-menu") == []


def test_each_language_leads_to_the_same_page_in_it(client: Client, home: Any, english_home: Any) -> None:
    page = StandardPageFactory(parent=home, title="Aide", slug="aide")
    translate(page, "Help", slug="help")

    both = {"fr": "http://testserver/aide/", "en": "http://testserver/en/help/"}
    assert alternates(client, "/aide/") == both | {"x-default": "http://testserver/aide/"}
    assert alternates(client, "/en/help/") == alternates(client, "/aide/")
    assert soup(client.get("/aide/")).select_one(".site-header a[hreflang=en]")["href"] == "/en/help/"
    assert soup(client.get("/en/help/")).select_one("link[rel=canonical]")["href"] == "http://testserver/en/help/"


def test_a_page_without_a_translation_offers_the_other_home_and_no_alternate(
    client: Client, home: Any, english_home: Any
) -> None:
    page = StandardPageFactory(parent=home, title="Aide", slug="aide")

    assert alternates(client, page.url) == {"fr": "http://testserver/aide/"}
    assert soup(client.get(page.url)).select_one(".site-header a[hreflang=en]")["href"] == "/en/"


def test_a_translation_that_is_reserved_or_a_draft_is_not_told(
    client: Client, home: Any, english_home: Any, staff: Any
) -> None:
    draft = StandardPageFactory(parent=home, title="Aide", slug="aide")
    draft.copy_for_translation(Locale.objects.get(language_code="en"))
    under = StandardPageFactory(parent=home, title="Salles", slug="salles")
    above = StandardPageFactory(
        parent=english_home, title="Inside", slug="inside", audiences=[staff], access=Access.RESERVED,
        locale=Locale.objects.get(language_code="en"),
    )  # fmt: skip
    translate(under, "Rooms", slug="rooms").move(above, pos="last-child")

    assert list(alternates(client, draft.url)) == ["fr"]
    assert "inside" not in client.get(draft.url).content.decode()


@pytest.mark.parametrize(
    ("address", "there"), [("/recherche/", "/en/search/"), ("/en/search/", "/recherche/"), ("/nulle/", "/en/nulle/")]
)
def test_a_screen_that_is_no_page_leads_to_itself_in_the_other_language(
    client: Client, home: Any, address: str, there: str
) -> None:
    language = "fr" if address.startswith("/en/") else "en"

    assert soup(client.get(address)).select_one(f".site-header a[hreflang={language}]")["href"] == there


def test_a_search_is_kept_in_the_other_language(client: Client, home: Any, english_home: Any) -> None:
    page = soup(client.get("/recherche/?q=inscription&kind=news"))

    assert page.select_one(".site-header a[hreflang=en]")["href"] == "/en/search/?q=inscription&kind=news"


def test_no_language_leads_to_another_site(client: Client, home: Any, english_home: Any) -> None:
    answer = client.get("/", PATH_INFO="//evil.example/")

    found = soup(answer).select_one(".site-header a[hreflang=en]")["href"]
    assert (answer.status_code, found) == (404, english_home.url)
    assert not [link["href"] for link in soup(answer).select("a[href], link[href]") if link["href"].startswith("//")]


def test_each_language_has_its_own_menu(client: Client, home: Any, english_home: Any, news_index: Any) -> None:
    translate(news_index, "News", slug="news")

    assert list(links(client.get("/"), ".main-menu__list")) == ["Actualités"]
    assert list(links(client.get("/en/"), ".main-menu__list")) == ["News"]
    assert soup(client.get("/en/")).html["lang"] == "en"
