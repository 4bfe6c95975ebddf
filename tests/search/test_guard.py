"""Who may open an address."""

from __future__ import annotations

from audience.models import Access
from tests.factories import NewsPageFactory


def test_a_visitor_is_not_told_of_news_reserved_for_staff(client, news_index, staff):
    NewsPageFactory(parent=news_index, title="Journée portes ouvertes")
    hidden = NewsPageFactory(parent=news_index, title="Conseil social", audiences=[staff], access=Access.RESERVED)

    page = client.get(news_index.url).content.decode()

    assert "Journée portes ouvertes" in page
    assert "Conseil social" not in page
    assert client.get(hidden.url).status_code == 404


def test_staff_read_the_news_reserved_for_them(sign_in, news_index, staff):
    hidden = NewsPageFactory(parent=news_index, title="Conseil social", audiences=[staff], access=Access.RESERVED)
    browser = sign_in([staff])

    assert "Conseil social" in browser.get(news_index.url).content.decode()
    assert browser.get(hidden.url).status_code == 200
