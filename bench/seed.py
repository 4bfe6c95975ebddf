"""Fill an empty, migrated database: pages, their entries, readers. Prints JSON: what to ask of it, and as whom.

Pages and entries are written in bulk, entries computed here as the projection would; afterwards a sample of pages is
projected for good, and the run fails when a row differs.

    python -m bench.seed --size 1000 --readers 200
    python -m bench.seed --size 200 --section 100000    # that many more below one section, for a reservation
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from itertools import islice, takewhile
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone, translation  # noqa: E402
from PIL import Image  # noqa: E402
from wagtail.models import Locale, Page  # noqa: E402

from audience.demands import audience_clauses, demand_id, visibility_id  # noqa: E402
from audience.version import touch  # noqa: E402
from bench import people, words  # noqa: E402
from bench.plan import Sketch, Tree  # noqa: E402
from content.models import PortalImage, StandardPage, _pictures  # noqa: E402
from content.text import body_text, heading_text  # noqa: E402
from guidance.models import GuidancePage  # noqa: E402
from home.models import HomePage  # noqa: E402
from news.models import NewsIndexPage, NewsPage  # noqa: E402
from search import index  # noqa: E402
from search.engines.dialect import full_text  # noqa: E402
from search.languages import every_language  # noqa: E402
from search.models import ALWAYS, Entry, EntryText  # noqa: E402
from search.projection import project_page  # noqa: E402
from search.querysets import page_type  # noqa: E402
from search.words import clean, lexemes  # noqa: E402
from sections.models import SectionPage  # noqa: E402

BATCH = 2000
POOL = 100
NOT_COMPARED = {"id", "version", "synced_version", "updated_at"}


class DifferenceError(AssertionError):
    """What was seeded is not what the projection writes."""


class Pool:
    """Bodies, steps, images and tags shared by many pages, with what entries keep of each computed once."""

    def __init__(self, rng: random.Random, house: people.House, size: int) -> None:
        self.house = house
        self.combinations = people.combinations(house, rng, 120)
        self.plain = [
            self._body(rng, (words.COMMON,) if rng.random() < words.COMMON_SHARE else ()) for _ in range(POOL)
        ]
        self.middling = [self._body(rng, (words.MIDDLING,)) for _ in range(30)]
        self.rare = [self._body(rng, (words.RARE,)) for _ in range(10)]
        self.steps = [self._steps(rng) for _ in range(40)]
        self.images = [self._image(number) for number in range(12)]
        self.rare_left = 20 + size // 1000

    def _body(self, rng: random.Random, kept: tuple[str, ...]) -> tuple[str, str, str]:
        raw = json.dumps(words.body(rng, words=kept))
        stream = NewsPage._meta.get_field("body").to_python(raw)
        return raw, heading_text(stream), body_text(stream)

    def _steps(self, rng: random.Random) -> tuple[str, int, str]:
        raw = words.steps(rng)
        stream = GuidancePage._meta.get_field("steps").to_python(json.dumps(raw))
        return json.dumps(raw), len(raw), body_text(stream)

    def _image(self, number: int) -> tuple[PortalImage, dict[str, Any]]:
        drawn = BytesIO()
        Image.new("RGB", (1300, 867), (20 * number, 90, 160)).save(drawn, "JPEG")
        file = ContentFile(drawn.getvalue(), name=f"bench-{number}.jpg")
        image = PortalImage.objects.create(title=f"Image {number}", file=file, is_decorative=True)
        return image, _pictures(image)

    def steps_of(self, body: tuple[str, str, str]) -> tuple[str, int, str]:
        """Return the steps that go with a body: few combinations, as each is taken apart for the index."""
        return self.steps[len(body[0]) % len(self.steps)]

    def body(self, number: int) -> tuple[str, str, str]:
        if number % 1000 < words.MIDDLING_SHARE * 1000:
            return self.middling[number % len(self.middling)]
        if self.rare_left and number % 7 == 3:
            self.rare_left -= 1
            return self.rare[number % len(self.rare)]
        return self.plain[number % POOL]


def batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    remaining = iter(items)
    while some := list(islice(remaining, BATCH)):
        yield some


def homes() -> dict[str, Sketch]:
    """Return the homes that migrations made, as parents of what follows."""
    found = {}
    for home in HomePage.objects.select_related("locale"):
        entry, code = Entry.objects.of_page(home).get(), home.locale.language_code
        place = {"path": home.path, "depth": home.depth, "url_path": home.url_path, "url": entry.url}
        sketch = Sketch(
            model=HomePage,
            title=home.title,
            slug=home.slug,
            parent=None,
            language=code,
            key=home.translation_key,
            **place,
        )
        sketch.pk, sketch.entry, sketch.children = home.pk, entry.pk, home.numchild
        found[code] = sketch
    return found


class Writer:
    """Writes what was sketched, and what each entry inherits."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.locales = {locale.language_code: locale.pk for locale in Locale.objects.all()}
        self.demands = [demand_id(audience_clauses(some)) for some in pool.combinations]
        self.nothing = visibility_id(())
        self.alone = [visibility_id([demand]) for demand in self.demands]
        self.unions: dict[tuple[int | None, ...], int] = {(): self.nothing}
        self.translated: set[Any] = set()

    def pages(self, sketches: list[Sketch]) -> None:
        rows = [self._page(sketch) for sketch in sketches]
        Page.objects.bulk_create(rows)
        by_model: dict[Any, list[tuple[Sketch, Page]]] = {}
        for sketch, row in zip(sketches, rows, strict=True):
            sketch.pk = row.pk
            by_model.setdefault(sketch.model, []).append((sketch, row))
        for model, some in by_model.items():
            # bulk_create refuses models with a parent's table; the parent's rows are there, these are the children's.
            own = [self._own(model, sketch, row) for sketch, row in some]
            model._base_manager._insert(own, fields=model._meta.local_concrete_fields, using="default")
            through, column = model.audiences.through, f"{model._meta.model_name}_id"
            through.objects.bulk_create(
                through(**{column: sketch.pk, "audience_id": audience.pk})
                for sketch, _ in some
                if sketch.audiences is not None
                for audience in self.pool.combinations[sketch.audiences]
            )

    def _page(self, sketch: Sketch) -> Page:
        return Page(
            title=sketch.title, draft_title=sketch.title, slug=sketch.slug, path=sketch.path, depth=sketch.depth,
            numchild=sketch.children, url_path=sketch.url_path, live=sketch.live, show_in_menus=sketch.in_menu,
            first_published_at=sketch.published, last_published_at=sketch.published, expire_at=sketch.expires,
            content_type=ContentType.objects.get_for_model(sketch.model), locale_id=self.locales[sketch.language],
            translation_key=sketch.key,
        )  # fmt: skip

    def _own(self, model: Any, sketch: Sketch, row: Page) -> Any:
        own = dict(sketch.own)
        if model is GuidancePage:
            own["steps"] = self.pool.steps_of(self._body(sketch))[0]
        summary = own.pop("summary", None)
        return model(
            page_ptr_id=row.pk,
            summary=words.summary(random.Random(sketch.pk)) if summary is None else summary,
            image=self.pool.images[sketch.image][0] if sketch.image is not None else None,
            body=self._body(sketch)[0],
            unit=self.pool.house.units[sketch.unit] if sketch.unit is not None else None,
            contact="Guichet des études, bâtiment A" if sketch.body is not None else "",
            access="reserved" if sketch.reserved else "recommended",
            **own,
        )

    def _body(self, sketch: Sketch) -> tuple[str, str, str]:
        if sketch.body is None:
            return "[]", "", ""
        if isinstance(sketch.body, int):
            sketch.body = self.pool.body(sketch.body)  # type: ignore[assignment]  # drawn once, then kept
        return sketch.body  # type: ignore[return-value]

    def entries(self, sketches: list[Sketch]) -> None:
        made = [self._entry(sketch) for sketch in sketches]
        Entry.objects.bulk_create(made)
        texts = []
        for sketch, entry in zip(sketches, made, strict=True):
            sketch.entry = entry.pk
            _, headings, body = self._body(sketch)
            if sketch.model is GuidancePage:
                need = sketch.own["need"].label_in(sketch.language)
                body = "\n".join(filter(None, (need, self.pool.steps_of(self._body(sketch))[2], body)))
            texts.append(EntryText(entry=entry, headings=headings, body=body))
        EntryText.objects.bulk_create(texts)

    def _above(self, sketch: Sketch) -> Iterator[Sketch]:
        parent = sketch.parent
        while parent is not None:
            yield parent
            parent = parent.parent

    def _visibility(self, sketch: Sketch) -> int:
        asking = {s.audiences for s in [sketch, *self._above(sketch)] if s.reserved and s.audiences is not None}
        key = tuple(sorted(asking))
        if key not in self.unions:
            self.unions[key] = visibility_id([self.demands[number] for number in key])
        return self.unions[key]

    def _entry(self, sketch: Sketch) -> Entry:
        page = self._own(sketch.model, sketch, self._page(sketch))
        line = [sketch, *self._above(sketch)]
        section = next((above for above in line[1:] if above.model is SectionPage), None)
        stated = self.alone[sketch.audiences] if sketch.reserved and sketch.audiences is not None else self.nothing
        visibility = self._visibility(sketch)
        ends = [above.expires for above in line if above.expires]
        withdrawn = not all(above.live for above in line)
        spoken = {"en"} if sketch.key in self.translated else set()
        others = set() if sketch.language != "fr" or withdrawn else set(every_language().split()) - {"fr"} - spoken
        said = self._said(sketch, page)
        shown = self.pool.images[sketch.image][1] if sketch.image is not None else {}
        if shown:
            said["extra"] = {**said["extra"], "pictures": [list(picture) for picture in shown["pictures"]]}
        return Entry(
            content_type=page_type(), object_id=sketch.pk, language=sketch.language,
            shown_in=" ".join([sketch.language, *(code for code in every_language().split() if code in others)]),
            kind=said.pop("kind"), title=sketch.title, summary=page.summary, url=sketch.url,
            image=shown.get("image", ""),
            unit=page.unit, section_id=section.entry if section else None, path=sketch.path, depth=sketch.depth,
            in_menu=sketch.in_menu, translation_key=sketch.key, own_live=sketch.live,
            own_expires_at=sketch.expires, withdrawn=withdrawn, live_from=ALWAYS,
            expires_at=min(ends) if ends else None, stated_id=stated, own_demand_id=stated, visibility_id=visibility,
            is_reserved=visibility != self.nothing,
            recommendation_id=self.demands[sketch.audiences] if sketch.audiences is not None else None,
            **{"published_at": sketch.published, **said},
        )  # fmt: skip

    def _said(self, sketch: Sketch, page: Any) -> dict[str, Any]:
        """Return what the page's model says of itself beyond what every page does."""
        page.first_published_at, page.pk = sketch.published, sketch.pk
        cached = {"title": sketch.title, "translation_key": sketch.key, "show_in_menus": sketch.in_menu}
        for name, value in cached.items():
            setattr(page, name, value)
        match sketch.model._meta.model_name:
            case "newspage":
                return {
                    "kind": "news",
                    "published_at": page.published_at,
                    "pinned_until": page.pinned_until,
                    "extra": {},
                }
            case "eventpage":
                extra = {"place": page.place, "event_kind": page.kind, "has_end": True, "all_day": False}
                return {
                    "kind": "event",
                    "starts_at": page.starts_at,
                    "ends_at": page.ends_at,
                    "campus": page.campus.slug,
                    "extra": extra,
                }
            case "guidancepage":
                steps = self.pool.steps_of(self._body(sketch))[1]
                return {"kind": "guidance", "extra": {"steps": steps, "need": page.need_id, "season": None}}
            case "servicepage":
                extra = {
                    "launch_url": page.launch_url, "icon": page.icon, "family": "", "family_key": "", "family_icon": "",
                    "family_order": 99, "opens_on": "", "closes_on": "", "place": "",
                    "state": None, "retired": None, "family_id": 0,
                }  # fmt: skip
                return {"kind": "service", "identifiers": ["compte", "accès"], "extra": extra}
            case "sectionpage":
                return {"kind": "section", "extra": {"colour": page.colour}}
            case name:
                return {"kind": KINDS[name], "extra": {}}


