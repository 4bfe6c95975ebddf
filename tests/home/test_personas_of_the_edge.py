"""Whoever is between two states has an audience, and pages are meant for it in the demonstration."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from accounts.alumni import is_graduate
from audience import claims
from audience.models import Condition, Rule
from audience.services import Rulebook

DEMO = Path(__file__).resolve().parents[2] / "home" / "demo"
pytestmark = pytest.mark.once


def read(name: str) -> Any:
    return tomllib.loads((DEMO / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rules() -> tuple[Rulebook, list[str]]:
    listed = read("audiences.toml")["audience"]
    slugs = [one["slug"] for one in listed]
    found = [
        (
            Rule(audience_id=slugs.index(one["slug"])),
            [Condition(**{**condition, "values": ", ".join(condition["values"])}) for condition in rule["conditions"]],
        )
        for one in listed
        for rule in one.get("rules", [])
    ]
    broader = {number: slugs.index(one["broader"]) if one.get("broader") else None for number, one in enumerate(listed)}
    return Rulebook(found, broader), slugs


@pytest.mark.parametrize(
    ("sub", "expected"),
    [
        ("chloe.vasseur", {"admis", "candidats"}),
        ("youssef.amrani", {"candidats"}),
        ("bastien.leroux", {"etudiants"}),
        ("ophelie.lambert", {"diplomes"}),
    ],
)
def test_each_is_in_an_audience_that_pages_are_for(
    rules: tuple[Rulebook, list[str]], sub: str, expected: set[str]
) -> None:
    book, slugs = rules
    (persona,) = [one for one in read("personas.toml")["persona"] if one["sub"] == sub]
    found = {slugs[pk] for position in book.positions(claims.read(persona["claims"])) for pk in position}

    assert expected <= found
    assert not found & {"licence", "l1", "personnels"}
    pages = [path.read_text(encoding="utf-8") for path in DEMO.glob("guidance_*.toml")]
    assert any(f'"{slug}"' in page for page in pages for slug in expected)


def test_the_graduate_is_asked_at_a_private_e_mail() -> None:
    (persona,) = [one for one in read("personas.toml")["persona"] if one["sub"] == "ophelie.lambert"]

    assert is_graduate(claims.read(persona["claims"]))
    assert persona["claims"]["supannMailPerso"].endswith("@courriel.example")
