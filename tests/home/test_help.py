"""Help, from every page and every error: the page's own contact if the reader may see it, else the institution's."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from audience.models import Access
from content.models import PortalSettings
from tests.factories import (
    NewsIndexPageFactory,
    NewsPageFactory,
    PortalDocumentFactory,
    SectionPageFactory,
    StandardPageFactory,
    UnitFactory,
)
from tests.reading import soup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def institution(home: Any) -> None:
    said = PortalSettings.load()
    said.address = "Standard : 03 00 00 10 00"
    said.help_page_id = StandardPageFactory(parent=home, title="Aide", slug="aide").pk
    said.save()


def asked(browser: Client, address: str, **more: str) -> Any:
    return soup(browser.get(reverse("help"), {"from": address, **more})).main


def link(browser: Client, address: str, selector: str = ".site-footer__legal") -> dict[str, list[str]]:
    """Return what the link to help on a page carries."""
    found = [
        one["href"] for one in soup(browser.get(address)).select(f"{selector} a") if reverse("help") in one["href"]
    ]
    return parse_qs(urlsplit(found[0]).query)


def test_every_page_leads_there_with_its_address(client: Client, news_index: Any) -> None:
    news = NewsPageFactory(parent=news_index)
    for address in ("/", news.url, reverse("alerts"), "/recherche/"):
        assert link(client, address) == {"from": [address]}
    assert link(client, "/en/")["from"] == ["/en/"]


def test_what_was_typed_in_a_search_is_not_carried(client: Client, home: Any) -> None:
    assert link(client, "/recherche/?q=secret") == {"from": ["/recherche/"]}


def test_an_error_leads_there_with_the_id_that_the_log_has(client: Client, home: Any) -> None:
    answer = client.get("/nulle-part/")
    (ask,) = [one["href"] for one in soup(answer).main.select("a") if reverse("help") in one["href"]]

    carried = parse_qs(urlsplit(ask).query)
    assert carried == {"from": ["/nulle-part/"], "ref": [answer["X-Request-ID"]]}
    assert answer["X-Request-ID"] in soup(client.get(ask)).select_one("#help-reference").get_text()


def test_a_page_says_who_helps_with_it(client: Client, home: Any) -> None:
    unit = UnitFactory(name="Scolarité")
    page = StandardPageFactory(parent=home, title="Bourses", contact="Bureau 12, bourses@valmont.example", unit=unit)

    shown = asked(client, page.url)

    assert "Bureau 12" in shown.select_one("#help-unit").get_text()
    assert "Scolarité" in shown.select_one("#help-unit").get_text()
    assert shown.select_one(".page-head a")["href"] == page.url
    assert "03 00 00 10 00" in shown.select_one("#help-institution").get_text()


def test_without_a_contact_its_section_helps_else_the_section_of_its_unit(
    client: Client, home: Any, sections: Any
) -> None:
    unit = UnitFactory(name="UFR Sciences")
    section = SectionPageFactory(parent=sections, title="Sciences", unit=unit, contact="Accueil, bâtiment A")
    inside = NewsPageFactory(parent=NewsIndexPageFactory(parent=section))
    elsewhere = StandardPageFactory(parent=home, unit=unit)

    for page in (inside, elsewhere):
        assert "Accueil, bâtiment A" in asked(client, page.url).select_one("#help-unit").get_text()


def test_a_page_that_is_not_for_the_reader_is_as_one_that_is_not_there(
    client: Client, sign_in: Any, home: Any, staff: Any
) -> None:
    page = StandardPageFactory(
        parent=home, title="Cabinet", slug="aaaaa", contact="Poste 4711", audiences=[staff], access=Access.RESERVED
    )
    document = PortalDocumentFactory(title="Charte")

    def answer(address: str) -> str:
        told = client.get(reverse("help"), {"from": address}).content.decode()
        for form in (address, quote(address, safe=""), quote(quote(address, safe=""), safe="")):
            told = told.replace(form, "HERE")
        return told

    assert answer(page.url) == answer("/zzzzz/")
    assert answer(document.url) == answer("/documents/99/x")
    assert "Poste 4711" in asked(sign_in([staff]), page.url).get_text()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "//evil.example/",
        "https://evil.example/",
        "http://[",
        "/\x00/",
        "/" + "a" * 5000,
        "<script>",
        "?x",
        "/%",
    ],
)
def test_what_is_no_address_gives_the_institution(client: Client, address: str) -> None:
    shown = asked(client, address, ref="<b>")

    assert shown.select_one("#help-institution")
    assert shown.select_one("#help-unit") is None
    assert shown.select_one("#help-reference") is None
    assert "evil" not in shown.get_text()


def test_home_itself_is_a_page_one_may_ask_about(client: Client, home: Any) -> None:
    home.contact = "L’équipe du portail"
    home.save()

    assert "L’équipe du portail" in asked(client, "/").get_text()
