"""Home on a phone, at 8:55: what comes next and what one opens every morning, without scrolling."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("persona", ["ines.marchetti", "sylvie.combes"])
def test_what_comes_next_and_three_services_are_in_the_first_view_of_a_phone(visit, persona):
    page = visit("/", persona=persona, width=390)
    page.set_viewport_size({"width": 390, "height": 844})

    seen = page.locator(".bottom-nav").bounding_box()["y"]
    slab = page.locator(".next-slab").bounding_box()
    tiles = [tile.bounding_box() for tile in page.locator(".service-tile").all()[:3]]

    assert [part["y"] + part["height"] <= seen for part in (slab, *tiles)] == [True] * 4
    assert slab["y"] < min(tile["y"] for tile in tiles)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_lecturer_who_is_a_researcher_puts_research_first_by_keyboard_and_without_a_script(visit):
    page = visit("/", persona="antoine.delestre")
    first = page.locator(".service-tile__name").first
    assert first.inner_text() == "Emploi du temps"

    page.get_by_role("button", name="Recherche", exact=True).focus()
    page.keyboard.press("Enter")

    page.locator(".order-choice [aria-pressed=true]", has_text="Recherche").wait_for()
    assert page.locator(".service-tile__name").first.inner_text() == "Archive ouverte"
    page.get_by_role("button", name="Enseignement", exact=True).click()
    page.locator(".order-choice [aria-pressed=true]", has_text="Enseignement").wait_for()
