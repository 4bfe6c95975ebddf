"""What a news offers to read next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audience.models import Access, Audience
from content.models import Topic
from tests.factories import (
    NewsCategoryFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    UnitFactory,
)
from tests.reading import part

pytestmark = pytest.mark.django_db


def news(index: Any, title: str, *, age: int = 0, topics: Any = (), **more: Any) -> Any:
    day = timezone.localdate() - timedelta(days=age)
    page = NewsPageFactory(parent=index, title=title, published_on=day, **more)
    page.topics = list(topics)
    page.save()
    return page


def test_a_topic_or_the_category_in_common_comes_first_then_the_unit_then_the_list(
    client: Client, news_index: Any, sections: Any
) -> None:
    elsewhere = NewsIndexPageFactory(parent=SectionPageFactory(parent=sections))
    grants, unit, category = Topic.objects.create(slug="bourses", name="Bourses"), UnitFactory(), NewsCategoryFactory()
    news(news_index, "Sans rapport", age=1)
    news(news_index, "Du même service", age=2, unit=unit)
    news(elsewhere, "Du même thème", age=3, topics=[grants])
    news(news_index, "De la même catégorie", age=4, category=category)
    read = news(news_index, "Lue", topics=[grants], unit=unit, category=category)

    first = {*part(client.get(read.url), "related")[:2]}

    assert first == {"Du même thème", "De la même catégorie"}
    assert part(client.get(read.url), "related")[2] == "Du même service"


def test_what_is_left_is_filled_from_its_own_list_and_not_from_another(
    client: Client, news_index: Any, sections: Any
) -> None:
    own = NewsIndexPageFactory(parent=SectionPageFactory(parent=sections))
    news(news_index, "Du portail")
    news(own, "Voisine", age=9)

    assert part(client.get(news(own, "Lue").url), "related") == ["Voisine"]


def test_what_is_reserved_for_others_or_recommended_to_them_is_not_offered(
    client: Client, sign_in: Any, news_index: Any, students: Audience, staff: Audience
) -> None:
    topic = Topic.objects.create(slug="bourses", name="Bourses")
    news(news_index, "Réservée", topics=[topic], audiences=[staff], access=Access.RESERVED)
    news(news_index, "Recommandée", topics=[topic], audiences=[staff])
    news(news_index, "Pour tous", age=5)
    read = news(news_index, "Lue", topics=[topic])

    assert part(client.get(read.url), "related") == ["Pour tous"]
    assert part(sign_in([students]).get(read.url), "related") == ["Pour tous"]
    assert {*part(sign_in([staff]).get(read.url), "related")} == {"Réservée", "Recommandée", "Pour tous"}


def test_a_translation_of_the_news_is_not_offered_beside_it(client: Client, news_index: Any, english_home: Any) -> None:
    read = news(news_index, "Lue")
    news(news_index, "Autre")
    twin = read.copy_for_translation(english_home.locale, copy_parents=True)
    twin.title = "Read"
    twin.save_revision().publish()

    assert part(client.get(read.url), "related") == ["Autre"]


def test_related_news_cost_the_same_whatever_their_number(client: Client, news_index: Any, count_queries: Any) -> None:
    read = news(news_index, "Lue", unit=UnitFactory())
    news(news_index, "Une")
    client.get(read.url)
    one = count_queries(client.get, read.url)
    for number in range(9):
        news(news_index, f"{number}", unit=UnitFactory())
    client.get(read.url)

    assert count_queries(client.get, read.url) == one
