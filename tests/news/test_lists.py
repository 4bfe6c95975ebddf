"""Categories, years and pins of a list of news: parts of it, each as the reader may see it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from audience.models import Access, Audience
from content.entry import Kind
from news.models import NewsCategory
from search.models import Entry
from tests.factories import (
    AnnouncementPageFactory,
    NewsCategoryFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
)
from tests.leaks.answers import faceless
from tests.reading import links, part, soup, titles

pytestmark = pytest.mark.django_db

CHIPS, YEARS = ".chip-row", ".year-links"


@pytest.fixture
def campus() -> NewsCategory:
    return NewsCategoryFactory(name="Vie des campus", name_en="Campus life")


@pytest.fixture
def section_index(sections: Any) -> Any:
    return NewsIndexPageFactory(parent=SectionPageFactory(parent=sections, title="Sciences"), title="Actualités")


def soon() -> Any:
    return timezone.now() + timedelta(hours=1)


# Categories


def test_a_category_is_named_in_the_readers_language_on_the_card_and_on_the_page(
    client: Client, news_index: Any, english_home: Any, campus: NewsCategory
) -> None:
    news = NewsPageFactory(parent=news_index, title="Marché", category=campus)
    english_index = news_index.copy_for_translation(english_home.locale)
    english_index.save_revision().publish()

    assert "Vie des campus" in soup(client.get(news_index.url)).select_one("article").get_text()
    assert soup(client.get(news.url)).select_one("article .kind-label").get_text(strip=True) == "Vie des campus"
    assert "Campus life" in soup(client.get(english_index.get_url())).select_one("article").get_text()
    with translation.override("en"):
        assert str(campus) == "Campus life"


def test_a_category_renamed_shows_its_new_name_at_once(
    kept_bodies: None, client: Client, news_index: Any, campus: NewsCategory
) -> None:
    NewsPageFactory(parent=news_index, category=campus)
    client.get(news_index.url)

    campus.name = "Campus"
    campus.save()

    card = soup(client.get(news_index.url)).select_one("article").get_text()
    assert "Campus" in card
    assert "Vie des campus" not in card


def test_a_category_deleted_is_gone_from_its_news_and_from_their_list(
    kept_bodies: None, client: Client, news_index: Any, campus: NewsCategory
) -> None:
    news = NewsPageFactory(parent=news_index, title="Marché", category=campus)
    client.get(news_index.url)

    campus.delete()

    page = client.get(news_index.url)
    assert titles(page) == ["Marché"]
    assert "Vie des campus" not in page.content.decode()
    assert Entry.objects.of_page(news).get().category is None


def test_a_list_shows_one_category_when_asked(client: Client, news_index: Any, campus: NewsCategory) -> None:
    NewsPageFactory(parent=news_index, title="Marché", category=campus)
    NewsPageFactory(parent=news_index, title="Bourses")

    page = client.get(news_index.url, {"category": campus.slug})

    assert titles(page) == ["Marché"]
    assert soup(page).select_one(f'{CHIPS} [aria-current="true"]').get_text() == "Vie des campus"
    assert "Vie des campus" in soup(page).title.get_text()


@pytest.mark.parametrize("asked", ["nulle-part", "-", "1", "' OR 1=1 --", "x" * 5000, "\x00"])
def test_a_category_that_is_not_there_holds_nothing(client: Client, news_index: Any, asked: str) -> None:
    NewsPageFactory(parent=news_index, title="Bourses")

    page = client.get(news_index.url, {"category": asked})

    assert page.status_code == 200
    assert titles(page) == []


def test_a_category_with_nothing_for_the_reader_is_as_one_that_is_not_there(
    client: Client, news_index: Any, staff: Audience
) -> None:
    secret = NewsCategoryFactory(name="Restructuration", slug="restructuration")
    NewsPageFactory(parent=news_index, title="Conseil", category=secret, audiences=[staff], access=Access.RESERVED)
    NewsPageFactory(parent=news_index, title="Bourses")

    for part_of_list in ("", "rss/", "atom/"):
        hidden, absent = (
            client.get(f"{news_index.url}{part_of_list}", {"category": asked}).content.decode().replace(asked, "…")
            for asked in ("restructuration", "nulle-part")
        )
        assert hidden == absent
        assert "Restructuration" not in hidden


def test_the_feed_of_announcements_is_empty_when_there_are_none(client: Client, news_index: Any) -> None:
    NewsPageFactory(parent=news_index, title="Bourses")

    assert "Bourses" not in client.get(f"{news_index.url}rss/", {"category": "announcements"}).content.decode()


def test_a_list_offers_the_categories_that_hold_something_for_the_reader(
    client: Client, sign_in: Any, news_index: Any, campus: NewsCategory, staff: Audience
) -> None:
    internal, empty = NewsCategoryFactory(name="Ressources humaines"), NewsCategoryFactory(name="Vide")
    NewsPageFactory(parent=news_index, category=campus)
    NewsPageFactory(parent=news_index, category=internal, audiences=[staff], access=Access.RESERVED)

    assert list(links(client.get(news_index.url), CHIPS))[1:] == ["Vie des campus"]
    assert list(links(sign_in([staff]).get(news_index.url), CHIPS))[1:] == ["Ressources humaines", "Vie des campus"]
    assert str(empty) not in sign_in([staff]).get(news_index.url).content.decode()


def test_a_filtered_list_goes_on_over_pages_in_its_category(
    client: Client, news_index: Any, campus: NewsCategory
) -> None:
    NewsPageFactory.create_batch(14, parent=news_index, category=campus)
    NewsPageFactory(parent=news_index, title="Autre")

    first = client.get(news_index.url, {"category": campus.slug})
    onward = soup(first).select_one('a[rel="next"]')["href"]
    second = client.get(news_index.url + onward)

    assert len({*titles(first), *titles(second)}) == 14
    assert "Autre" not in titles(second)


def test_only_categories_that_exist_make_bodies_of_their_own(
    kept_bodies: None, client: Client, news_index: Any, campus: NewsCategory
) -> None:
    NewsPageFactory(parent=news_index, category=campus)
    for asked in ("", "a", "b", "c", campus.slug):
        client.get(news_index.url, {"category": asked})

    assert len([key for key in cache._cache if ":body:" in key]) == 3  # all, one, and whatever does not exist


def test_the_address_of_a_category_is_made_of_its_name_and_never_taken_twice() -> None:
    first, second = NewsCategoryFactory(name="Vie étudiante"), NewsCategoryFactory(name="Vie étudiante !")

    assert (first.slug, second.slug) == ("vie-etudiante", "vie-etudiante-2")
    with pytest.raises(ValidationError):
        NewsCategory(name="Annonces", slug="announcements").full_clean()


# Years


def test_the_archive_of_a_year_holds_that_year_alone(client: Client, news_index: Any) -> None:
    for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)):
        NewsPageFactory(parent=news_index, title=f"Du {day}", published_on=day)

    page = client.get(f"{news_index.url}2024/")

    assert titles(page) == ["Du 2024-12-31", "Du 2024-01-01"]
    assert list(links(page, YEARS)) == ["2025", "2024", "2023", "Les plus récentes"]
    assert soup(page).select_one(f'{YEARS} [aria-current="page"]').get_text() == "2024"
    assert soup(page).select_one('link[rel="canonical"]') is None


def test_a_year_with_nothing_for_the_reader_is_neither_offered_nor_there(
    client: Client, sign_in: Any, news_index: Any, staff: Audience
) -> None:
    NewsPageFactory(parent=news_index, published_on=date(2025, 3, 1))
    secret = {"audiences": [staff], "access": Access.RESERVED}
    NewsPageFactory(parent=news_index, title="Conseil", published_on=date(2021, 3, 1), **secret)
    member = sign_in([staff])

    assert "2021" not in links(client.get(news_index.url), YEARS)
    assert links(member.get(news_index.url), YEARS)["2021"] == f"{news_index.url}2021/"
    assert titles(member.get(f"{news_index.url}2021/")) == ["Conseil"]
    hidden, nothing = (faceless(client.get(url), url) for url in (f"{news_index.url}{year}/" for year in (2021, 2020)))
    assert hidden == nothing
    assert hidden[0] == 404
    assert client.get(f"{news_index.url}2021/rss/").status_code == 404


@pytest.mark.parametrize("year", ["0000", "9999", "202", "20245", "２０２４", "2024x"])
def test_what_is_no_year_is_not_there(client: Client, news_index: Any, year: str) -> None:
    NewsPageFactory(parent=news_index)

    assert client.get(f"{news_index.url}{year}/").status_code == 404


def test_a_section_has_its_own_archive(client: Client, news_index: Any, section_index: Any) -> None:
    NewsPageFactory(parent=section_index, title="Soutenance", published_on=date(2024, 5, 1))
    NewsPageFactory(parent=news_index, title="Concert", published_on=date(2024, 5, 2))

    assert titles(client.get(f"{section_index.get_url()}2024/")) == ["Soutenance"]
    assert titles(client.get(f"{news_index.url}2024/")) == ["Concert", "Soutenance"]


def test_an_archive_can_be_read_by_category(client: Client, news_index: Any, campus: NewsCategory) -> None:
    NewsPageFactory(parent=news_index, title="Marché", category=campus, published_on=date(2024, 5, 1))
    NewsPageFactory(parent=news_index, title="Bourses", published_on=date(2024, 5, 2))
    NewsPageFactory(parent=news_index, title="Récente", category=campus)

    page = client.get(f"{news_index.url}2024/", {"category": campus.slug})

    assert titles(page) == ["Marché"]
    assert all(f"?category={campus.slug}" in url for url in links(page, YEARS).values())


@pytest.mark.parametrize("slug", ["2024", "rss", "atom"])
def test_no_news_takes_the_address_of_a_year_or_of_a_feed(news_index: Any, slug: str) -> None:
    news = NewsPageFactory(parent=news_index)
    news.slug = slug

    with pytest.raises(ValidationError, match=r"adresse|address"):
        news.full_clean()


def test_a_list_with_ten_years_and_categories_costs_what_one_with_one_does(
    client: Client, news_index: Any, count_queries: Any
) -> None:
    def fill(number: int) -> int:
        for each in range(number):
            category = NewsCategoryFactory()
            NewsPageFactory(parent=news_index, category=category, published_on=date(2025 - each, 6, 1))
        client.get(news_index.url)
        return int(count_queries(client.get, news_index.url))

    assert fill(1) == fill(10)


# Pins


def test_a_pin_of_a_section_holds_in_the_section_alone(client: Client, news_index: Any, section_index: Any) -> None:
    NewsPageFactory(parent=section_index, title="Épinglée", published_on=date(2024, 5, 1), pinned_until=soon())
    NewsPageFactory(parent=section_index, title="Récente")

    assert titles(client.get(section_index.get_url())) == ["Épinglée", "Récente"]
    assert part(client.get(section_index.get_parent().url), "news") == ["Épinglée", "Récente"]
    assert titles(client.get(news_index.url)) == ["Récente", "Épinglée"]
    assert part(client.get(news_index.url), "pinned") == []


def test_what_the_portals_own_list_pins_is_on_top_there(client: Client, news_index: Any, section_index: Any) -> None:
    NewsPageFactory(parent=news_index, title="Épinglée", published_on=date(2024, 5, 1), pinned_until=soon())
    NewsPageFactory(parent=section_index, title="Récente", pinned_until=soon())

    assert part(client.get(news_index.url), "pinned") == ["Épinglée"]


def test_an_archive_pins_nothing(client: Client, news_index: Any) -> None:
    NewsPageFactory(parent=news_index, title="Épinglée", published_on=date(2024, 5, 1), pinned_until=soon())
    NewsPageFactory(parent=news_index, title="Autre", published_on=date(2024, 6, 1))

    assert titles(client.get(f"{news_index.url}2024/")) == ["Autre", "Épinglée"]


# Announcements among them


def test_announcements_stand_beside_the_first_page_and_can_be_listed_alone(client: Client, news_index: Any) -> None:
    AnnouncementPageFactory(parent=news_index, title="Salle changée")
    NewsPageFactory.create_batch(13, parent=news_index)

    first, second = client.get(news_index.url), client.get(news_index.url, {"page": "2"})
    alone = client.get(news_index.url, {"category": "announcements"})

    assert part(first, "announcements") == ["Salle changée"]
    assert "Salle changée" not in titles(second)
    assert titles(alone) == ["Salle changée"]
    assert "?category=announcements" in links(first, CHIPS).values()


def test_the_main_list_has_the_announcements_of_sections(client: Client, news_index: Any, section_index: Any) -> None:
    AnnouncementPageFactory(parent=section_index, title="Salle changée")
    year = timezone.localdate().year

    for address in (news_index.url, section_index.get_url(), f"{news_index.url}{year}/"):
        assert part(client.get(address), "announcements") == ["Salle changée"], address


# Pictures


@pytest.mark.parametrize("pinned", [0, 1], ids=["none pinned", "one pinned"])
def test_a_long_list_shows_a_few_pictures_and_not_one_for_each(client: Client, news_index: Any, pinned: int) -> None:
    for number in range(8):
        NewsPageFactory(parent=news_index, pinned_until=soon() if number < pinned else None)
    Entry.objects.of_kind(Kind.NEWS).update(image="/media/images/pictured.webp")

    page = soup(client.get(news_index.url))

    assert len(page.select("main article")) == 8
    assert len(page.select("main img")) == (1 if pinned else 3)
