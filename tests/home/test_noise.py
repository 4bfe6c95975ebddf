"""Four hundred news in thirty days from forty sections: what is first is the reader's own, and not of one unit."""

from __future__ import annotations

import json
import random
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audience.demands import audience_clauses, demand_id
from audience.models import Audience, KnownReader
from audience.services import remember
from audience.version import touch
from home.demonstration.records import load_audiences, load_units
from search.models import Entry
from tests.factories import NewsPageFactory, ReaderFactory, SectionPageFactory, UnitFactory
from tests.reading import part

pytestmark = pytest.mark.django_db

NEWS, DAYS, SECTIONS = 400, 30, 40
FIRST = 5
PERSONAS = (
    "ines.marchetti", "malik.sauvage", "louise.karadec", "hannah.osei", "antoine.delestre", "aicha.verdier",
    "tomas.ferreira", "sylvie.combes", "karim.benhaddou", "thanh.riviere", "camille.stavrou", "mathilde.roche",
)  # fmt: skip
PERSONAS_FILE = Path(__file__).resolve().parents[2] / "home" / "demo" / "personas.toml"


@dataclass(frozen=True)
class Told:
    """One of the news, said plainly."""

    unit: int
    audiences: tuple[Audience, ...]

    def is_narrow_for(self, positions: list[set[int]]) -> bool:
        """Whether one position meets what it asks, and what it asks is more than a status."""
        kinds = {audience.kind for audience in self.audiences}
        asked = [{one.pk for one in self.audiences if one.kind == kind} for kind in kinds]
        return bool(kinds - {"statut"}) and any(all(any_of & position for any_of in asked) for position in positions)


def addressed(rand: random.Random, audiences: dict[str, Audience]) -> tuple[Audience, ...]:
    """Return for whom one of the news is: half for more than a status, the rest for one or for everyone."""
    statuses = [one for one in audiences.values() if one.kind == "statut"]
    narrow = [one for one in audiences.values() if one.kind in {"composante", "campus", "niveau", "group"}]
    drawn = rand.random()
    if drawn < 0.25:
        return ()
    if drawn < 0.5:
        return (rand.choice(statuses),)
    return (rand.choice(narrow), rand.choice(statuses[:2])) if drawn > 0.9 else (rand.choice(narrow),)


@pytest.fixture
def noise(news_index: Any, sections: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Told]:
    """The news by title: one is projected, the others are its entry, said again of other units and for other readers.

    The first section writes as much as the last twenty together.
    """
    monkeypatch.setattr("audience.signals.evaluate_everyone", touch)  # nobody is known yet
    rand = random.Random(400)
    audiences, units = load_audiences(), [*load_units().values()]
    units += [UnitFactory() for _ in range(SECTIONS - len(units))]
    units = units[:SECTIONS]
    houses = [(Entry.objects.of_page(SectionPageFactory(parent=sections, unit=unit)).get(), unit) for unit in units]
    sample = Entry.objects.of_page(NewsPageFactory(parent=news_index)).get()
    kept = {field.attname: getattr(sample, field.attname) for field in Entry._meta.concrete_fields} | {"id": None}
    told, written = {}, []
    for number in range(NEWS):
        ((section, unit),) = rand.choices(houses, [1 / (place + 2) for place in range(SECTIONS)])
        some = addressed(rand, audiences)
        said = {
            "object_id": 1_000_000 + number,
            "title": f"Nouvelle {number}",
            "unit_id": unit.pk,
            "section_id": section.pk,
            "recommendation_id": demand_id(audience_clauses(some)) if some else None,
            "published_at": timezone.now() - timedelta(minutes=rand.randint(1, DAYS * 24 * 60)),
        }
        written.append(Entry(**{**kept, **said}))
        told[f"Nouvelle {number}"] = Told(unit.pk, some)
    sample.delete()
    Entry.objects.bulk_create(written)
    return told


def test_what_is_first_is_narrower_than_a_status_and_of_several_units(noise: dict[str, Told]) -> None:
    claims = {one["sub"]: one["claims"] for one in tomllib.loads(PERSONAS_FILE.read_text(encoding="utf-8"))["persona"]}
    wrong = []
    for name in PERSONAS:
        account, browser = ReaderFactory(), Client()
        remember(account, claims[name])
        browser.force_login(account)
        positions = [set(one) for one in json.loads(KnownReader.objects.get(user=account).positions)]

        shown = [noise[title] for title in part(browser.get("/"), "news")]

        narrow = sum(one.is_narrow_for(positions) for one in shown)
        most = max(Counter(one.unit for one in shown).values())
        if len(shown) != FIRST or narrow < 4 or most > 2:
            wrong.append((name, len(shown), narrow, most))
    assert len(noise) == NEWS
    assert wrong == []
