"""From A to Z: what the reader may know of, by its first letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from audience.models import Access, Audience
from search import letters
from search.letters import letter_of
from tests.editing import open_language
from tests.factories import (
    GuidancePageFactory,
    NewsPageFactory,
    SectionPageFactory,
    ServicePageFactory,
)
from tests.reading import links, screen, soup

pytestmark = pytest.mark.django_db


def shown(answer: Any) -> dict[str, list[str]]:
    """Return what stands under each letter."""
    sections = soup(answer).select("main .a-to-z")
    return {one.h2.get_text(): [link.get_text() for link in one.select("a")] for one in sections}


def test_services_guidance_and_sections_stand_under_their_letters_accents_aside(
    client: Client, catalogue: Page, guidance_index: Page, sections: Page, news_index: Page
) -> None:
    ServicePageFactory(parent=catalogue, title="Emploi du temps")
    ServicePageFactory(parent=catalogue, title="ENT mobile")
    SectionPageFactory(parent=sections, title="École d’ingénieurs")
    GuidancePageFactory(parent=guidance_index, title="Obtenir une bourse")
    GuidancePageFactory(parent=guidance_index, title="Œuvres universitaires")
    GuidancePageFactory(parent=guidance_index, title="3 jours pour s’inscrire")
    NewsPageFactory(parent=news_index, title="Fermeture")

    answer = client.get(screen("letters"))

    assert shown(answer) == {
        "0–9": ["3 jours pour s’inscrire"],
        "E": ["École d’ingénieurs", "Emploi du temps", "ENT mobile"],
        "O": ["Obtenir une bourse", "Œuvres universitaires"],
    }
    index = links(answer, ".letters")
    assert index == {"0–9": "#letter-0", "E": "#letter-E", "O": "#letter-O"}
    assert {one["id"] for one in soup(answer).select("main h2")} == {link[1:] for link in index.values()}


@pytest.mark.parametrize(
    ("title", "language", "letter"),
    [("Ñandú", "es", "Ñ"), ("Ñandú", "fr", "N"), ("Noticias", "es", "N"), ("« Été »", "fr", "E"), ("…", "fr", "0–9")],
)
def test_each_language_has_its_letters(title: str, language: str, letter: str) -> None:
    assert letter_of(title, language) == letter


def test_what_is_for_others_stands_under_no_letter(
    client: Client, sign_in: Any, catalogue: Page, staff: Audience
) -> None:
    ServicePageFactory(parent=catalogue, title="Agenda partagé")
    ServicePageFactory(parent=catalogue, title="Zone de paie", audiences=[staff], access=Access.RESERVED)

    assert shown(client.get(screen("letters"))) == {"A": ["Agenda partagé"]}
    assert shown(sign_in([staff]).get(screen("letters"))) == {"A": ["Agenda partagé"], "Z": ["Zone de paie"]}


def test_what_is_not_translated_is_listed_in_its_own_language(client: Client, catalogue: Page) -> None:
    ServicePageFactory(parent=catalogue, title="Messagerie")
    open_language("es")

    answer = client.get(screen("letters", "es"))
    assert shown(answer) == {"M": ["Messagerie"]}
    assert soup(answer).select_one("main .a-to-z a")["lang"] == "fr"


def test_ten_cost_as_many_queries_as_one_and_readers_alike_share_the_page(
    client: Client,
    sign_in: Any,
    catalogue: Page,
    students: Audience,
    kept_bodies: None,
    count_queries: Callable[..., int],
) -> None:
    ServicePageFactory(parent=catalogue)
    client.get(screen("plan"))  # what a process keeps is read once
    one = count_queries(client.get, screen("letters"))
    ServicePageFactory.create_batch(9, parent=catalogue)
    client.get(screen("plan"))
    first, alike = sign_in([students]), sign_in([students])

    assert count_queries(client.get, screen("letters")) == one
    first.get(screen("letters"))
    assert count_queries(alike.get, screen("letters")) <= 5


def test_a_list_too_long_says_so_and_offers_the_search(
    client: Client, catalogue: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    ServicePageFactory.create_batch(3, parent=catalogue)
    monkeypatch.setattr(letters, "MOST", 2)

    page = soup(client.get(screen("letters"))).main
    assert len(page.select(".a-to-z__link")) == 2
    assert page.select_one('a[href="/recherche/"]')


def test_the_foot_of_each_page_and_the_plan_lead_there(client: Client, catalogue: Page) -> None:
    page = soup(client.get(screen("plan")))

    for part in ("main", ".site-footer", ".bottom-nav"):
        assert page.select_one(f'{part} a[href="{screen("letters")}"]'), part
