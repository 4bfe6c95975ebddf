"""Announcements: a few sentences for some days, wherever news are, then gone by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from audience.models import Access, Audience
from content.entry import Kind
from news.models import AnnouncementPage
from search.models import Entry
from tests.editing import add_form, edit_form, editors_of, send
from tests.factories import AnnouncementPageFactory, NewsIndexPageFactory, SectionPageFactory, UnitFactory
from tests.reading import part, soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(sections: Any) -> Any:
    return SectionPageFactory(parent=sections, title="Sciences", unit=UnitFactory(name="UFR Sciences"))


@pytest.fixture
def index(section: Any) -> Any:
    return NewsIndexPageFactory(parent=section, title="Actualités", slug="actualites-sciences")


def places(index: Any, news_index: Any) -> dict[str, str]:
    """Return where an announcement of a section shows, by name."""
    return {
        "home": "/",
        "section": index.get_parent().get_url(),
        "its list": index.get_url(),
        "the portal's list": news_index.url,
        "alone": f"{news_index.url}?category=announcements",
        "feed": f"{index.get_url()}rss/",
        "the portal's feed": f"{news_index.url}atom/",
        "search": "/recherche/?q=amphithéâtre",
        "archive": f"{news_index.url}{timezone.localdate().year}/",
    }


def where(browser: Client, index: Any, news_index: Any, title: str) -> set[str]:
    addresses = places(index, news_index)
    return {name for name, url in addresses.items() if title in browser.get(url).content.decode()}


def test_an_announcement_reserved_for_an_audience_reaches_it_everywhere_and_nobody_else(
    client: Client, sign_in: Any, index: Any, news_index: Any, students: Audience, staff: Audience
) -> None:
    secret = {"audiences": [students], "access": Access.RESERVED}
    AnnouncementPageFactory(parent=index, title="L’amphithéâtre est fermé", **secret)

    assert where(sign_in([students]), index, news_index, "L’amphithéâtre est fermé") == set(places(index, news_index))
    assert where(sign_in([staff]), index, news_index, "L’amphithéâtre est fermé") == set()
    assert where(client, index, news_index, "L’amphithéâtre est fermé") == set()


def test_home_shows_those_for_the_reader_first_and_none_that_is_for_others(
    sign_in: Any, index: Any, students: Audience, staff: Audience
) -> None:
    AnnouncementPageFactory(parent=index, title="Pour tous")
    AnnouncementPageFactory(parent=index, title="Pour les étudiants", audiences=[students])
    AnnouncementPageFactory(parent=index, title="Pour le personnel", audiences=[staff])

    assert part(sign_in([students]).get("/"), "announcements") == ["Pour les étudiants", "Pour tous"]


def test_an_announcement_goes_by_itself(
    kept_bodies: None, client: Client, index: Any, news_index: Any, time_machine: Any
) -> None:
    now = timezone.now().replace(hour=9)
    time_machine.move_to(now, tick=False)
    page = AnnouncementPageFactory(parent=index, title="L’amphithéâtre", expire_at=now + timedelta(hours=2))
    assert where(client, index, news_index, "L’amphithéâtre") == set(places(index, news_index))

    time_machine.move_to(now + timedelta(hours=2), tick=False)

    assert where(client, index, news_index, "L’amphithéâtre") == set()
    assert client.get(page.url).status_code == 404


def test_an_announcement_without_an_end_ends_after_seven_days(index: Any) -> None:
    page = AnnouncementPageFactory(parent=index)

    assert abs(page.expire_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert Entry.objects.of_page(page).get().expires_at == page.expire_at


def test_a_page_of_an_announcement_says_it_all_and_no_markup_gets_through(client: Client, index: Any) -> None:
    text = "Salle B12 <script>alert(1)</script>\n\nVoir https://valmont.example/plan"
    unit = UnitFactory(name="UFR Sciences")
    page = AnnouncementPageFactory(parent=index, title="<b>Salle</b>", text=text, unit=unit, contact="poste 1210")

    shown = client.get(page.url)
    main = soup(shown).main

    assert soup(shown).h1.get_text() == "<b>Salle</b>"
    assert "<script>alert(1)" in main.get_text()
    assert main.select("script, h1 b") == []
    assert main.select_one('a[href="https://valmont.example/plan"]')
    assert "UFR Sciences" in main.get_text()
    assert "poste 1210" in main.get_text()
    assert main.select_one('.kind-label[data-kind="announcement"]')


def test_a_card_of_an_announcement_says_its_beginning(client: Client, index: Any) -> None:
    long = "Un mot. " * 60
    AnnouncementPageFactory(parent=index, text=long)

    card = soup(client.get(index.get_url())).select_one(".announcement-card__text").get_text()

    assert len(card) <= 281
    assert card.startswith("Un mot.")


def test_more_than_500_characters_is_no_announcement(index: Any) -> None:
    page = AnnouncementPageFactory(parent=index)
    page.text = "x" * 501

    with pytest.raises(ValidationError):
        page.full_clean()


def test_an_announcement_is_written_in_the_admin_as_any_page(
    client: Client, sign_in: Any, index: Any, students: Audience
) -> None:
    editor = sign_in(groups=(editors_of(index),))
    form = add_form(editor, index, AnnouncementPage)

    said = {"title": "Écrite dans l’admin", "slug": "ecrite", "text": "Bonjour."}
    answer = send(editor, form, **said, audiences=[students], action="publish")
    page = AnnouncementPage.objects.get()
    send(editor, edit_form(editor, page), text="Bonsoir.", action="publish")

    assert answer.status_code == 302
    assert "Bonsoir." in client.get(page.get_url()).content.decode()
    assert Entry.objects.of_page(page).get().kind == Kind.ANNOUNCEMENT
    assert AnnouncementPage.objects.get().expire_at is not None


def test_ten_announcements_cost_no_more_queries_than_one(
    client: Client, index: Any, news_index: Any, count_queries: Any
) -> None:
    def cost() -> list[int]:
        addresses = places(index, news_index).values()
        for address in addresses:
            client.get(address)
        return [count_queries(client.get, address) for address in addresses]

    AnnouncementPageFactory(parent=index, unit=UnitFactory(), title="L’amphithéâtre")
    one = cost()
    for _number in range(9):
        AnnouncementPageFactory(parent=index, unit=UnitFactory(), title="L’amphithéâtre")

    assert cost() == one
