"""A demand holds in every language, and each list shows one language of a thing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale, Page

from audience.models import Access, Audience
from content.models import StandardPage
from news.models import NewsPage
from search.models import Entry
from tests.factories import NewsIndexPageFactory, NewsPageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(home: Page) -> Locale:
    return Locale.objects.get(language_code="en")


@pytest.fixture
def english_index(news_index: Page, english_home: Page, english: Locale) -> Any:
    return NewsIndexPageFactory(
        parent=english_home, title="News", slug="news", locale=english, translation_key=news_index.translation_key
    )


def publish(page: Page, **fields: Any) -> Any:
    found = page.specific_class.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(found, name, value)
    found.save_revision().publish()
    return found


def test_reserving_a_page_reserves_its_translation(
    client: Client, home: Page, english: Locale, staff: Audience
) -> None:
    page = StandardPageFactory(parent=home)
    twin = publish(page.copy_for_translation(english))
    assert client.get(twin.url).status_code == 200

    publish(page, access=Access.RESERVED, audiences=[staff])
    assert client.get(twin.url).status_code == 404

    publish(page, access=Access.RECOMMENDED, audiences=[])
    assert client.get(twin.url).status_code == 200


def test_the_draft_of_a_translation_asks_nothing_until_it_is_published(
    client: Client, home: Page, english: Locale, staff: Audience
) -> None:
    page = StandardPageFactory(parent=home)
    draft = StandardPage.objects.get(pk=page.copy_for_translation(english).pk)
    draft.access, draft.audiences = Access.RESERVED, [staff]
    draft.save()
    assert client.get(page.url).status_code == 200

    publish(draft)
    assert client.get(page.url).status_code == 404

    StandardPage.objects.get(pk=draft.pk).delete()
    assert client.get(page.url).status_code == 200


def test_news_stand_in_the_lists_of_both_languages_until_they_are_translated(
    client: Client, news_index: Page, english_index: Page, english: Locale
) -> None:
    page = NewsPageFactory(parent=news_index, title="Fermeture")
    assert "Fermeture" in client.get(english_index.url).content.decode()

    twin = publish(page.copy_for_translation(english), title="Closing")
    listed = client.get(english_index.url).content.decode()
    assert "Closing" in listed
    assert "Fermeture" not in listed

    NewsPage.objects.get(pk=twin.pk).unpublish()
    assert "Fermeture" in client.get(english_index.url).content.decode()


def test_a_list_withdrawn_in_one_language_leaves_its_news_to_the_other(
    news_index: Page, english_index: Page, english: Locale
) -> None:
    page = NewsPageFactory(parent=news_index)
    twin = publish(page.copy_for_translation(english))

    def shown(one: Page) -> str:
        return Entry.objects.of_pages([one.pk]).get().shown_in

    assert (shown(page), shown(twin)) == ("fr es", "en")
    type(news_index).objects.get(pk=english_index.pk).unpublish()
    assert shown(page) == "fr en es"
    publish(english_index)
    assert (shown(page), shown(twin)) == ("fr es", "en")
