"""Any number of languages: who stands in whose lists, what is marked, and how one more is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from wagtail.models import Locale, Page, Site

from audience.models import Access, Audience, Kind
from search.languages import every_language
from search.models import Entry
from tests.editing import open_language
from tests.factories import (
    AudienceFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    ServiceFamilyFactory,
    ServicePageFactory,
    StandardPageFactory,
)
from tests.leaks.answers import faceless
from tests.reading import links, part, soup, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def spanish_home(home: Page, english_home: Page) -> Any:
    return open_language("es")


@pytest.fixture
def spanish(spanish_home: Any) -> Locale:
    return Locale.objects.get(language_code="es")


def publish_in(locale: Locale, page: Page, title: str, **fields: Any) -> Any:
    translated = page.copy_for_translation(locale)
    translated.title = title
    for name, value in fields.items():
        setattr(translated, name, value)
    translated.save_revision().publish()
    return translated.specific_class.objects.get(pk=translated.pk)


def shown_in(page: Page) -> str:
    return Entry.objects.of_pages([page.pk]).get().shown_in


def listed(language: str) -> set[str]:
    return set(Entry.objects.listed_in(language).values_list("title", flat=True))


# Whose lists


def test_a_page_stands_in_the_lists_of_each_language_it_is_not_translated_into(
    home: Page, spanish: Locale, english_home: Page
) -> None:
    page = StandardPageFactory(parent=home, title="Aide")
    assert shown_in(page) == "fr en es"

    publish_in(spanish, page, "Ayuda")
    assert shown_in(page) == "fr en"
    assert "Aide" not in listed("es")
    assert "Ayuda" in listed("es")

    english = publish_in(Locale.objects.get(language_code="en"), page, "Help")
    assert (shown_in(page), shown_in(english)) == ("fr", "en")


def test_the_code_of_a_language_is_not_found_in_another(home: Page) -> None:
    page = StandardPageFactory(parent=home, title="Aide")
    Entry.objects.of_pages([page.pk]).update(shown_in="fr est pt-br")

    assert {code for code in ("fr", "est", "pt-br", "es", "st", "br", "pt") if "Aide" in listed(code)} == {
        "fr", "est", "pt-br",
    }  # fmt: skip
    assert shown_in(page) == "fr est pt-br"


def test_a_new_language_finds_what_was_published_before_it(
    home: Page, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("fr", "Français"), ("en", "English")]
    page = StandardPageFactory(parent=home, title="Aide")
    assert shown_in(page) == "fr en"
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [*settings.LANGUAGES, ("de", "Deutsch")]

    with django_capture_on_commit_callbacks(execute=True):
        Locale.objects.create(language_code="de")

    assert shown_in(page) == every_language() == "fr en de"


# Marks


def test_what_is_in_another_language_is_marked_on_cards_in_results_and_in_menus(
    client: Client, home: Page, news_index: Page, spanish: Locale
) -> None:
    NewsPageFactory(parent=news_index, title="Fermeture du campus", summary="Deux jours.")
    index = publish_in(spanish, news_index, "Noticias")
    StandardPageFactory(parent=home, title="Aide", show_in_menus=True)

    card = soup(client.get(index.url)).select_one("article")
    assert card.select_one("a")["lang"] == card.select_one(".entry-card__summary")["lang"] == "fr"
    result = soup(client.get("/es/buscar/", {"q": "campus"})).select_one(".search-result")
    assert result.select_one("a")["lang"] == result.select_one(".search-result__excerpt")["lang"] == "fr"
    menu = {link.get_text(): link.get("lang") for link in soup(client.get("/es/")).select(".main-menu__list a")}
    assert menu == {"Noticias": None, "Aide": "fr"}


def test_what_is_in_the_language_of_the_page_is_not_marked(client: Client, news_index: Page) -> None:
    NewsPageFactory(parent=news_index, title="Fermeture du campus")

    assert soup(client.get(news_index.url)).select("main [lang]") == []


def test_an_audience_is_marked_with_the_language_of_its_name(client: Client, home: Page, spanish: Locale) -> None:
    audience = AudienceFactory(name="Étudiants", name_en="Students", kind=Kind.STATUS)
    page = StandardPageFactory(parent=home, audiences=[audience])
    translated = publish_in(spanish, page, "Ayuda")

    tag = soup(client.get(translated.url)).select_one(".audience-tag")
    assert (tag.get_text(), tag["lang"]) == ("Étudiants", "fr")
    assert not soup(client.get(page.url)).select_one(".audience-tag").has_attr("lang")


def test_an_alias_in_another_tree_is_marked_with_the_language_of_its_text(
    client: Client, home: Page, spanish: Locale, spanish_home: Page
) -> None:
    page = StandardPageFactory(parent=home, title="Aide", slug="aide")
    page.copy_for_translation(spanish, alias=True)

    answer = soup(client.get("/es/aide/"))
    assert answer.html["lang"] == "es"
    assert answer.main["lang"] == "fr"


# The menu, and lists inside sections


def test_the_menu_has_the_first_languages_pages_that_are_not_translated_after_its_own(
    client: Client, home: Page, news_index: Page, catalogue: Page, spanish: Locale
) -> None:
    publish_in(spanish, catalogue, "Servicios")

    assert list(links(client.get("/es/"), ".main-menu__list")) == ["Servicios", "Actualités"]
    assert list(links(client.get("/"), ".main-menu__list")) == ["Actualités", "Services"]


def test_a_page_that_only_another_language_has_stays_out_of_the_first_menu(
    client: Client, home: Page, spanish_home: Page, spanish: Locale
) -> None:
    StandardPageFactory(parent=spanish_home, title="Erasmus", locale=spanish, show_in_menus=True)

    assert "Erasmus" not in client.get("/").content.decode()
    assert "Erasmus" in links(client.get("/es/"), ".main-menu__list")


def test_a_translated_section_offers_what_it_has_in_the_first_language(
    client: Client, sections: Page, spanish: Locale
) -> None:
    section = SectionPageFactory(parent=sections, title="Sciences")
    index = NewsIndexPageFactory(parent=section, title="Actualités des sciences", show_in_menus=True)
    NewsPageFactory(parent=index, title="Une médaille")
    other = SectionPageFactory(parent=sections, title="Lettres")
    NewsPageFactory(parent=NewsIndexPageFactory(parent=other), title="Un colloque")
    publish_in(spanish, sections, "Facultades")
    translated = publish_in(spanish, section, "Ciencias")

    answer = client.get(translated.url)
    assert part(answer, "news") == ["Une médaille"]
    assert list(links(answer, ".section-menu")) == ["Ciencias", "Actualités des sciences"]
    list_page = publish_in(spanish, index, "Noticias de ciencias")
    assert titles(client.get(list_page.url)) == ["Une médaille"]
    assert titles(client.get(translated.get_parent().url)) == ["Ciencias", "Lettres"]


def test_in_the_first_language_a_section_asks_no_more(
    client: Client, sections: Page, spanish: Locale, count_queries: Callable[..., int]
) -> None:
    section = SectionPageFactory(parent=sections, title="Sciences")
    client.get(section.url)  # what a process keeps is read once
    before = count_queries(client.get, section.url)
    publish_in(spanish, sections, "Facultades")
    publish_in(spanish, section, "Ciencias")

    assert count_queries(client.get, section.url) == before


# Which language an address speaks


def test_a_language_that_nobody_opened_leads_back_to_the_page_in_its_own(client: Client, home: Page) -> None:
    page = StandardPageFactory(parent=home, slug="aide")

    assert client.get("/es/")["Location"] == "/"
    assert client.get("/es/aide/")["Location"] == page.url


def test_a_language_that_nobody_opened_tells_nothing_of_a_reserved_page(
    client: Client, home: Page, staff: Audience
) -> None:
    StandardPageFactory(parent=home, slug="conseil", audiences=[staff], access=Access.RESERVED)

    hidden, absent = (faceless(client.get(f"/es/{slug}/"), slug) for slug in ("conseil", "absente"))
    assert hidden == absent
    assert hidden[0] == 404


def test_only_languages_that_are_open_are_offered(client: Client, home: Page, english_home: Page) -> None:
    assert [link["hreflang"] for link in soup(client.get("/recherche/")).select(".language-menu a")] == ["fr", "en"]

    open_language("es")

    assert [link["hreflang"] for link in soup(client.get("/recherche/")).select(".language-menu a")] == [
        "fr", "en", "es",
    ]  # fmt: skip


def test_the_language_menu_says_when_it_leads_to_home_only(client: Client, home: Page, spanish_home: Page) -> None:
    page = StandardPageFactory(parent=home)
    offered = {link["hreflang"]: link for link in soup(client.get(page.url)).select(".language-menu a")}

    assert offered["es"]["href"] == "/es/"
    assert offered["es"].select_one("[lang]")["lang"] == "es"
    assert offered["es"].select_one(".language-menu__note")
    assert offered["fr"]["aria-current"] == "true"
    assert not offered["fr"].select_one(".language-menu__note")


def test_others_are_sent_to_the_first_language(client: Client, home: Page, spanish: Locale) -> None:
    page = StandardPageFactory(parent=home, slug="aide")
    translated = publish_in(spanish, page, "Ayuda", slug="ayuda")

    def default(url: str) -> list[str]:
        return [link["href"] for link in soup(client.get(url)).select('link[hreflang="x-default"]')]

    assert default(page.url) == default(translated.url) == ["http://testserver/aide/"]
    assert default(StandardPageFactory(parent=home).url) == []


def test_another_process_that_knows_no_home_of_a_language_still_gives_its_pages_an_address(
    home: Page, english_home: Page, kept_bodies: None
) -> None:
    Site.get_site_root_paths()  # kept for an hour by each process
    kept = cache.get("wagtail_site_root_paths", version=2)
    spanish_home = open_language("es")
    cache.set("wagtail_site_root_paths", kept, version=2)

    page = StandardPageFactory(parent=spanish_home, slug="ayuda", locale=spanish_home.locale)

    assert Entry.objects.of_pages([page.pk]).get().url == "/es/ayuda/"


# Order


def test_titles_are_sorted_as_readers_expect(client: Client, catalogue: Page) -> None:
    for title in ("Zoom", "École ouverte", "Emploi du temps", "Œuvres", "eduroam", "L10", "L2"):
        ServicePageFactory(parent=catalogue, title=title)

    assert titles(client.get(catalogue.url)) == [
        "École ouverte", "eduroam", "Emploi du temps", "L2", "L10", "Œuvres", "Zoom",
    ]  # fmt: skip


def test_a_title_that_changes_changes_its_place(client: Client, catalogue: Page) -> None:
    service = ServicePageFactory(parent=catalogue, title="Zoom")
    ServicePageFactory(parent=catalogue, title="Mél")
    service.title = "Accès"
    service.save_revision().publish()

    assert titles(client.get(catalogue.url)) == ["Accès", "Mél"]


def test_a_family_has_one_heading_whatever_the_languages_of_its_services(
    client: Client, catalogue: Page, spanish: Locale
) -> None:
    family = ServiceFamilyFactory(name="Documentation", locale=Locale.objects.get(language_code="fr"))
    ServicePageFactory(parent=catalogue, title="Catalogue", family=family)
    untold = ServiceFamilyFactory(name="Recherche", locale=Locale.objects.get(language_code="fr"), order=2)
    ServicePageFactory(parent=catalogue, title="HAL", family=untold)
    translated = family.copy_for_translation(spanish)
    translated.name = "Documentación"
    translated.save()
    page = ServicePageFactory(parent=catalogue, title="Archives", family=family)
    index = publish_in(spanish, catalogue, "Servicios")
    publish_in(spanish, page, "Archivos")

    headings = soup(client.get(index.url)).select("main h2")
    assert [heading.get_text(strip=True) for heading in headings] == ["Documentación", "Recherche"]
    assert [heading.get("lang") for heading in headings] == [None, "fr"]


# Dates and words


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "14 mars 2031"), ("en", "14 March 2031"), ("es", "14 de marzo de 2031")]
)
def test_a_day_is_said_as_its_language_says_days(language: str, said: str) -> None:
    with translation.override(language):
        text = render_to_string("components/day.html", {"at": date(2031, 3, 14)})
    assert said in text


def test_a_search_in_spanish_leaves_out_the_small_words_of_spanish(
    client: Client, home: Page, spanish_home: Page, spanish: Locale
) -> None:
    StandardPageFactory(parent=spanish_home, title="Catálogo de la biblioteca", locale=spanish)
    StandardPageFactory(parent=spanish_home, title="Deporte para todos", locale=spanish)

    found = soup(client.get("/es/buscar/", {"q": "el catálogo de las bibliotecas"})).select(".search-result__title")
    assert [title.get_text(strip=True) for title in found] == ["Catálogo de la biblioteca"]