KINDS = {
    "standardpage": "page", "newsindexpage": "news_index", "agendapage": "agenda",
    "guidanceindexpage": "guidance_index", "cataloguepage": "catalogue",
    "sectionsindexpage": "sections",
}  # fmt: skip


def seed(*, size: int, readers: int, section: int = 0) -> dict[str, Any]:
    """Fill the database; return what a bench asks of it."""
    rng = random.Random(20_240_901 + size)
    with transaction.atomic():
        house = people.found_house()
        pool = Pool(rng, house, size)
        above = homes()
        tree = Tree(above, size=size, rng=rng, units=len(house.units), combinations=len(pool.combinations))
        sketches, writer = tree.draw(), Writer(pool)
        searchable = len(sketches)
        for number in range(section):
            tree.add(StandardPage, tree.sections[0], body=number)
        english = {sketch.key for sketch in sketches if sketch.language == "en"}
        writer.translated = english
        for some in batches(sketches):
            writer.pages(some)
        # Sections first: what stands in one says so by its key.
        writer.entries(tree.sections)
        for some in batches(sketch for sketch in sketches if not sketch.entry):
            writer.entries(some)
        for home in above.values():
            Page.objects.filter(pk=home.pk).update(numchild=home.children)
        index_text([sketch.entry for sketch in sketches[:searchable]])  # a reservation writes no text
        signed_in = people.sign_in_readers(house, rng, number=readers)
        index_pages()
        touch()
    compare([pk for pks in by_model(sketches).values() for pk in rng.sample(pks, min(len(pks), 4))])
    news = [
        s
        for s in sketches
        if s.model is NewsPage and s.live and not s.expires and not s.reserved and s.language == "fr"
    ]
    main = [s for s in news if s.depth == 4]
    return {
        "entries": Entry.objects.count(),
        "readers": signed_in,
        "home": above["fr"].url,
        "search_page": reverse("search"),
        "news": main[0].url,
        "index": next(s.url for s in sketches if s.model is NewsIndexPage),
        "section": tree.sections[0].url,
        "more_news": [s.url for s in rng.sample(main, min(300, len(main)))],
        "sections": [s.url for s in tree.sections if not s.reserved],
        "lists": [s.url for s in sketches if s.depth == 3 and s.language == "fr"],
        "section_page": tree.sections[0].pk,
        "publishable": [s.pk for s in rng.sample(main, min(60, len(main)))],
        "search": {"rare": words.RARE, "middling": words.MIDDLING, "common": words.COMMON},
    }


