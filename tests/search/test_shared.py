"""Bodies shared by readers of one signature: the same for all of them, never personal, and correct at each instant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from audience.models import Access, Audience, Condition, Kind, KnownReader, Rule
from audience.services import remember
from search.shared import Kept
from services.models import Level
from services.states import set_state
from tests.factories import EventPageFactory, NewsPageFactory, ReaderFactory, ServicePageFactory, know
from tests.reading import soup, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_bodies")]
PARIS = ZoneInfo("Europe/Paris")


def bodies() -> list[Kept]:
    """Return the bodies kept now."""
    return [cache.get(key.split(":", 2)[2]) for key in list(cache._cache) if ":body:" in key]


def shown(browser: Client, address: str, title: str) -> bool:
    return title in browser.get(address).content.decode()


@pytest.fixture
def at_work(count_queries: Callable[..., int]) -> Callable[..., bool]:
    """Return whether an answer was made anew, and not from what is kept: made from it costs at most six queries."""
    return lambda browser, address: count_queries(browser.get, address) > 6


def test_two_readers_who_are_shown_the_same_share_it(
    sign_in: Any, news_index: Any, students: Audience, staff: Audience, at_work: Any
) -> None:
    NewsPageFactory(parent=news_index, title="Bourses", audiences=[students])
    NewsPageFactory(parent=news_index, title="Conseil", audiences=[staff], access=Access.RESERVED)
    first, alike, other = sign_in([students]), sign_in([students]), sign_in([staff])

    assert at_work(first, "/")
    assert not at_work(alike, "/")
    assert at_work(other, "/")
    assert len(bodies()) == 2


@pytest.mark.parametrize("address", ["/", "/actualites/", "/en/"])
def test_the_name_of_one_is_never_in_the_page_of_another(
    sign_in: Any, news_index: Any, students: Audience, address: str
) -> None:
    ada = sign_in([students], first_name="Ada", last_name="Byron", email="ada@valmont.example")
    grace = sign_in([students], first_name="Grace", last_name="Hopper", email="grace@valmont.example")

    hers, theirs = ada.get(address).content.decode(), grace.get(address).content.decode()

    assert len(bodies()) == 1
    for name in ("Ada", "Byron", "ada@valmont.example"):
        assert name in hers
        assert name not in theirs
        assert name.encode() not in bodies()[0].content
    assert "Grace" in theirs
    assert "Grace" not in hers


def test_a_kept_body_holds_no_token_nonce_or_message(sign_in: Any, news_index: Any, students: Audience) -> None:
    reader = sign_in([students], is_superuser=True)
    page = reader.get("/")

    assert soup(page).select("input[name=csrfmiddlewaretoken]")
    (kept,) = bodies()
    assert b"csrf" not in kept.content
    assert b"nonce" not in kept.content
    assert b"<!--slot:profile" in kept.content
    assert b"<!--slot" not in page.content
    assert "sessionid" not in repr(kept)


def test_each_reader_is_given_a_token_of_their_own_that_works(sign_in: Any, home: Any, students: Audience) -> None:
    sign_in([students]).get("/")
    reader = ReaderFactory()
    know(reader, [students])
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reader)
    page = browser.get("/")

    token = soup(page).select_one("input[name=csrfmiddlewaretoken]")["value"]
    answer = browser.post(reverse("oidc_logout"), {"csrfmiddlewaretoken": token})

    assert answer.status_code in {200, 302}
    assert "_auth_user_id" not in browser.session


def test_a_publication_shows_at_once(client: Client, sign_in: Any, news_index: Any, students: Audience) -> None:
    readers = [client, sign_in([students])]
    for reader in readers:
        assert not shown(reader, news_index.url, "Concert")
    news = NewsPageFactory(parent=news_index, title="Concert")
    assert all(shown(reader, news_index.url, "Concert") for reader in readers)

    news.access = Access.RESERVED
    news.audiences = [students]
    news.save_revision().publish()
    assert [shown(reader, news_index.url, "Concert") for reader in readers] == [False, True]

    news.unpublish()
    assert not any(shown(reader, news_index.url, "Concert") for reader in readers)


def test_what_is_only_a_draft_does_not_show(client: Client, news_index: Any) -> None:
    news = NewsPageFactory(parent=news_index, title="Concert")
    client.get(news.url)
    news.title = "Grand concert"
    news.save_revision()

    assert not shown(client, news.url, "Grand concert")


def test_a_change_of_a_rule_reaches_readers_already_signed_in(news_index: Any) -> None:
    apprentices = Audience.objects.create(slug="alternants", name="Alternants", kind=Kind.STATUS)
    NewsPageFactory(parent=news_index, title="Contrats", audiences=[apprentices], access=Access.RESERVED)
    reader, browser = ReaderFactory(), Client()
    remember(reader, {"supannEtuRegimeInscription": ["{SISE}60"]})
    browser.force_login(reader)
    assert not shown(browser, "/", "Contrats")

    rule = Rule.objects.create(audience=apprentices)
    condition = Condition.objects.create(rule=rule, attribute="regime", values="60")
    assert shown(browser, "/", "Contrats")

    condition.delete()
    assert not shown(browser, "/", "Contrats")


def test_a_change_of_what_is_known_of_a_reader_is_theirs_at_once(
    sign_in: Any, news_index: Any, students: Audience
) -> None:
    NewsPageFactory(parent=news_index, title="Bourses", audiences=[students], access=Access.RESERVED)
    browser = sign_in([students])
    assert shown(browser, "/", "Bourses")

    KnownReader.objects.update(positions="[[]]")

    assert not shown(browser, "/", "Bourses")


def test_a_change_of_state_shows_at_once(client: Client, catalogue: Any) -> None:
    service = ServicePageFactory(parent=catalogue, title="Mél")
    assert not shown(client, "/", "Indisponible")

    set_state(service=service.translation_key, level=Level.DOWN, message="x", until=None, author=None)

    assert shown(client, "/", "Indisponible")
    assert shown(client, service.url, "Indisponible")


INSTANTS = [
    ("live_from", {"go_live_at": timedelta(minutes=30)}, [False, True]),
    ("expires_at", {"expire_at": timedelta(minutes=30)}, [True, False]),
]


@pytest.mark.parametrize(("name", "dates", "seen"), INSTANTS, ids=[name for name, _, _ in INSTANTS])
def test_what_starts_or_expires_does_so_at_its_instant(
    client: Client, news_index: Any, name: str, dates: dict[str, timedelta], seen: list[bool]
) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=PARIS)
    with time_machine.travel(now, tick=False) as clock:
        at = {field: now + delay for field, delay in dates.items()}
        news = NewsPageFactory(parent=news_index, title="Concert", **at)
        before = [shown(client, address, "Concert") for address in ("/", news_index.url, f"{news_index.url}rss/")]
        clock.move_to(now + timedelta(minutes=29, seconds=59))
        still = [shown(client, address, "Concert") for address in ("/", news_index.url, f"{news_index.url}rss/")]
        opened = client.get(news.url).status_code == 200
        clock.move_to(now + timedelta(minutes=30))
        after = [shown(client, address, "Concert") for address in ("/", news_index.url, f"{news_index.url}rss/")]

        assert before == still == [seen[0]] * 3
        assert opened is seen[0]
        assert after == [seen[1]] * 3
        assert (client.get(news.url).status_code == 200) is seen[1]


def test_what_an_editor_scheduled_shows_when_the_worker_goes_round(client: Client, news_index: Any) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=PARIS)
    with time_machine.travel(now, tick=False) as clock:
        news = NewsPageFactory(parent=news_index, title="Concert", live=False, first_published_at=None)
        news.go_live_at = now + timedelta(minutes=30)
        news.save_revision().publish()
        assert not shown(client, news_index.url, "Concert")
        clock.move_to(now + timedelta(minutes=31))
        call_command("publish_scheduled", verbosity=0)

        assert shown(client, news_index.url, "Concert")


def test_what_is_pinned_leaves_the_top_at_its_instant(client: Client, news_index: Any) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=PARIS)
    with time_machine.travel(now, tick=False) as clock:
        old = {"published_on": now.date() - timedelta(days=30), "pinned_until": now + timedelta(minutes=30)}
        NewsPageFactory(parent=news_index, title="Inscriptions", **old)
        NewsPageFactory(parent=news_index, title="Concert")
        assert titles(client.get(news_index.url)) == ["Inscriptions", "Concert"]
        clock.move_to(now + timedelta(minutes=30, seconds=1))

        assert titles(client.get(news_index.url)) == ["Concert", "Inscriptions"]


def test_an_event_leaves_home_when_it_is_over(client: Client, agenda: Any) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=PARIS)
    with time_machine.travel(now, tick=False) as clock:
        ends = now + timedelta(minutes=30)
        EventPageFactory(parent=agenda, title="Concert", starts_at=now, ends_at=ends)
        assert shown(client, "/", "Concert")
        clock.move_to(ends + timedelta(seconds=1))

        assert not shown(client, "/", "Concert")


def test_dates_said_in_words_are_those_of_the_day(client: Client, sign_in: Any, catalogue: Any) -> None:
    evening = datetime(2026, 12, 31, 23, 59, 30, tzinfo=PARIS)
    with time_machine.travel(evening, tick=False) as clock:
        ServicePageFactory(parent=catalogue, title="Vœux", opens_on=datetime(2027, 1, 1, tzinfo=PARIS).date())
        assert shown(client, catalogue.url, "Ouvre le")
        (kept,) = bodies()
        assert kept.until == datetime(2027, 1, 1, tzinfo=PARIS)
        clock.move_to(evening + timedelta(minutes=1))

        assert not shown(client, catalogue.url, "Ouvre le")


def test_a_day_of_twenty_three_hours_ends_at_its_midnight(client: Client, home: Any) -> None:
    with time_machine.travel(datetime(2026, 3, 29, 1, tzinfo=PARIS), tick=False):
        client.get("/")
        (kept,) = bodies()

    assert kept.until == datetime(2026, 3, 30, tzinfo=PARIS)


def test_head_says_what_get_says_without_the_body(client: Client, news_index: Any) -> None:
    for address in ("/", news_index.url, f"{news_index.url}rss/"):
        cold = client.head(address)
        warm = client.head(address)
        whole = client.get(address)
        for answer in (cold, warm):
            assert answer.status_code == 200
            assert answer.content == b""
            assert answer["Content-Type"] == whole["Content-Type"]
        assert whole.content


def test_parameters_that_mean_nothing_are_ignored(client: Client, news_index: Any, at_work: Any) -> None:
    client.get(news_index.url)

    assert not at_work(client, f"{news_index.url}?utm_source=mail&x=%00%ff")
    assert len(bodies()) == 1
    assert "utm_source" not in bodies()[0].content.decode()


def test_the_parameters_of_one_are_not_in_the_page_of_another(client: Client, news_index: Any) -> None:
    first = client.get(f"{news_index.url}?secret=4711")
    second = client.get(news_index.url)

    assert "secret" in soup(first).select_one(".site-header a.button")["href"]
    assert "4711" not in second.content.decode()


def test_pages_of_a_list_are_kept_apart(client: Client, news_index: Any) -> None:
    for number in range(13):
        NewsPageFactory(parent=news_index, title=f"Nouvelle {number:02}")

    pages = [titles(client.get(news_index.url, {"page": number})) for number in ("1", "2", "1", "2")]

    assert pages[:2] == pages[2:]
    assert len(pages[0]) == 12
    assert len(pages[1]) == 1


def test_what_is_seen_as_another_is_never_shared(sign_in: Any, news_index: Any, students: Audience) -> None:
    NewsPageFactory(parent=news_index, title="Bourses", audiences=[students], access=Access.RESERVED)
    editor = sign_in(is_superuser=True)
    editor.post(reverse("see_as"), {"audience": [students.pk]})
    assert shown(editor, "/", "Bourses")

    assert bodies() == []
    sign_in([students]).get("/")
    (kept,) = bodies()
    assert b"see-as__" not in kept.content
    assert "see-as__bar" in editor.get("/").content.decode()


def test_a_preview_is_neither_kept_nor_answered_from_what_is_kept(administrator: Client, news_index: Any) -> None:
    news = NewsPageFactory(parent=news_index, title="Concert")
    here = {"host": "localhost"}  # that of the site, which a preview asks for
    administrator.get(news.url, headers=here)
    news.title = "Grand concert"
    revision = news.save_revision()

    preview = administrator.get(reverse("wagtailadmin_pages:view_draft", args=[news.pk]), headers=here)

    assert soup(preview).h1.get_text() == "Grand concert"
    assert revision.content["title"] == "Grand concert"
    assert soup(administrator.get(news.url, headers=here)).h1.get_text() == "Concert"


def test_what_an_editor_may_open_is_not_kept_for_readers(
    administrator: Client, sign_in: Any, news_index: Any, staff: Audience
) -> None:
    news = NewsPageFactory(parent=news_index, title="Conseil", audiences=[staff], access=Access.RESERVED)

    assert administrator.get(news.url).status_code == 200
    assert bodies() == []
    assert sign_in().get(news.url).status_code == 404


def test_feeds_and_calendars_are_shared_by_who_is_shown_the_same(
    sign_in: Any, client: Client, news_index: Any, agenda: Any, staff: Audience
) -> None:
    NewsPageFactory(parent=news_index, title="Conseil", audiences=[staff], access=Access.RESERVED)
    EventPageFactory(parent=agenda, title="Séance", audiences=[staff], access=Access.RESERVED)
    first, alike = sign_in([staff]), sign_in([staff])

    for address, title in [("rss/", "Conseil"), ("atom/", "Conseil")]:
        assert shown(first, f"{news_index.url}{address}", title)
        assert shown(alike, f"{news_index.url}{address}", title)
        assert not shown(client, f"{news_index.url}{address}", title)
    ours, theirs = (who.get(f"{agenda.url}agenda.ics") for who in (first, alike))
    assert ours.content == theirs.content
    assert theirs["Content-Disposition"] == 'inline; filename="agenda.ics"'
    assert not shown(client, f"{agenda.url}agenda.ics", "Séance")


def test_no_cache_on_the_way_keeps_what_depends_on_the_reader(client: Client, sign_in: Any, news_index: Any) -> None:
    for browser, said in ((client, "private, no-cache"), (sign_in(), "private, no-store")):
        for address in ("/", "/", news_index.url, f"{news_index.url}rss/", "/nulle-part/"):
            answer = browser.get(address)
            assert answer["Cache-Control"] == said, address
            assert "Cookie" in answer["Vary"], address


def test_an_error_is_not_kept(client: Client, home: Any) -> None:
    client.get("/nulle-part/")

    assert bodies() == []


def test_what_a_reader_types_cannot_become_personal_content(client: Client, home: Any) -> None:
    answer = client.get("/recherche/", {"q": "<!--slot:greeting:-->"})

    assert "greeting__title" not in answer.content.decode()
    assert re.search(r"&lt;!--slot:greeting:--&gt;", answer.content.decode())
