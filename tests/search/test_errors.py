"""Errors in plain words, in the reader's language; every 404 is the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from audience.models import Access
from tests.factories import NewsPageFactory, PortalDocumentFactory, StandardPageFactory
from tests.reading import soup

TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')


def answer_at(browser: Client, address: str) -> tuple[int, bytes, dict[str, str]]:
    """Return the status, the body and the headers, without what is random and without the address asked."""
    answer = browser.get(address)
    body = TOKEN.sub(rb"\1", answer.content).replace(answer["X-Request-ID"].encode(), b"REQUEST")
    for form in (address, address.replace("/", "%2F"), address.strip("/")):
        body = body.replace(form.encode(), b"HERE")
    headers = {name: value for name, value in answer.headers.items() if name not in {"X-Request-ID", "Content-Length"}}
    return answer.status_code, body, headers


@pytest.fixture
def hidden(news_index: Any, staff: Any, home: Any) -> list[str]:
    """Addresses of things that are there and not for whoever asks."""
    reserved = {"audiences": [staff], "access": Access.RESERVED}
    news = NewsPageFactory(parent=news_index, title="Conseil social", slug="aaaaa", **reserved)
    draft = NewsPageFactory(parent=news_index, title="Brouillon", slug="bbbbb", live=False)
    above = StandardPageFactory(parent=home, title="Vie interne", slug="ccccc", **reserved)
    below = StandardPageFactory(parent=above, title="Congés", slug="ddddd")
    document = PortalDocumentFactory(title="Procès-verbal", access=Access.RESERVED)
    document.audiences.set([staff])
    return [news.url, draft.url, above.url, below.url, document.url]


@pytest.mark.django_db
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_404_is_the_same_whether_or_not_there_is_something(
    client: Client, sign_in: Any, hidden: list[str], signed_in: bool
) -> None:
    browser = sign_in() if signed_in else client
    browser.get("/")  # signing in sets its cookies
    page, file = answer_at(browser, "/actualites/zzzzz/"), answer_at(browser, "/documents/99/example.dat")

    assert page[0] == file[0] == 404
    for address in hidden:
        assert answer_at(browser, address) == (file if "/documents/" in address else page), address


@pytest.mark.django_db
def test_a_404_is_in_plain_words_with_a_search_box_and_a_way_to_sign_in(client: Client, home: Any) -> None:
    page = soup(client.get("/nulle-part/?x=1"))

    assert page.html["lang"] == "fr"
    assert page.h1.get_text() == "Cette page n’existe pas, ou ne vous est pas ouverte"
    assert page.select_one('main form[role="search"]')["action"] == "/recherche/"
    assert page.select_one("main .sign-in a")["href"] == "/oidc/authenticate/?next=%2Fnulle-part%2F%3Fx%3D1"


@pytest.mark.django_db
def test_a_404_is_in_the_language_of_its_address(client: Client, home: Any) -> None:
    page = soup(client.get("/en/nowhere/"))

    assert page.html["lang"] == "en"
    assert page.h1.get_text() == "This page does not exist, or is not open to you"
    assert page.select_one('main form[role="search"]')["action"] == "/en/search/"


@pytest.mark.django_db
def test_a_signed_in_reader_is_not_told_to_sign_in(sign_in: Any, home: Any) -> None:
    assert soup(sign_in().get("/nulle-part/")).select("main .sign-in") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/%00", "/%ff%fe/", "/actualites/%2e%2e/", "/" + "a" * 3000, "/en/fr/", "/pourquoi/x/", "/service-state/x/"],
)
def test_an_address_nobody_wrote_is_a_404_and_not_a_failure(client: Client, news_index: Any, address: str) -> None:
    assert client.get(address, follow=True).status_code == 404


@pytest.mark.django_db
def test_a_page_for_a_group_says_so_to_who_is_not_in_it(sign_in: Any, news_index: Any) -> None:
    news = NewsPageFactory(parent=news_index, title="Concert")
    PageViewRestriction.objects.create(page=news, restriction_type=PageViewRestriction.GROUPS)
    group = Group.objects.create(name="Comité")
    PageViewRestriction.objects.get(page=news).groups.set([group])

    refused = sign_in().get(news.url)

    assert refused.status_code == 403
    assert soup(refused).h1.get_text() == "Vous n’avez pas le droit de faire ceci"
    assert "Cette page est destinée à un groupe dont vous n’êtes pas." in refused.content.decode()
    assert "Concert" not in refused.content.decode()
    assert sign_in(groups=(group,)).get(news.url).status_code == 200


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_plain_words(sign_in: Any, home: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = sign_in().cookies

    refused = browser.post(reverse("see_as"), {"leave": "1"})

    assert refused.status_code == 403
    assert "Le formulaire était ouvert depuis trop longtemps" in refused.content.decode()
    assert soup(refused).select_one(".site-header")


def broken(*_args: Any, **_kwargs: Any) -> None:
    raise OperationalError("the database is away")


@pytest.fixture
def without_database(db: None) -> Callable[[], Any]:
    return lambda: connection.execute_wrapper(broken)


@pytest.mark.parametrize("address", ["/", "/actualites/", "/recherche/?q=x", "/en/", "/nulle-part/"])
def test_without_its_database_the_portal_says_that_it_has_failed(
    home: Any, without_database: Callable[[], Any], address: str
) -> None:
    browser = Client(raise_request_exception=False)
    with without_database():
        answer = browser.get(address)

    page = soup(answer)
    assert answer.status_code == 500
    assert page.h1.get_text() == ("The portal has failed" if address == "/en/" else "Le portail est en panne")
    assert page.html["lang"] == ("en" if address == "/en/" else "fr")
    assert page.select_one('link[rel="stylesheet"]')
    assert "database is away" not in answer.content.decode()
    assert answer["X-Request-ID"]


def test_a_signed_in_reader_too_gets_the_page_of_the_failure(
    sign_in: Any, home: Any, without_database: Callable[[], Any]
) -> None:
    browser = sign_in()
    browser.raise_request_exception = False
    with without_database():
        answer = browser.get("/")

    assert answer.status_code == 500
    assert "Le portail est en panne" in answer.content.decode()
    assert browser.get("/").status_code == 200


def test_what_cannot_be_taken_is_said_in_the_portals_words(client: Client) -> None:
    answer = client.get("/", headers={"Host": "elsewhere.example"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'class="message-page__lead"' in page
    assert "elsewhere" not in page
