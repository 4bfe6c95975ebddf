"""Fiches: the list by need, and one fiche."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audience.models import Access
from guidance.needs import Need
from search.models import Entry
from tests.factories import GuidanceIndexPageFactory, GuidancePageFactory, SectionPageFactory, UnitFactory
from tests.reading import part, soup, titles

pytestmark = pytest.mark.django_db
STEPS = [("step", {"title": "Remplir", "text": "<p>Le dossier.</p>"}), ("step", {"title": "Payer", "text": ""})]


def test_fiches_stand_under_their_need_by_title(client: Client, guidance_index: Any) -> None:
    for need, title in [
        ("Je m’inscris", "Redoubler"),
        ("Je pars", "Erasmus"),
        ("Je m’inscris", "Payer"),
        ("", "Divers"),
    ]:
        named = Need.objects.get_or_create(name=need)[0] if need else None
        GuidancePageFactory(parent=guidance_index, title=title, need=named)

    page = soup(client.get(guidance_index.url))
    shown = {
        group.h2.get_text(): [link.get_text() for link in group.select("article a")]
        for group in page.main.select("section")
    }

    assert shown == {"Je m’inscris": ["Payer", "Redoubler"], "Je pars": ["Erasmus"], "Autres démarches": ["Divers"]}
    assert list(shown) == ["Je m’inscris", "Je pars", "Autres démarches"]


def test_a_list_without_fiches_says_so(client: Client, guidance_index: Any) -> None:
    assert "Pas de fiche pratique" in client.get(guidance_index.url).content.decode()


def test_what_is_reserved_is_listed_for_its_readers_only(
    client: Client, sign_in: Any, guidance_index: Any, staff: Any
) -> None:
    GuidancePageFactory(parent=guidance_index, title="Congés", audiences=[staff], access=Access.RESERVED)

    assert titles(client.get(guidance_index.url)) == []
    assert titles(sign_in([staff]).get(guidance_index.url)) == ["Congés"]


def test_a_section_has_its_own_fiches(client: Client, guidance_index: Any, sections: Any) -> None:
    own = GuidanceIndexPageFactory(parent=SectionPageFactory(parent=sections))
    GuidancePageFactory(parent=own, title="Mémoire")
    GuidancePageFactory(parent=guidance_index, title="Erasmus")

    assert titles(client.get(own.url)) == ["Mémoire"]
    assert titles(client.get(guidance_index.url)) == ["Erasmus", "Mémoire"]


def test_a_fiche_shows_its_steps_in_order_and_its_contents(client: Client, guidance_index: Any) -> None:
    fiche = GuidancePageFactory(
        parent=guidance_index,
        title="S’inscrire",
        steps=STEPS,
        body=[("heading", {"text": "Qui peut ?"}), ("text", "<p>Tout le monde.</p>")],
    )

    page = soup(client.get(fiche.url))

    assert [step.get_text() for step in page.select("ol.steps h3")] == ["Remplir", "Payer"]
    contents = [link["href"] for link in page.select("nav.toc a")]
    assert contents == ["#steps", "#qui-peut"]
    assert all(page.select_one(f"main {anchor}") for anchor in contents)


def test_the_words_of_the_steps_are_found(guidance_index: Any) -> None:
    fiche = GuidancePageFactory(parent=guidance_index, title="S’inscrire", steps=STEPS)

    entry = Entry.objects.of_page(fiche).select_related("text").get()

    assert entry.extra["steps"] == 2
    assert "Le dossier." in entry.text.body


def test_ten_fiches_cost_no_more_queries_than_one(client: Client, guidance_index: Any, count_queries: Any) -> None:
    GuidancePageFactory(parent=guidance_index, unit=UnitFactory())
    client.get(guidance_index.url)
    one = count_queries(client.get, guidance_index.url)
    for _number in range(9):
        GuidancePageFactory(parent=guidance_index, unit=UnitFactory())
    client.get(guidance_index.url)

    assert count_queries(client.get, guidance_index.url) == one


def test_fiches_of_the_same_need_then_of_the_same_unit_are_read_next_and_no_other(
    client: Client, guidance_index: Any
) -> None:
    need, unit = Need.objects.create(name="Je pars à l’étranger"), UnitFactory()
    fiche = GuidancePageFactory(parent=guidance_index, need=need, unit=unit)
    GuidancePageFactory(parent=guidance_index, title="De la même structure", unit=unit)
    GuidancePageFactory(parent=guidance_index, title="Du même besoin", need=need)
    GuidancePageFactory(parent=guidance_index, title="Tout autre chose")

    assert part(client.get(fiche.url), "related") == ["Du même besoin", "De la même structure"]
