"""The list of news and the news themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audience.models import Access
from news.models import NewsCategory
from search.models import Entry
from tests.factories import NewsIndexPageFactory, NewsPageFactory, SectionPageFactory, UnitFactory
from tests.reading import soup, titles

pytestmark = pytest.mark.django_db


def publish(index: Any, *names: str, **more: Any) -> None:
    """Publish news a minute apart, the first named being the newest."""
    now = timezone.now()
    for age, name in enumerate(names):
        at = now - timedelta(minutes=age)
        NewsPageFactory(parent=index, title=name, first_published_at=at, published_on=timezone.localdate(at), **more)


def test_the_newest_comes_first(client: Client, news_index: Any) -> None:
    publish(news_index, "Bourses", "Concert", "Travaux")

    assert titles(client.get(news_index.url)) == ["Bourses", "Concert", "Travaux"]


def test_news_dated_by_its_editor_stands_at_that_date(client: Client, news_index: Any) -> None:
    NewsPageFactory(parent=news_index, title="Rappel", published_on=timezone.localdate() - timedelta(days=30))
    NewsPageFactory(parent=news_index, title="Hier", published_on=timezone.localdate() - timedelta(days=1))

    assert titles(client.get(news_index.url)) == ["Hier", "Rappel"]


def test_what_is_pinned_stays_on_top_until_then(client: Client, news_index: Any) -> None:
    publish(news_index, "Concert")
    old = timezone.localdate() - timedelta(days=60)
    soon = timezone.now() + timedelta(hours=1)
    NewsPageFactory(parent=news_index, title="Inscriptions", published_on=old, pinned_until=soon)
    NewsPageFactory(parent=news_index, title="Vacances", published_on=old, pinned_until=timezone.now())

    assert titles(client.get(news_index.url)) == ["Inscriptions", "Concert", "Vacances"]


def test_a_list_goes_on_over_pages_each_news_once(client: Client, news_index: Any) -> None:
    names = [f"Nouvelle {number:02}" for number in range(14)]
    publish(news_index, *names)

    first, second = client.get(news_index.url), client.get(news_index.url, {"page": "2"})

    assert titles(first) + titles(second) == names
    assert soup(first).select_one('a[rel="next"]')["href"] == "?page=2"
    assert soup(second).select_one('a[rel="prev"]')["href"] == "?page=1"
    assert soup(second).select_one('a[rel="next"]') is None


@pytest.mark.parametrize("number", ["0", "-3", "x", "", "999", "1e9", "２", "9" * 400, "\x00"])
def test_a_page_that_is_not_there_is_the_first(client: Client, news_index: Any, number: str) -> None:
    publish(news_index, "Bourses", "Concert")
    soon = timezone.now() + timedelta(hours=1)
    NewsPageFactory(parent=news_index, title="Inscriptions", published_on=date(2020, 1, 1), pinned_until=soon)

    assert titles(client.get(news_index.url, {"page": number})) == ["Inscriptions", "Bourses", "Concert"]


def test_a_list_without_news_says_so(client: Client, news_index: Any) -> None:
    page = client.get(news_index.url)

    assert "Pas d’actualité" in page.content.decode()


def test_a_card_says_who_and_when(client: Client, news_index: Any) -> None:
    unit = UnitFactory(name="Faculté des sciences")
    NewsPageFactory(parent=news_index, title="Éclipse", unit=unit, published_on=date(2024, 4, 1))

    card = soup(client.get(news_index.url)).select_one("article").get_text(" ", strip=True)

    assert "Faculté des sciences" in card
    assert "1er avril 2024" in card


def test_the_main_list_has_the_news_of_sections_a_section_only_its_own(
    client: Client, news_index: Any, sections: Any
) -> None:
    section = SectionPageFactory(parent=sections, title="Sciences")
    own = NewsIndexPageFactory(parent=section, title="Actualités des sciences")
    publish(own, "Soutenance")
    publish(news_index, "Bourses")

    assert sorted(titles(client.get(news_index.url))) == ["Bourses", "Soutenance"]
    assert titles(client.get(own.get_url())) == ["Soutenance"]


def test_a_reader_is_listed_what_is_reserved_for_them(sign_in: Any, news_index: Any, staff: Any, students: Any) -> None:
    NewsPageFactory(parent=news_index, title="Conseil social", audiences=[staff], access=Access.RESERVED)
    NewsPageFactory(parent=news_index, title="Bourses", audiences=[students], access=Access.RECOMMENDED)

    assert titles(sign_in([students]).get(news_index.url)) == ["Bourses"]
    assert sorted(titles(sign_in([staff]).get(news_index.url))) == ["Bourses", "Conseil social"]


def test_ten_news_cost_no_more_queries_than_one(client: Client, news_index: Any, count_queries: Any) -> None:
    NewsPageFactory(parent=news_index, unit=UnitFactory())
    client.get(news_index.url)
    one = count_queries(client.get, news_index.url)
    for _number in range(9):
        NewsPageFactory(parent=news_index, unit=UnitFactory())
    client.get(news_index.url)

    assert count_queries(client.get, news_index.url) == one


def test_a_news_page_shows_what_its_editor_wrote(client: Client, news_index: Any) -> None:
    category = NewsCategory.objects.create(name="Vie des campus")
    news = NewsPageFactory(
        parent=news_index,
        title="Le <marché> d’automne",
        summary="Sous les platanes.",
        category=category,
        unit=UnitFactory(name="Service culturel"),
        contact="culture@valmont.example",
        body=[
            ("heading", {"text": "Où ?"}),
            ("text", "<p>Place <b>centrale</b>.</p>"),
            ("quote", {"text": "Venez !", "source": "La directrice"}),
        ],
    )

    page = client.get(news.url)
    text = soup(page).main.get_text(" ", strip=True)

    assert soup(page).h1.get_text() == "Le <marché> d’automne"
    for words in ("Sous les platanes.", "Vie des campus", "Service culturel", "culture@valmont.example", "Venez !"):
        assert words in text
    assert "<p>Place <b>centrale</b>.</p>" in page.content.decode()


def test_a_news_page_offers_others_of_its_list_its_unit_first(client: Client, news_index: Any) -> None:
    unit = UnitFactory()
    publish(news_index, "Concert", "Travaux", "Bourses")
    publish(news_index, "Du même service", unit=unit)
    news = NewsPageFactory(parent=news_index, title="Lue", unit=unit)

    related = titles(client.get(news.url), 'section[aria-labelledby="related"]')

    assert related[0] == "Du même service"
    assert len(related) == 3
    assert "Lue" not in related


def test_what_is_reserved_is_not_offered_beside_a_page(client: Client, news_index: Any, staff: Any) -> None:
    NewsPageFactory(parent=news_index, title="Conseil social", audiences=[staff], access=Access.RESERVED)
    news = NewsPageFactory(parent=news_index, title="Lue")

    assert "Conseil social" not in client.get(news.url).content.decode()


def test_news_published_today_keeps_the_hour_it_was_published(news_index: Any) -> None:
    now = timezone.now()
    news = NewsPageFactory(parent=news_index, first_published_at=now)

    assert Entry.objects.of_page(news).get().published_at == now
