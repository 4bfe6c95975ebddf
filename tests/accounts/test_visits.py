"""What is new since a reader's last visit: marked for each in bodies they share, at the cost of one write a visit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audience.models import Audience
from tests.factories import AnnouncementPageFactory, NewsPageFactory, ReaderFactory, know
from tests.reading import soup

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def clock(time_machine: Any) -> Any:
    """Set the clock to so many minutes after nine: `clock(45)`."""

    def set_to(minutes: int) -> datetime:
        at = NINE + timedelta(minutes=minutes)
        time_machine.move_to(at, tick=False)
        return at

    set_to(0)
    return set_to


def member(*audiences: Audience, **user: Any) -> tuple[User, Client]:
    account = ReaderFactory(**user)
    know(account, list(audiences))
    browser = Client()
    browser.force_login(account)
    return account, browser


@pytest.fixture
def reader(students: Audience) -> tuple[User, Client]:
    return member(students)


def publish(index: Any, title: str, at: datetime) -> Any:
    return NewsPageFactory(parent=index, title=title, first_published_at=at, published_on=at.date())


def marked(browser: Client, address: str) -> set[str]:
    """Return the titles of the cards that are marked as new."""
    cards = soup(browser.get(address)).select("article:has(.new-mark)")
    return {card.select_one("h2, h3, h4").get_text(strip=True) for card in cards}


def test_what_came_since_the_last_visit_is_marked_at_home_and_in_lists(
    reader: tuple[User, Client], news_index: Any, clock: Any
) -> None:
    _user, browser = reader
    publish(news_index, "Ancienne", clock(-60))
    clock(0)
    assert marked(browser, "/") == set()  # a first visit: all would be new
    publish(news_index, "Récente", clock(60))
    AnnouncementPageFactory(parent=news_index, title="Salle changée", first_published_at=clock(61))
    clock(120)

    assert marked(browser, "/") == {"Récente", "Salle changée"}
    assert marked(browser, news_index.url) == {"Récente", "Salle changée"}


def test_marks_stay_for_the_whole_visit_and_go_with_the_next(
    reader: tuple[User, Client], news_index: Any, clock: Any
) -> None:
    _user, browser = reader
    browser.get("/")
    publish(news_index, "Récente", clock(60))
    clock(120)
    assert marked(browser, "/") == {"Récente"}
    clock(149)
    assert marked(browser, "/") == {"Récente"}
    clock(151)

    assert marked(browser, "/") == set()


def test_a_visit_is_one_write_however_many_pages_are_seen(
    reader: tuple[User, Client], news_index: Any, clock: Any
) -> None:
    user, browser = reader
    publish(news_index, "Récente", clock(0))

    def writes() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for _number in range(3):
                browser.get("/")
                browser.get(news_index.url)
        return len([query for query in captured if query["sql"].startswith("UPDATE")])

    assert writes() == 1
    clock(29)
    assert writes() == 0
    clock(31)
    assert writes() == 1
    user.refresh_from_db()
    assert (user.visit_before_at, user.visit_began_at) == (NINE, NINE + timedelta(minutes=31))


def test_two_readers_share_a_body_and_each_has_their_own_marks(
    kept_bodies: None, news_index: Any, students: Audience, clock: Any
) -> None:
    (_user, faithful), (_other, newcomer) = member(students), member(students)
    faithful.get("/")
    publish(news_index, "Récente", clock(60))
    clock(120)
    cache.clear()

    assert marked(faithful, "/") == {"Récente"}
    assert marked(newcomer, "/") == set()
    bodies = [cache.get(key.split(":", 2)[2]) for key in cache._cache if ":body:" in key]
    assert len(bodies) == 1
    assert b"new-mark" not in bodies[0].content


def test_marks_cost_no_query_of_their_own(
    reader: tuple[User, Client], news_index: Any, clock: Any, count_queries: Any
) -> None:
    _user, browser = reader
    publish(news_index, "Une", clock(0))
    browser.get(news_index.url)
    one = count_queries(browser.get, news_index.url)
    for number in range(9):
        publish(news_index, f"{number}", clock(1))
    browser.get(news_index.url)

    assert count_queries(browser.get, news_index.url) == one


def test_a_visitor_has_no_marks_and_writes_nothing(client: Client, news_index: Any, clock: Any) -> None:
    publish(news_index, "Récente", clock(0))

    with CaptureQueriesContext(connection) as captured:
        assert marked(client, news_index.url) == set()

    assert not [query for query in captured if query["sql"].startswith(("UPDATE", "INSERT"))]


def test_seeing_as_others_marks_nothing_and_is_no_visit(news_index: Any, students: Audience, clock: Any) -> None:
    _user, browser = member(students, is_superuser=True)
    browser.get("/")
    publish(news_index, "Récente", clock(60))
    clock(120)
    browser.post(reverse("see_as"), {"audience": [students.pk]})

    assert marked(browser, "/") == set()
    assert User.objects.get().visit_began_at == NINE


def test_news_older_than_the_epoch_breaks_nothing(reader: tuple[User, Client], news_index: Any, clock: Any) -> None:
    _user, browser = reader
    NewsPageFactory(parent=news_index, title="Fondation", published_on=date(1896, 1, 1))

    page = browser.get(news_index.url).content.decode()

    assert "Fondation" in page
    assert "<!--slot" not in page


def test_two_tabs_opened_at_once_begin_one_visit(reader: tuple[User, Client], clock: Any) -> None:
    from accounts.visits import new_since

    user, _browser = reader
    first, second = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)

    assert new_since(first, now=clock(0)) is None
    assert new_since(second, now=clock(0)) is None

    user.refresh_from_db()
    assert (user.visit_began_at, user.visit_before_at) == (NINE, None)


def test_both_instants_are_in_the_readers_data_and_are_erased_when_asked(
    reader: tuple[User, Client], news_index: Any, clock: Any
) -> None:
    user, browser = reader
    browser.get("/")
    clock(60)
    browser.get("/")

    held = browser.get(reverse("account_data")).json()["visits"]
    offered = soup(browser.get(reverse("account"))).select_one('button[name="what"][value="visits"]')
    answer = browser.post(reverse("account_erase"), {"what": "visits"})

    assert {name: datetime.fromisoformat(at) for name, at in held.items()} == {
        "this_visit": NINE + timedelta(minutes=60),
        "visit_before": NINE,
    }
    assert offered is not None
    assert answer["Location"] == reverse("account")
    user.refresh_from_db()
    assert (user.visit_began_at, user.visit_before_at) == (None, None)
