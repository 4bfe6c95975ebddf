"""Doors: pages for each sort of reader, which show no more than what is open to whoever comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page

from audience.models import Access, Audience, Kind
from services.retirement import retire
from tests.factories import (
    AudienceFactory,
    DoorPageFactory,
    EventPageFactory,
    GuidancePageFactory,
    NewsPageFactory,
    ServicePageFactory,
)
from tests.reading import links, part, soup

pytestmark = pytest.mark.django_db


def chosen(*pages: Page) -> str:
    return json.dumps([{"type": "page", "value": page.pk} for page in pages])


def test_the_public_home_has_a_door_for_each_sort_of_reader(client: Client, sign_in: Any, home: Page) -> None:
    for title in ("Étudier", "Enseigner", "Garder le lien"):
        DoorPageFactory(parent=home, title=title, summary=f"Pour {title.lower()}")

    page = client.get("/")

    assert list(links(page, ".doors")) == ["Étudier", "Enseigner", "Garder le lien"]
    assert "Pour étudier" in soup(page).select_one(".doors").get_text()
    assert soup(sign_in().get("/")).select_one(".doors") is None


def test_a_door_reserved_for_others_is_not_there(client: Client, sign_in: Any, home: Page, staff: Audience) -> None:
    door = DoorPageFactory(parent=home, title="Travailler", audiences=[staff], access=Access.RESERVED)

    assert links(client.get("/"), ".doors") == {}
    assert client.get(door.url).status_code == 404
    assert sign_in([staff]).get(door.url).status_code == 200


def test_a_door_shows_what_was_chosen_in_its_order_and_what_concerns_its_audiences(
    client: Client, home: Page, catalogue: Page, guidance_index: Page, news_index: Page, agenda: Page,
    students: Audience, staff: Audience,
) -> None:  # fmt: skip
    services = [ServicePageFactory(parent=catalogue, title=title) for title in ("Cours", "Notes")]
    guide = GuidancePageFactory(parent=guidance_index, title="Obtenir une bourse")
    first_years = AudienceFactory(name="L1", kind=Kind.LEVEL, broader=students)
    NewsPageFactory(parent=news_index, title="Bourses", audiences=[students])
    NewsPageFactory(parent=news_index, title="Tutorat", audiences=[first_years])
    NewsPageFactory(parent=news_index, title="Paie", audiences=[staff])
    NewsPageFactory(parent=news_index, title="Concert")
    EventPageFactory(parent=agenda, title="Forum", audiences=[students])
    EventPageFactory(
        parent=agenda, title="Passé", audiences=[students],
        starts_at=timezone.now() - timedelta(days=3), ends_at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    door = DoorPageFactory(
        parent=home, services=chosen(services[1], services[0]), guides=chosen(guide), concerned=[students]
    )

    page = client.get(door.url)

    shown = {name: part(page, name) for name in ("services", "guides", "news", "events")}
    assert shown == {
        "services": ["Notes", "Cours"],
        "guides": ["Obtenir une bourse"],
        "news": ["Bourses"],
        "events": ["Forum"],
    }


def test_a_door_says_nothing_of_what_is_not_for_who_comes_in(
    client: Client, sign_in: Any, home: Page, catalogue: Page, guidance_index: Page, news_index: Page, staff: Audience
) -> None:
    closed = {"audiences": [staff], "access": Access.RESERVED}
    service = ServicePageFactory(parent=catalogue, title="Paie", **closed)
    guide = GuidancePageFactory(parent=guidance_index, title="Poser des congés", **closed)
    NewsPageFactory(parent=news_index, title="Conseil social", **closed)
    door = DoorPageFactory(parent=home, services=chosen(service), guides=chosen(guide), concerned=[staff])
    hidden = ("Paie", "Poser des congés", "Conseil social")

    assert not [title for title in hidden if title in client.get(door.url).content.decode()]
    assert not [title for title in hidden if title not in sign_in([staff]).get(door.url).content.decode()]


def test_a_chosen_service_that_is_retired_gives_way_and_a_translation_is_shown_where_it_is_read(
    client: Client, home: Page, catalogue: Page, english_home: Page
) -> None:
    old, new = (ServicePageFactory(parent=catalogue, title=title) for title in ("Ancienne", "Nouvelle"))
    retire(service=old.translation_key, successor=new.translation_key, message="", author=None)
    door = DoorPageFactory(parent=home, title="Étudier", services=chosen(old, new))
    english = Locale.objects.get(language_code="en")
    translated = door.copy_for_translation(english)
    translated.title = "Study"
    translated.save_revision().publish()
    for page in (catalogue, new):
        copy = page.copy_for_translation(english)
        copy.title = f"{page.title} (en)"
        copy.save_revision().publish()

    assert part(client.get(door.url), "services") == ["Nouvelle"]
    assert list(links(client.get("/en/"), ".doors")) == ["Study"]
    assert part(client.get(translated.url), "services") == ["Nouvelle (en)"]


def test_ten_of_each_cost_as_many_queries_as_one(
    client: Client, home: Page, catalogue: Page, news_index: Page, students: Audience, count_queries: Callable[..., int]
) -> None:
    services = [ServicePageFactory(parent=catalogue) for _number in range(10)]
    door = DoorPageFactory(parent=home, services=chosen(services[0]), concerned=[students])
    NewsPageFactory(parent=news_index, audiences=[students])
    client.get(door.url)
    one = count_queries(client.get, door.url)
    door.services = chosen(*services)
    door.save_revision().publish()
    NewsPageFactory.create_batch(9, parent=news_index, audiences=[students])
    client.get(door.url)

    assert count_queries(client.get, door.url) == one


def test_a_door_stands_in_the_plan(client: Client, home: Page) -> None:
    door = DoorPageFactory(parent=home, title="Étudier")

    assert links(client.get("/plan-du-portail/"), "main .plan") == {"Étudier": door.url}
