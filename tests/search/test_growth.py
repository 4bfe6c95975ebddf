"""What a page costs does not grow with what the portal holds."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from audience.models import Access, Audience
from tests.factories import (
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    SectionsIndexPageFactory,
)

pytestmark = pytest.mark.django_db

FEW = 30
MANY = 3000 if os.environ.get("PARVIS_WHOLE") == "1" else 120


@pytest.fixture
def places(home: Any) -> dict[str, Any]:
    sections = SectionsIndexPageFactory(parent=home, slug="sections")
    section = SectionPageFactory(parent=sections, slug="lettres")
    news = NewsIndexPageFactory(parent=home, slug="actualites")
    return {"news": news, "section": section, "section news": NewsIndexPageFactory(parent=section, slug="actualites")}


def fill(places: dict[str, Any], number: int, audience: Audience) -> Any:
    for one in range(number // 2):
        kind = {"audiences": [audience], "access": Access.RESERVED} if one % 3 == 0 else {}
        NewsPageFactory(parent=places["news"], title=f"Actualité {one} commun", **kind)
        last = NewsPageFactory(parent=places["section news"], title=f"Actualité {one} commun", audiences=[audience])
    return last


@pytest.mark.parametrize("signed_in", [False, True])
def test_home_an_index_a_section_a_page_and_a_search_cost_the_same_with_few_and_with_many_entries(
    places: dict[str, Any],
    sign_in: Callable[..., Client],
    staff: Audience,
    count_queries: Callable[..., int],
    signed_in: bool,
) -> None:
    browser = sign_in([staff]) if signed_in else Client()
    costs: list[dict[str, int]] = []
    for number in (FEW, MANY - FEW):
        page = fill(places, number, staff)
        addresses = {
            "home": "/", "index": places["news"].url, "section": places["section"].url, "page": page.url,
            "search": "/recherche/?q=commun", "rss": f"{places['news'].url}rss/",
        }  # fmt: skip
        for url in addresses.values():
            assert browser.get(url).status_code == 200
        costs.append({name: count_queries(browser.get, url) for name, url in addresses.items()})

    assert costs[0] == costs[1]
    assert costs[0]["home"] <= 14
    assert costs[0]["search"] <= 12
