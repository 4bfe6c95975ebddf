"""Who may open an address."""

from __future__ import annotations

from wagtail.models import Locale, PageViewRestriction

from audience.models import Access
from tests.factories import NewsPageFactory, StandardPageFactory
from tests.reading import soup


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


def give_password(browser, page, password):
    """Fill in the form that stands at the page's address; return the portal's answer."""
    form = soup(browser.get(page.url)).select_one("main form:has([name=password])")
    assert form is not None
    return browser.post(form["action"], {"password": password, "return_url": page.url})


def test_the_password_of_a_translated_page_is_asked_once(client, home, english_home):
    page = StandardPageFactory(parent=home, title="Jury")
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="sésame")
    translated = page.copy_for_translation(Locale.objects.get(language_code="en"))
    translated.save_revision().publish()
    alias = page.create_alias(parent=StandardPageFactory(parent=home), update_slug="jury")

    give_password(client, page, "sésame")

    assert "Jury" in client.get(page.url).content.decode()
    assert "Jury" in client.get(translated.url).content.decode()
    give_password(client, alias, "sésame")
    assert "Jury" in client.get(alias.url).content.decode()


def test_another_password_above_is_still_asked(client, home):
    above = StandardPageFactory(parent=home, title="Jury")
    page = StandardPageFactory(parent=above, title="Sujets")
    PageViewRestriction.objects.create(page=above, restriction_type="password", password="sésame")
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="autre")

    give_password(client, page, "sésame")
    assert "Sujets" not in client.get(page.url).content.decode()

    give_password(client, page, "autre")
    assert "Sujets" in client.get(page.url).content.decode()


def test_a_password_given_twice_leads_to_the_page(client, home):
    page = StandardPageFactory(parent=home, title="Jury")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="password", password="sésame")
    address = f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    client.post(address, {"password": "sésame", "return_url": page.url})

    answer = client.post(address, {"password": "sésame", "return_url": page.url})

    assert (answer.status_code, answer["Location"]) == (302, page.url)
