"""How many opened an announcement, without keeping who."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audience.models import Access, Audience
from news.models import Opening
from news.openings import forget_openings, key_of
from tests.editing import PUBLISHERS, editors_of
from tests.factories import AnnouncementPageFactory, ReaderFactory, know
from tests.reading import soup

pytestmark = pytest.mark.django_db


def reader_of(*audiences: Audience, **user: Any) -> tuple[Any, Client]:
    account = ReaderFactory(**user)
    know(account, list(audiences))
    browser = Client()
    browser.force_login(account)
    return account, browser


@pytest.fixture
def author(news_index: Any) -> tuple[Any, Client]:
    account, browser = reader_of()
    account.groups.add(editors_of(news_index, rights=PUBLISHERS))
    return account, browser


@pytest.fixture
def announcement(news_index: Any, students: Audience, author: tuple[Any, Client]) -> Any:
    return AnnouncementPageFactory(
        parent=news_index, title="Salle", audiences=[students], access=Access.RESERVED, owner=author[0]
    )


def told(browser: Client, address: str) -> str:
    found = soup(browser.get(address)).select_one(".announcement-figures")
    return found.get_text(" ", strip=True) if found else ""


def test_each_reader_counts_once_and_is_not_named(announcement: Any, students: Audience) -> None:
    account, browser = reader_of(students)

    for _time in range(3):
        browser.get(announcement.url)

    row = Opening.objects.values().get()
    assert row["announcement_id"] == announcement.pk
    assert row["key"] == key_of(announcement.pk, account.pk)
    assert set(row) == {"id", "announcement_id", "key"}
    assert key_of(announcement.pk + 1, account.pk) != row["key"]


def test_a_reader_is_counted_too_when_the_page_was_made_for_another(
    kept_bodies: None, announcement: Any, students: Audience
) -> None:
    for _number in range(3):
        reader_of(students)[1].get(announcement.url)

    assert Opening.objects.count() == 3


def test_neither_its_author_nor_whom_it_is_not_for_are_counted(
    client: Client, announcement: Any, author: tuple[Any, Client], staff: Audience
) -> None:
    for browser in (author[1], client, reader_of(staff)[1], reader_of(is_superuser=True)[1]):
        browser.get(announcement.url)

    assert Opening.objects.count() == 0


def test_a_look_without_reading_or_as_another_is_not_counted(announcement: Any, students: Audience) -> None:
    _account, browser = reader_of(students)
    browser.head(announcement.url)
    browser.post(reverse("see_as"), {"audience": [students.pk]})
    browser.get(announcement.url)

    assert Opening.objects.count() == 0


def test_its_author_is_told_how_many_it_addresses_and_how_many_opened_it(
    announcement: Any, author: tuple[Any, Client], students: Audience, staff: Audience
) -> None:
    readers = [reader_of(students)[1] for _number in range(12)]
    reader_of(staff)
    _account, browser = author

    for address in (announcement.url, reverse("announcements")):
        assert "12" in told(browser, address)
        assert "10" in told(browser, address)  # fewer than ten
    for reader in readers[:11]:
        reader.get(announcement.url)
    for address in (announcement.url, reverse("announcements")):
        assert "11" in told(browser, address)
    assert told(readers[0], announcement.url) == ""


def test_nine_openings_are_not_told(announcement: Any, author: tuple[Any, Client], students: Audience) -> None:
    for _number in range(9):
        reader_of(students)[1].get(announcement.url)

    addressed, opened = re.findall(r"\d+", told(author[1], announcement.url))
    assert (addressed, opened) == ("9", "10")  # nine known readers; opened by fewer than ten


def test_what_everyone_may_read_counts_those_it_is_recommended_to(
    news_index: Any, students: Audience, staff: Audience
) -> None:
    page = AnnouncementPageFactory(parent=news_index, audiences=[students])

    for audience in (students, staff):
        reader_of(audience)[1].get(page.url)

    assert Opening.objects.count() == 1


def test_openings_go_when_the_announcement_is_over(
    announcement: Any, students: Audience, time_machine: Any, work: Callable[[], None]
) -> None:
    reader_of(students)[1].get(announcement.url)
    assert forget_openings() == 0

    time_machine.move_to(timezone.now() + timedelta(days=8))
    work()

    assert Opening.objects.count() == 0


def test_openings_go_with_an_announcement_withdrawn_or_deleted(
    news_index: Any, announcement: Any, students: Audience
) -> None:
    _account, browser = reader_of(students)
    browser.get(announcement.url)
    announcement.unpublish()
    assert forget_openings() == 1

    other = AnnouncementPageFactory(parent=news_index)
    browser.get(other.url)
    other.delete()
    assert Opening.objects.count() == 0


def test_they_are_in_the_readers_data_and_are_erased_when_asked(announcement: Any, students: Audience) -> None:
    (_one, browser), (_two, other) = reader_of(students), reader_of(students)
    for reader in (browser, other):
        reader.get(announcement.url)

    assert browser.get(reverse("account_data")).json()["announcements_opened"] == [announcement.pk]
    browser.post(reverse("account_erase"), {"what": "announcements_opened"})

    assert browser.get(reverse("account_data")).json()["announcements_opened"] == []
    assert other.get(reverse("account_data")).json()["announcements_opened"] == [announcement.pk]


def test_a_second_look_writes_nothing(announcement: Any, students: Audience) -> None:
    _account, browser = reader_of(students)
    browser.get(announcement.url)

    with CaptureQueriesContext(connection) as captured:
        browser.get(announcement.url)

    assert not [query for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "SAVEPOINT"))]


def test_ones_own_announcements_cost_the_same_whatever_their_number(
    news_index: Any, author: tuple[Any, Client], students: Audience, count_queries: Any
) -> None:
    account, browser = author
    AnnouncementPageFactory(parent=news_index, owner=account, audiences=[students])
    browser.get(reverse("announcements"))
    one = count_queries(browser.get, reverse("announcements"))
    for number in range(9):
        AnnouncementPageFactory(parent=news_index, owner=account, audiences=[students], live=bool(number % 2))
    browser.get(reverse("announcements"))

    assert count_queries(browser.get, reverse("announcements")) == one


def test_one_sees_ones_own_announcements_whatever_they_are_now_and_no_other(
    news_index: Any, author: tuple[Any, Client], students: Audience, staff: Audience
) -> None:
    account, browser = author
    now = timezone.now()
    states = {
        "En ligne": {"audiences": [staff], "access": Access.RESERVED},
        "Terminée": {"expire_at": now - timedelta(hours=1)},
        "Retirée": {"live": False},
        "Brouillon": {"live": False, "first_published_at": None},
    }
    for title, fields in states.items():
        AnnouncementPageFactory(parent=news_index, owner=account, title=title, **fields)
    AnnouncementPageFactory(parent=news_index, title="D’une collègue")

    cards = soup(browser.get(reverse("announcements"))).select(".own-announcement")

    found = {card.h2.get_text(strip=True): card.select_one("[data-state]")["data-state"] for card in cards}
    assert found == {"En ligne": "ok", "Terminée": "off", "Retirée": "off", "Brouillon": "warn"}
    assert [bool(card.select_one(".announcement-figures")) for card in cards if card.h2.get_text() == "En ligne"]