def index_text(entries: list[int]) -> None:
    """Write the full text of these entries, as publishing each would have, but fast."""
    # Many pages say the same: a text is taken apart once.
    index.lexemes = lru_cache(maxsize=100_000)(lambda text: tuple(lexemes(text)))  # type: ignore[attr-defined]
    index.clean = lru_cache(maxsize=100_000)(clean)  # type: ignore[attr-defined]
    dialect = full_text(connection.vendor)
    later = [sql for sql in dialect.create if sql.startswith("CREATE INDEX")]
    with connection.cursor() as cursor:
        for sql in later:
            cursor.execute(f"DROP INDEX {sql.split()[2]}")
        index.write_indexes(entries)
        for sql in later:
            cursor.execute(sql)


def index_pages() -> None:
    """Put pages into Wagtail's own index, as its signals would have: a publication costs more beside many of them."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wagtailsearch_indexentry (content_type_id, object_id, title, autocomplete, body, title_norm,"
            " title_text, body_text) SELECT content_type_id, id::text, setweight(to_tsvector('simple', title), 'A'),"
            " to_tsvector('simple', title), to_tsvector('simple', slug), 0.5 + id % 10 / 10.0 + 0.05, title, slug"
            " FROM wagtailcore_page ON CONFLICT DO NOTHING"
        )


def by_model(sketches: list[Sketch]) -> dict[type, list[int]]:
    """Return the ids of the pages of each type."""
    kept: dict[type, list[int]] = defaultdict(list)
    for sketch in sketches:
        kept[sketch.model].append(sketch.pk)
    return kept


def _apart(seeded: Any, projected: Any) -> tuple[str, str]:
    """Return both as text, from a little before where they part."""
    texts = str(seeded), str(projected)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    start = max(same - 20, 0)
    return texts[0][start : start + 120], texts[1][start : start + 120]


def compare(pks: list[int]) -> None:
    """Project these pages for good. Raises DifferenceError when an entry was not what the projection writes."""
    wrong: list[str] = []
    columns = [f.attname for f in Entry._meta.concrete_fields if f.name not in NOT_COMPARED]
    for pk in pks:
        entries = Entry.objects.of_pages([pk])
        text = EntryText.objects.filter(entry__in=entries)
        before = entries.values(*columns).get() | text.values("headings", "body").get()
        project_page(pk)
        after = entries.values(*columns).get() | text.values("headings", "body").get()
        if before != after:
            changed = {name: _apart(before[name], after[name]) for name in before if before[name] != after[name]}
            wrong.append(f"page {pk}: seeded, projected: {changed}")
    if wrong:
        raise DifferenceError("\n".join(wrong))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", type=int, required=True)
    arguments.add_argument("--readers", type=int, default=200)
    arguments.add_argument("--section", type=int, default=0)
    given = arguments.parse_args()
    if not settings.DATABASES or Page.objects.filter(depth__gt=2).exists():
        sys.exit("the database is not empty: a bench seeds its own")
    timezone.activate(settings.TIME_ZONE)
    translation.activate(settings.LANGUAGE_CODE)
    json.dump(seed(size=given.size, readers=given.readers, section=given.section), sys.stdout)


if __name__ == "__main__":
    main()
