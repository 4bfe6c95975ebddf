"""Links of texts and chosen pages lead only where the reader may go, in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from audience.models import Access
from tests.factories import NewsPageFactory, PortalDocumentFactory, StandardPageFactory
from tests.reading import soup, titles

pytestmark = pytest.mark.django_db


def page_with(home: Any, *blocks: tuple[str, Any], **more: Any) -> Any:
    return StandardPageFactory(parent=home, title="Liens", body=list(blocks), **more)


def to_page(page: Any, words: str = "ici") -> tuple[str, str]:
    return ("text", f'<p>Voir <a linktype="page" id="{page.pk}">{words}</a>.</p>')


def to_document(document: Any) -> tuple[str, str]:
    return ("text", f'<p>Voir <a linktype="document" id="{document.pk}">ici</a>.</p>')


def link(browser: Client, page: Any) -> Any:
    """Return where the first link of the text leads; None when it leads nowhere."""
    return soup(browser.get(page.get_url())).select_one(".prose a").get("href")


def test_a_link_in_a_text_leads_to_its_page(client: Client, home: Any, news_index: Any) -> None:
    news = NewsPageFactory(parent=news_index, title="Concert")

    assert link(client, page_with(home, to_page(news))) == news.url


def test_a_link_to_what_is_reserved_keeps_its_words_and_tells_no_address(
    client: Client, sign_in: Any, home: Any, news_index: Any, staff: Any
) -> None:
    hidden = NewsPageFactory(
        parent=news_index, title="Conseil social", slug="conseil-secret", audiences=[staff], access=Access.RESERVED
    )
    page = page_with(home, to_page(hidden, "le compte rendu"))

    for_all = client.get(page.url).content.decode()

    assert "le compte rendu" in for_all
    assert "conseil-secret" not in for_all
    assert link(client, page) is None
    assert link(sign_in([staff]), page) == hidden.url


@pytest.mark.parametrize("gone", ["deleted", "unpublished", "never"])
def test_a_link_to_what_is_gone_leads_nowhere(client: Client, home: Any, news_index: Any, gone: str) -> None:
    news = NewsPageFactory(parent=news_index, title="Concert", live=gone != "never")
    page = page_with(home, to_page(news))
    if gone == "deleted":
        news.delete()
    elif gone == "unpublished":
        news.unpublish()

    assert link(client, page) is None


def test_a_link_follows_a_page_that_moves(client: Client, home: Any, news_index: Any) -> None:
    target = StandardPageFactory(parent=home, title="Cible", slug="cible")
    above = StandardPageFactory(parent=home, title="Au-dessus", slug="au-dessus")
    page = page_with(home, to_page(target))

    target.refresh_from_db()
    target.move(above, pos="last-child")

    assert link(client, page) == "/au-dessus/cible/"


def test_a_link_leads_to_the_page_in_the_readers_language(client: Client, home: Any, english_home: Any) -> None:
    english = Locale.objects.get(language_code="en")
    french = StandardPageFactory(parent=home, title="Aide", slug="aide")
    translated = french.copy_for_translation(english)
    translated.slug, translated.title = "help", "Help"
    translated.save_revision().publish()
    page = page_with(english_home, to_page(french), locale=english)

    assert link(client, page) == "/en/help/"
    assert link(client, page_with(home, to_page(french))) == "/aide/"


def test_a_link_to_a_page_without_a_translation_leads_to_it_all_the_same(
    client: Client, home: Any, english_home: Any
) -> None:
    french = StandardPageFactory(parent=home, title="Aide", slug="aide")
    page = page_with(english_home, to_page(french), locale=Locale.objects.get(language_code="en"))

    assert link(client, page) == "/aide/"


def test_links_within_other_blocks_are_those_of_the_reader_too(
    client: Client, home: Any, news_index: Any, staff: Any
) -> None:
    shown = NewsPageFactory(parent=news_index, slug="concert")
    hidden = NewsPageFactory(parent=news_index, slug="conseil", audiences=[staff], access=Access.RESERVED)
    text = f'<p><a linktype="page" id="{shown.pk}">un</a> <a linktype="page" id="{hidden.pk}">deux</a></p>'
    item = {"title": "Point", "text": text}
    page = page_with(
        home,
        ("callout", {"tone": "info", "title": "", "text": text}),
        ("steps", {"items": [item]}),
        ("accordion", {"items": [item]}),
    )

    body = client.get(page.url).content.decode()

    assert body.count(f'href="{shown.url}"') == 3
    assert body.count("<a>deux</a>") == 3
    assert "conseil" not in body


def test_chosen_pages_are_cards_for_who_may_see_them_in_their_order(
    client: Client, sign_in: Any, home: Any, news_index: Any, staff: Any
) -> None:
    last = NewsPageFactory(parent=news_index, title="Travaux")
    hidden = NewsPageFactory(parent=news_index, title="Conseil", audiences=[staff], access=Access.RESERVED)
    first = NewsPageFactory(parent=news_index, title="Concert")
    page = page_with(home, ("pages", [last, hidden, first]))

    assert titles(client.get(page.url)) == ["Travaux", "Concert"]
    assert titles(sign_in([staff]).get(page.url)) == ["Travaux", "Conseil", "Concert"]


def test_documents_are_linked_and_listed_for_who_may_open_them(
    client: Client, sign_in: Any, home: Any, staff: Any
) -> None:
    shown = PortalDocumentFactory(title="Règlement")
    hidden = PortalDocumentFactory(title="Procès-verbal", access=Access.RESERVED)
    hidden.audiences.set([staff])
    page = page_with(home, to_document(hidden), ("documents", [shown, hidden]))
    member = sign_in([staff])

    assert link(client, page) is None
    assert "Procès-verbal" not in client.get(page.url).content.decode()
    assert "Règlement" in client.get(page.url).content.decode()
    assert member.get(link(member, page)).status_code == 200
    assert "Procès-verbal" in member.get(page.url).content.decode()


def test_a_text_with_ten_links_costs_no_more_queries_than_one(
    client: Client, home: Any, news_index: Any, count_queries: Any
) -> None:
    targets = [NewsPageFactory(parent=news_index) for _number in range(10)]
    one, ten = page_with(home, to_page(targets[0])), page_with(home, *map(to_page, targets))
    client.get("/")

    assert count_queries(client.get, one.url) == count_queries(client.get, ten.url)


def test_an_address_outside_and_a_mail_address_stay_as_written(client: Client, home: Any) -> None:
    text = '<p><a href="https://moodle.valmont.example/">Moodle</a> <a href="mailto:a@b.example">écrire</a></p>'
    page = page_with(home, ("text", text))

    addresses = [one["href"] for one in soup(client.get(page.url)).select(".prose a")]

    assert addresses == ["https://moodle.valmont.example/", "mailto:a@b.example"]
