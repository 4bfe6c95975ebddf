"""Lists as RSS and Atom, and the sitemap: read by programs, for the reader who asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from audience.models import Access
from tests.factories import (
    AnnouncementPageFactory,
    NewsCategoryFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    UnitFactory,
)
from tests.reading import soup

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def rss(browser: Client, index: Any) -> Any:
    return ElementTree.fromstring(browser.get(f"{index.get_url()}rss/").content).find("channel")  # noqa: S314  # our own


def atom(browser: Client, index: Any) -> Any:
    return ElementTree.fromstring(browser.get(f"{index.get_url()}atom/").content)  # noqa: S314  # our own


def names(feed: Any) -> list[str | None]:
    return [title.text for title in feed.findall("item/title") or feed.findall("a:entry/a:title", ATOM)]


def ids(browser: Client, index: Any) -> list[str | None]:
    """Return what identifies the first item in either syntax."""
    return [rss(browser, index).findtext("item/guid"), atom(browser, index).findtext("a:entry/a:id", None, ATOM)]


def test_a_feed_holds_what_the_list_shows_the_reader(client: Client, sign_in: Any, news_index: Any, staff: Any) -> None:
    NewsPageFactory(parent=news_index, title="Concert")
    NewsPageFactory(parent=news_index, title="Conseil", audiences=[staff], access=Access.RESERVED)
    member = sign_in([staff])

    for read in (rss, atom):
        assert names(read(client, news_index)) == ["Concert"]
        assert sorted(names(read(member, news_index))) == ["Concert", "Conseil"]


def test_an_item_says_what_a_card_says(client: Client, news_index: Any) -> None:
    at = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    news = NewsPageFactory(
        parent=news_index,
        title="L’été & <l’hiver>",
        summary="Ouvert « à tous ».",
        unit=UnitFactory(name="Service culturel"),
        first_published_at=at,
        published_on=at.date(),
    )

    item = rss(client, news_index).find("item")

    assert item.findtext("title") == "L’été & <l’hiver>"
    assert item.findtext("description") == "Ouvert « à tous »."
    assert item.findtext("link") == f"http://testserver{news.url}"
    assert parsedate_to_datetime(item.findtext("pubDate")) == at


def test_an_item_stays_the_same_when_its_page_is_renamed_and_moved(
    client: Client, news_index: Any, sections: Any
) -> None:
    news = NewsPageFactory(parent=news_index, title="Concert", slug="concert")
    before = ids(client, news_index)
    news.slug = "grand-concert"
    news.save_revision().publish()
    news.refresh_from_db()
    news.move(NewsIndexPageFactory(parent=SectionPageFactory(parent=sections)), pos="last-child")

    after = ids(client, news_index)

    assert after == before
    assert "grand-concert" in rss(client, news_index).findtext("item/link")


def test_a_feed_says_its_type_language_and_address(client: Client, news_index: Any) -> None:
    as_rss, as_atom = client.get(f"{news_index.url}rss/"), client.get(f"{news_index.url}atom/")

    assert as_rss["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert as_atom["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert rss(client, news_index).findtext("language") == "fr"
    assert rss(client, news_index).findtext("title") == "Actualités · Parvis"
    own = [one.attrib["href"] for one in atom(client, news_index).findall("a:link[@rel='self']", ATOM)]
    assert own == [f"http://testserver{news_index.url}atom/"]


def test_a_list_tells_browsers_of_its_feeds(client: Client, news_index: Any) -> None:
    alternates = soup(client.get(news_index.url)).select('link[rel="alternate"][type]')

    assert [one["href"] for one in alternates] == [f"{news_index.url}rss/", f"{news_index.url}atom/"]
    assert all(client.get(one["href"]).status_code == 200 for one in alternates)


def test_the_feed_of_a_section_holds_its_own_news(client: Client, news_index: Any, sections: Any) -> None:
    own = NewsIndexPageFactory(parent=SectionPageFactory(parent=sections), title="Sciences")
    NewsPageFactory(parent=own, title="Soutenance")
    NewsPageFactory(parent=news_index, title="Concert")

    assert names(rss(client, own)) == ["Soutenance"]
    assert sorted(names(rss(client, news_index))) == ["Concert", "Soutenance"]


def test_a_feed_without_news_is_a_feed(client: Client, news_index: Any) -> None:
    assert names(rss(client, news_index)) == []
    assert names(atom(client, news_index)) == []


def test_the_feed_of_a_list_for_others_is_not_there(client: Client, home: Any, staff: Any) -> None:
    hidden = NewsIndexPageFactory(parent=home, title="Interne", audiences=[staff], access=Access.RESERVED)

    for syntax in ("rss", "atom"):
        answer = client.get(f"{hidden.url}{syntax}/")
        assert answer.status_code == 404
        assert "Interne" not in answer.content.decode()


def test_a_feed_ends_after_thirty_and_costs_the_same(client: Client, news_index: Any, count_queries: Any) -> None:
    NewsPageFactory(parent=news_index, unit=UnitFactory())
    rss(client, news_index)
    one = count_queries(rss, client, news_index)
    for _number in range(31):
        NewsPageFactory(parent=news_index, unit=UnitFactory())
    rss(client, news_index)

    assert count_queries(rss, client, news_index) == one
    assert len(names(rss(client, news_index))) == 30


def test_the_sitemap_holds_what_anyone_may_read_whoever_asks(
    client: Client, administrator: Client, sign_in: Any, news_index: Any, english_home: Any, staff: Any
) -> None:
    shown = NewsPageFactory(parent=news_index, title="Concert")
    hidden = NewsPageFactory(parent=news_index, title="Conseil", audiences=[staff], access=Access.RESERVED)
    draft = NewsPageFactory(parent=news_index, title="Brouillon", live=False)
    english = shown.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)

    for browser in (client, administrator, sign_in([staff])):
        tree = ElementTree.fromstring(browser.get("/sitemap.xml").content)  # noqa: S314  # our own
        addresses = {one.text for one in tree.findall("s:url/s:loc", SITEMAP)}
        assert f"http://testserver{shown.url}" in addresses
        assert {"http://testserver/", "http://testserver/en/"} <= addresses
        for page in (hidden, draft, english):
            assert f"http://testserver{page.get_url()}" not in addresses


def test_a_program_that_has_the_feed_is_told_that_nothing_changed(
    kept_bodies: None, client: Client, sign_in: Any, news_index: Any, staff: Any
) -> None:
    NewsPageFactory(parent=news_index, title="Concert")
    NewsPageFactory(parent=news_index, title="Conseil", audiences=[staff], access=Access.RESERVED)
    for syntax in ("rss", "atom"):
        address = f"{news_index.url}{syntax}/"
        first = client.get(address)
        same = client.get(address, headers={"If-None-Match": first["ETag"]})
        other = sign_in([staff]).get(address, headers={"If-None-Match": first["ETag"]})

        assert first.status_code == 200
        assert (same.status_code, same.content) == (304, b"")
        assert other.status_code == 200
        assert "Conseil" in other.content.decode()

    NewsPageFactory(parent=news_index, title="Autre")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_feed_is_kept_by_no_cache_on_the_way(client: Client, sign_in: Any, news_index: Any, students: Any) -> None:
    NewsPageFactory(parent=news_index)
    for syntax in ("rss", "atom"):
        address = f"{news_index.url}{syntax}/"
        anyone, member = client.get(address), sign_in([students]).get(address)
        again = client.get(address, headers={"If-None-Match": anyone["ETag"]})

        assert anyone["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
        assert member["Cache-Control"] == "private, no-store"
        assert "Cookie" in anyone["Vary"]


def test_an_empty_feed_does_not_change_by_itself(client: Client, news_index: Any, time_machine: Any) -> None:
    first = client.get(f"{news_index.url}atom/")
    time_machine.move_to(timezone.now() + timedelta(hours=1))

    assert client.get(f"{news_index.url}atom/")["ETag"] == first["ETag"]


def test_what_an_address_asks_beside_is_not_repeated_in_a_feed_that_others_read(
    kept_bodies: None, client: Client, news_index: Any
) -> None:
    NewsPageFactory(parent=news_index)
    client.get(f"{news_index.url}rss/", {"x": "https://elsewhere.example/"})

    assert "elsewhere" not in client.get(f"{news_index.url}rss/").content.decode()


def test_a_category_and_a_year_have_their_feeds(client: Client, news_index: Any) -> None:
    category = NewsCategoryFactory(name="Vie des campus")
    NewsPageFactory(parent=news_index, title="Marché", category=category, published_on=date(2024, 5, 1))
    NewsPageFactory(parent=news_index, title="Bourses", published_on=date(2025, 5, 1))
    AnnouncementPageFactory(parent=news_index, title="Salle changée")

    def read(address: str) -> tuple[str | None, list[str | None], str | None]:
        channel = ElementTree.fromstring(client.get(address).content).find("channel")  # noqa: S314  # our own
        assert channel is not None
        return channel.findtext("title"), names(channel), channel.findtext("link")

    base = f"http://testserver{news_index.url}"
    for address, title, items in (
        (f"{news_index.url}rss/", "Actualités", ["Salle changée", "Bourses", "Marché"]),
        (f"{news_index.url}rss/?category=vie-des-campus", "Actualités · Vie des campus", ["Marché"]),
        (f"{news_index.url}2025/rss/", "Actualités · 2025", ["Bourses"]),
        (f"{news_index.url}2024/rss/?category=vie-des-campus", "Actualités · Vie des campus · 2024", ["Marché"]),
    ):
        assert read(address) == (
            f"{title} · Parvis",
            items,
            base.replace(news_index.url, address).replace("rss/", ""),
        ), address
        page = soup(client.get(address.replace("rss/", "")))
        assert address in {link["href"] for link in page.select('link[type="application/rss+xml"]')}


def test_the_home_page_tells_browsers_of_the_feed_of_the_portal(client: Client, news_index: Any) -> None:
    found = {link["href"] for link in soup(client.get("/")).select('link[rel="alternate"][type]')}

    assert found == {f"{news_index.url}rss/", f"{news_index.url}atom/"}
