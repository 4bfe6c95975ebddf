"""The identity colours of sections can be read: measured from the stylesheet's own tokens, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from sections.colours import Colour
from tests.factories import NewsIndexPageFactory, SectionPageFactory, StandardPageFactory
from tests.reading import soup

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
MODERN, _, LEGACY = TOKENS.partition("@supports not (color: light-dark")
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
GROUNDS = ("ground", "surface", "surface-sunk")
THEMES = ("light", "dark")


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def token(name: str, theme: str, *, within: str = MODERN) -> str:
    """Return the value of a custom property in `theme`."""
    said = re.search(rf"--{name}: (?:light-dark\((#\w{{6}}), (#\w{{6}})\)|(#\w{{6}}));", within)
    assert said, name
    return said[3] or said[1 if theme == "light" else 2]


def worn(colour: str, sheet: str = MODERN) -> str:
    """Return the declarations of one identity colour."""
    found = re.search(rf'\[data-colour="{colour}"\] {{([^}}]*)}}', sheet)
    assert found, f"{colour} has no tokens"
    return found[1]


def test_the_measure_is_that_of_the_guidelines() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("colour", Colour.values)
def test_text_and_shapes_in_a_colour_stand_out_from_every_ground(colour: str, theme: str) -> None:
    house, soft = (token(name, theme, within=worn(colour)) for name in ("house", "house-soft"))
    grounds = {name: token(name, theme) for name in GROUNDS} | {"its own soft": soft}

    assert {name: contrast(house, ground) >= TEXT for name, ground in grounds.items()} == dict.fromkeys(grounds, True)
    assert contrast(token("ink", theme), soft) >= TEXT
    assert contrast(house, soft) >= SHAPE


@pytest.mark.parametrize("colour", Colour.values)
def test_browsers_without_light_dark_wear_the_light_one(colour: str) -> None:
    for name in ("house", "house-soft"):
        assert token(name, "light", within=worn(colour, LEGACY)) == token(name, "light", within=worn(colour))


def test_the_stylesheet_has_no_colour_that_cannot_be_chosen() -> None:
    assert set(re.findall(r'data-colour="(\w+)"', TOKENS)) == set(Colour.values)


@pytest.mark.django_db
def test_a_section_wears_its_colour_on_its_band_its_frieze_and_its_menu_alone(client: Client, sections: Any) -> None:
    section = SectionPageFactory(parent=sections, colour=Colour.AMARANTE)
    index = NewsIndexPageFactory(parent=section)
    page = StandardPageFactory(parent=section)

    worn_by = {element["class"][0] for element in soup(client.get(section.url)).select('[data-colour="amarante"]')}
    assert worn_by == {"section-hero", "section-frieze", "section-menu"}
    for inside in (index, page):
        found = soup(client.get(inside.get_url())).select('[data-colour="amarante"]')
        assert [element["class"][0] for element in found] == ["section-menu"]
    assert "style=" not in client.get(section.url).content.decode()


@pytest.mark.django_db
def test_a_colour_that_is_not_offered_is_refused(sections: Any) -> None:
    from django.core.exceptions import ValidationError

    section = SectionPageFactory(parent=sections)
    section.colour = "red; background: url(x)"

    with pytest.raises(ValidationError):
        section.full_clean()
