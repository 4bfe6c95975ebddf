"""The tree of pages that a bench seeds, drawn before anything is written."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from bench import words
from content.models import StandardPage
from events.campuses import Campus
from events.models import AgendaPage, EventPage
from guidance.models import GuidanceIndexPage, GuidancePage
from guidance.needs import Need
from news.models import NewsIndexPage, NewsPage
from sections.models import SectionPage, SectionsIndexPage
from services.models import CataloguePage, ServicePage

# Of a hundred pages, how many are of each kind.
SHARES = {NewsPage: 55, EventPage: 12, GuidancePage: 10, ServicePage: 5, StandardPage: 18}
LISTS = {NewsPage: NewsIndexPage, EventPage: AgendaPage, GuidancePage: GuidanceIndexPage, ServicePage: CataloguePage}
NAMES = {NewsIndexPage: "Actualités", AgendaPage: "Agenda", GuidanceIndexPage: "Démarches", CataloguePage: "Services"}
NEEDS = ("Je m’inscris", "Je suis malade", "Je pars à l’étranger", "Je cherche un stage")
IN_SECTIONS = 0.4
IN_FIRST_SECTION = 0.25
UPCOMING = 40  # events still to come in each agenda, or as many as it has


@dataclass(slots=True)
class Sketch:
    """A page to be: its place, and what its model is given."""

    model: Any
    title: str
    slug: str
    parent: Sketch | None
    path: str
    depth: int
    url_path: str
    url: str
    language: str
    key: uuid.UUID
    live: bool = True
    published: datetime | None = None
    expires: datetime | None = None
    in_menu: bool = False
    unit: int | None = None  # its place in the list of units
    audiences: int | None = None  # its place in the list of combinations
    reserved: bool = False
    body: int | None = None  # its place in the pool of bodies
    image: int | None = None
    own: dict[str, Any] = field(default_factory=dict)
    children: int = 0
    pk: int = 0
    entry: int = 0


class Tree:
    """Pages below the homes, parents first; the same for the same size."""

    def __init__(
        self, homes: dict[str, Sketch], *, size: int, rng: random.Random, units: int, combinations: int
    ) -> None:
        self.rng, self.size, self.units, self.combinations = rng, size, units, combinations
        self.now = timezone.now().replace(microsecond=0)
        self.homes = homes
        self.campus = Campus.objects.get_or_create(name="Nord")[0]
        self.needs = [Need.objects.get_or_create(name=name)[0] for name in NEEDS]
        self.sketches: list[Sketch] = []
        self.sections: list[Sketch] = []
        self.number = 0

    def add(self, model: Any, parent: Sketch, *, title: str = "", slug: str = "", **more: Any) -> Sketch:
        self.number += 1
        parent.children += 1
        slug = slug or f"p{self.number}"
        sketch = Sketch(
            model=model,
            title=title or words.title(self.rng, self.number),
            slug=slug,
            parent=parent,
            path=Page._get_path(parent.path, parent.depth + 1, parent.children),
            depth=parent.depth + 1,
            url_path=f"{parent.url_path}{slug}/",
            url=f"{parent.url}{slug}/",
            language=parent.language,
            key=more.pop("key", None) or uuid.UUID(int=self.rng.getrandbits(128), version=4),
            published=more.pop("published", None) or self.now - timedelta(minutes=self.rng.randint(60, 3 * 365 * 1440)),
            unit=more.pop("unit", parent.unit),
            **more,
        )
        self.sketches.append(sketch)
        return sketch

    def lists_of(self, parent: Sketch) -> dict[Any, Sketch]:
        """Make the index pages below a home or a section; return where pages of each kind go."""
        made = {
            model: self.add(index, parent, title=NAMES[index], slug=f"liste-{index._meta.model_name}", in_menu=True)
            for model, index in LISTS.items()
        }
        return made | {StandardPage: parent}

    def draw(self) -> list[Sketch]:
        """Draw a tree of `size` pages, the two homes not counted."""
        lists = self.lists_of(self.homes["fr"])
        sections = self.add(SectionsIndexPage, self.homes["fr"], title="Composantes", slug="composantes", in_menu=True)
        english = self.add(
            NewsIndexPage, self.homes["en"], title="News", slug="news", in_menu=True, key=lists[NewsPage].key
        )
        places = []
        for number in range(max(6, min(40, self.size // 400))):
            unit = number % self.units
            section = self.add(
                SectionPage, sections, slug=f"section-{number}", unit=unit, body=self.rng.randrange(400), in_menu=True
            )
            section.reserved, section.audiences = (number % 13 == 12), (unit if number % 13 == 12 else None)
            self.sections.append(section)
            places.append(self.lists_of(section))
        left = self.size - len(self.sketches)
        first = int(left * IN_SECTIONS * IN_FIRST_SECTION)
        each = int(left * IN_SECTIONS * (1 - IN_FIRST_SECTION) / (len(places) - 1))
        for place, number in zip(places, [first] + [each] * (len(places) - 1), strict=True):
            self.fill(place, number)
        self.fill(lists, left - first - each * (len(places) - 1) - (left // 100))
        self.translate(lists[NewsPage], english, left // 100)
        return self.sketches

    def fill(self, places: dict[Any, Sketch], number: int) -> None:
        shares = {model: number * share // 100 for model, share in SHARES.items()}
        shares[NewsPage] += number - sum(shares.values())
        for model, some in shares.items():
            parent = places[model]
            for order in range(some):
                # Pages of text stand below one another, fifty to a parent; lists are as long as they are.
                if model is StandardPage and order % 50 == 0:
                    parent = self.opened(self.leaf(model, places[model], order))
                else:
                    self.leaf(model, parent, order)

    def translate(self, source: Sketch, into: Sketch, number: int) -> None:
        """Give the newest news of the portal's own list their English page."""
        news = [sketch for sketch in self.sketches if sketch.parent is source and sketch.live][:number]
        for one in news:
            same = {"key": one.key, "audiences": one.audiences, "reserved": one.reserved, "published": one.published}
            self.add(NewsPage, into, unit=one.unit, body=one.body, own=dict(one.own), **same)

    def leaf(self, model: Any, parent: Sketch, order: int) -> Sketch:
        """Draw one page: for everyone, recommended or reserved; with an image or not; now and then not live."""
        rng = self.rng
        audiences = rng.randrange(self.combinations) if rng.random() < 0.5 else None
        sketch = self.add(
            model,
            parent,
            unit=parent.unit if parent.unit is not None else rng.randrange(self.units),
            audiences=audiences,
            reserved=audiences is not None and rng.random() < 0.4,
            body=rng.randrange(10_000_000),
            image=rng.randrange(12) if rng.random() < 0.3 else None,
            live=rng.random() > 0.01,
            expires=self.now + timedelta(days=rng.randint(2, 700)) if rng.random() < 0.05 else None,
        )
        sketch.own = getattr(self, f"of_{model._meta.model_name}", self.nothing)(sketch, order)
        return sketch

    def opened(self, sketch: Sketch) -> Sketch:
        """Let `sketch` hand down nothing, so that what stands below it is as any other page."""
        sketch.live, sketch.expires, sketch.reserved = True, None, False
        return sketch

    def nothing(self, sketch: Sketch, order: int) -> dict[str, Any]:
        return {}

    def of_newspage(self, sketch: Sketch, order: int) -> dict[str, Any]:
        pinned = self.now + timedelta(days=3 + order) if sketch.depth == 4 and order < 3 else None
        return {"published_on": timezone.localdate(sketch.published), "pinned_until": pinned}

    def of_eventpage(self, sketch: Sketch, order: int) -> dict[str, Any]:
        still_to_come = order < UPCOMING or self.rng.random() < 0.05
        days = self.rng.randint(2, 120) if still_to_come else -self.rng.randint(2, 900)
        start = (self.now + timedelta(days=days)).replace(minute=0, second=0)
        kind = "deadline" if order % 3 == 2 else "event"
        return {
            "kind": kind,
            "starts_at": start,
            "ends_at": start + timedelta(hours=2),
            "place": "Amphithéâtre 3",
            "campus": self.campus,
        }

    def of_guidancepage(self, sketch: Sketch, order: int) -> dict[str, Any]:
        return {"need": self.rng.choice(self.needs)}

    def of_servicepage(self, sketch: Sketch, order: int) -> dict[str, Any]:
        return {
            "launch_url": f"https://service-{order}.valmont.example/",
            "keywords": "compte, accès",
            "icon": "layout-grid",
        }
