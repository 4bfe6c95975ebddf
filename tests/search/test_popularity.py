"""What is read is counted without its readers, at no cost to them, and raises a little what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.utils import timezone

from audience.models import Access, Audience
from search import popularity
from search.models import DayViews, Entry
from search.popularity import weigh
from tests.factories import NewsPageFactory, StandardPageFactory
from tests.search.test_engine import entry_of

pytestmark = pytest.mark.django_db
SOMEONE = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture(autouse=True)
def _given_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(popularity, "EVERY", -1)
    popularity._sums.clear()
    yield
    popularity._sums.clear()


def views(page: Any) -> int:
    return sum(DayViews.objects.filter(entry_id=entry_of(page).pk).values_list("number", flat=True))


def viewed(page: Any, number: int, *, days_ago: int) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    popularity.add_views.enqueue([[day.isoformat(), entry_of(page).pk, number]])


@pytest.mark.usefixtures("kept_bodies")
def test_a_view_is_counted_whether_the_page_is_made_or_kept(
    home: Any, client: Client, staff: Any, sign_in: Any
) -> None:
    page = StandardPageFactory(parent=home)

    for browser in (client, client, sign_in([staff]), sign_in([staff])):
        assert browser.get(page.url, headers=SOMEONE).status_code == 200

    assert views(page) == 4
    kept = DayViews.objects.get()
    assert {field.name for field in DayViews._meta.get_fields()} == {"id", "day", "entry_id", "number"}
    assert kept.day == timezone.localdate()


@pytest.mark.usefixtures("kept_bodies")
def test_counting_costs_the_reader_no_query(
    home: Any, client: Client, count_queries: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(popularity, "EVERY", 3600)
    monkeypatch.setattr(popularity, "_given", popularity.time.monotonic())
    page = StandardPageFactory(parent=home)
    client.get(page.url)
    unseen = count_queries(client.get, page.url)

    assert count_queries(client.get, page.url, headers=SOMEONE) == unseen
    assert not DayViews.objects.exists()

    client.get(page.url, headers=SOMEONE)
    popularity.give()
    assert views(page) == 2


NOT_VIEWS = {
    "a robot": {"headers": {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}},
    "a program": {"headers": {"User-Agent": "python-requests/2.34"}},
    "nobody says who": {},
    "from results": {"headers": {**SOMEONE, "Referer": "http://testserver/recherche/?q=bourse"}},
    "from results in English": {"headers": {**SOMEONE, "Referer": "http://testserver/en/search/?q=grant"}},
    "fetched ahead": {"headers": {**SOMEONE, "Sec-Purpose": "prefetch"}},
    "asked by a script": {"headers": {**SOMEONE, "Sec-Fetch-Dest": "empty"}},
    "a part of it": {"headers": {**SOMEONE, "HX-Request": "true"}},
    "a second page": {"headers": SOMEONE, "query_params": {"page": "2"}},
}


@pytest.mark.parametrize("how", NOT_VIEWS.values(), ids=NOT_VIEWS)
def test_what_no_reader_chose_to_view_is_not_counted(home: Any, client: Client, how: dict[str, Any]) -> None:
    page = StandardPageFactory(parent=home)

    client.get(page.url, **how)

    assert not DayViews.objects.exists()


def test_neither_heads_feeds_drafts_nor_see_as_are_views(
    client: Client, home: Any, news_index: Any, administrator: Client, staff: Audience, students: Audience, sign_in: Any
) -> None:
    page = StandardPageFactory(parent=home)
    draft = StandardPageFactory(parent=home, live=False)
    reserved = StandardPageFactory(parent=home, audiences=[staff], access=Access.RESERVED)
    NewsPageFactory(parent=news_index)

    client.head(page.url, headers=SOMEONE)
    client.get(f"{news_index.url}rss/", headers=SOMEONE)
    client.get("/nulle-part/", headers=SOMEONE)
    client.get(reserved.url, headers=SOMEONE)
    sign_in([students]).get(reserved.url, headers=SOMEONE)
    assert administrator.get(reserved.url, headers=SOMEONE).status_code == 200  # as its editor, not as its reader
    administrator.get(f"/admin/pages/{draft.pk}/view_draft/", headers=SOMEONE)
    session = administrator.session
    session["see_as"] = {"audiences": [staff.pk]}
    session.save()
    administrator.get(page.url, headers=SOMEONE)

    assert not DayViews.objects.exists()


def test_many_days_are_worth_more_than_one_and_nothing_more_than_one(home: Any) -> None:
    steady, once, huge = StandardPageFactory.create_batch(3, parent=home)
    for days in range(1, 31):
        viewed(steady, 20, days_ago=days)
        viewed(huge, 100_000, days_ago=days)
    viewed(once, 600, days_ago=1)  # as many as the first, on one day

    weigh()

    assert entry_of(huge).popularity == 1
    assert entry_of(steady).popularity > 5 * entry_of(once).popularity


def test_what_changes_is_sent_and_what_hardly_changes_is_not(home: Any) -> None:
    page, other = StandardPageFactory.create_batch(2, parent=home)
    Entry.objects.update(synced_version=F("version"))
    for days in range(1, 20):
        viewed(page, 30, days_ago=days)
    viewed(other, 1, days_ago=1)

    assert weigh() == 1
    waiting = Entry.objects.filter(synced_version__lt=F("version"))
    assert [entry.pk for entry in waiting] == [entry_of(page).pk]
    assert weigh() == 0

    viewed(page, 3, days_ago=1)  # some more
    assert weigh() == 0


def test_popularity_wanes_and_sums_are_forgotten(home: Any) -> None:
    page = StandardPageFactory(parent=home)
    for days in range(1, 15):
        viewed(page, 300, days_ago=days)
    DayViews.objects.create(day=timezone.localdate() - timedelta(days=2), entry_id=999_999, number=4)  # gone since
    weigh()
    at_first = entry_of(page).popularity
    assert not DayViews.objects.filter(entry_id=999_999).exists()

    with time_machine.travel(timezone.now() + timedelta(days=21), tick=False):
        weigh()
        assert 0 < entry_of(page).popularity < at_first / 2
    with time_machine.travel(timezone.now() + timedelta(days=75), tick=False):
        weigh()
        assert entry_of(page).popularity == 0
    assert not DayViews.objects.exists()


def test_a_publication_keeps_popularity(home: Any) -> None:
    page = StandardPageFactory(parent=home)
    for days in range(1, 15):
        viewed(page, 300, days_ago=days)
    weigh()
    before = entry_of(page).popularity

    page.save_revision().publish()

    assert entry_of(page).popularity == before > 0


def test_the_worker_weighs_once_a_night(home: Any, monkeypatch: pytest.MonkeyPatch, kept_bodies: None) -> None:
    nights: list[date] = []
    monkeypatch.setattr(popularity, "weigh", lambda: nights.append(timezone.localdate()) or 0)
    for hour in range(36):
        with time_machine.travel(f"2026-03-02 {0:02}:30+01:00", tick=False) as clock:
            clock.shift(timedelta(hours=hour))
            popularity.weigh_nightly()

    assert nights == [date(2026, 3, 2), date(2026, 3, 3)]


@pytest.mark.usefixtures("kept_bodies")
def test_a_discreet_page_is_not_counted_and_one_that_becomes_so_is_forgotten(home: Any, client: Client) -> None:
    page, other = StandardPageFactory(parent=home), StandardPageFactory(parent=home, discreet=True)
    viewed(page, 400, days_ago=1)
    weigh()
    assert entry_of(page).popularity > 0

    page.discreet = True
    page.save_revision().publish()
    weigh()
    for one in (page, other):
        assert client.get(one.url, headers=SOMEONE).status_code == 200

    assert entry_of(page).popularity == 0
    assert not DayViews.objects.exists()
