"""The pages of the demonstration: the trees, then what stands in them, then their bodies, then their translations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.models import Collection, Locale, Page

from audience.models import Access, Audience
from content.models import PortalImage, PortalPage, PortalSettings, StandardPage
from directory.models import Unit
from events.models import AgendaPage, EventKind, EventPage
from guidance.models import GuidanceIndexPage, GuidancePage
from home.demonstration import bodies
from home.demonstration.files import Item, day, instant, read
from home.illustrate import illustrate_png
from home.models import HomePage
from news.models import NewsCategory, NewsIndexPage, NewsPage
from sections.models import SectionPage, SectionsIndexPage
from services.models import CataloguePage, ServiceFamily, ServicePage

INDEXES: list[tuple[str, type[PortalPage], str, str, str, str]] = [
    ("news", NewsIndexPage, "actualites", "Actualités", "news", "News"),
    ("agenda", AgendaPage, "agenda", "Agenda", "agenda", "Agenda"),
    ("services", CataloguePage, "services", "Services", "services", "Services"),
    ("guidance", GuidanceIndexPage, "demarches", "Démarches et guides", "guidance", "Guidance"),
    ("sections", SectionsIndexPage, "composantes-et-services", "Composantes et services", "units", "Units"),
]
WRITTEN = {"news": NewsPage, "event": EventPage, "guidance": GuidancePage, "service": ServicePage}
STANDS_IN = {"news": "news", "event": "agenda", "guidance": "guidance", "service": "services"}


@dataclass
class Demonstration:
    """What is loaded, and what loading needs to know of what came before."""

    units: dict[str, Unit]
    audiences: dict[str, Audience]
    families: dict[str, ServiceFamily]
    categories: dict[str, NewsCategory]
    pages: dict[str, int] = field(default_factory=dict)  # ids by slug
    documents: dict[str, int] = field(default_factory=dict)
    indexes: dict[tuple[str, str], PortalPage] = field(default_factory=dict)  # by section slug ("" is the portal), name
    waiting: list[tuple[int, Item]] = field(default_factory=list)  # pages whose body is to be written

    @property
    def home(self) -> HomePage:
        found: HomePage = HomePage.objects.get(locale__language_code="fr")
        return found

    @property
    def known(self) -> bodies.Known:
        """What bodies may refer to."""
        units = {code: unit.pk for code, unit in self.units.items()}
        return bodies.Known(self.pages, self.documents, units, draw=lambda item: drawn(item).pk)

    def place(self, parent: Page, page: PortalPage, item: Item | None = None) -> PortalPage:
        """Put `page` under `parent` unless its slug stands there already; its body waits until all pages have ids."""
        kept = parent.get_children().filter(slug=page.slug).first()
        if kept is None:
            page.live = False
            Page.objects.get(pk=parent.pk).add_child(instance=page)
            self.waiting.append((page.pk, item or {}))
        self.pages[page.slug] = kept.pk if kept else page.pk
        placed: PortalPage = kept.specific if kept else page
        return placed

    def common(self, item: Item) -> dict[str, Any]:
        """Return the fields that every page has."""
        return {
            "slug": item["slug"],
            "title": item["title"],
            "summary": item.get("summary", ""),
            "unit": self.units.get(item.get("unit", "")),
            "access": Access(item.get("access", "recommended")),
            "audiences": [self.audiences[slug] for slug in item.get("audiences", [])],
        }


def load_trees(demo: Demonstration) -> None:
    """Make the lists that stand under home, and the sections with theirs."""
    for name, model, slug, title, _english_slug, _english in INDEXES:
        demo.indexes["", name] = demo.place(demo.home, model(slug=slug, title=title, show_in_menus=True))
    inside = {item["section"] for kind in WRITTEN for item in read(f"{_files(kind)}", kind) if item.get("section")}
    for item in read("sections*.toml", "section"):
        contact = item.get("contact", {})
        said = ", ".join(contact[part] for part in ("name", "place", "hours", "phone", "email") if contact.get(part))
        page = SectionPage(**demo.common(item), contact=said[:200], show_in_menus=True)
        section = demo.place(demo.indexes["", "sections"], page, item)
        for name, model, slug, title, _english_slug, _english in INDEXES[:4]:
            needed = any(_section_of(kind, item["slug"]) for kind, where in STANDS_IN.items() if where == name)
            if needed and item["slug"] in inside:
                index = model(slug=f"{slug}-{item['slug']}", title=title, show_in_menus=True, unit=section.unit)
                demo.indexes[item["slug"], name] = demo.place(section, index)
        for sub in item.get("pages", []):
            page = StandardPage(**demo.common({"unit": item.get("unit", ""), **sub}), show_in_menus=True)
            demo.place(section, page, sub)
    for item in read("pages.toml", "page"):
        demo.place(demo.home, StandardPage(**demo.common(item)), item)


def _files(kind: str) -> str:
    return {"news": "news*.toml", "event": "events*.toml", "service": "services*.toml"}.get(kind, f"{kind}*.toml")


def _section_of(kind: str, slug: str) -> bool:
    return any(item.get("section") == slug for item in read(_files(kind), kind))


def load_pages(demo: Demonstration) -> Iterator[str]:
    """Put news, events, guidance and services where they stand; yields each title."""
    makers: dict[str, Callable[[Demonstration, Item], PortalPage]] = {
        "news": _news, "event": _event, "guidance": _guidance, "service": _service
    }  # fmt: skip
    for kind, make in makers.items():
        for item in read(_files(kind), kind):
            index = demo.indexes.get((item.get("section", ""), STANDS_IN[kind]), demo.indexes["", STANDS_IN[kind]])
            demo.place(index, make(demo, item), item)
            yield item["title"]


def _news(demo: Demonstration, item: Item) -> NewsPage:
    published = timezone.now() - timedelta(days=item["days_ago"], minutes=len(item["slug"]) * 3)
    pinned = item.get("pinned_days")
    return NewsPage(
        **demo.common(item),
        first_published_at=published,
        published_on=timezone.localdate(published),
        pinned_until=timezone.now() + timedelta(days=pinned) if pinned else None,
        category=demo.categories.get(item.get("category", "")),
        image=illustration(item),
    )


def illustration(item: Item) -> PortalImage:
    """Return the illustration of a news page, drawn from its unit and its slug."""
    return drawn(item, title=f"Illustration : {item['title']}"[:255])


def drawn(item: Item, *, title: str = "") -> PortalImage:
    """Return the drawing of an item's slug, in the colours of its unit; made unless there is one of that title."""
    slug, words = item["slug"], item.get("alternative", "")
    title = title or f"Illustration : {slug}"
    found: PortalImage | None = PortalImage.objects.filter(title=title).first()
    if found:
        return found
    file = ImageFile(BytesIO(illustrate_png(str(item.get("unit", slug)), slug, 6, 4)), name=f"{slug}.png")
    image = PortalImage(title=title, file=file, alternative=words, is_decorative=not words)
    image.collection = Collection.get_first_root_node()
    image.save()
    return image


def _event(demo: Demonstration, item: Item) -> EventPage:
    on = day(item["in_days"], working=item["kind"] == EventKind.DEADLINE)
    start, end = item.get("start", ""), item.get("end", "")
    starts_at = instant(on, start or end or "09:00")
    ends_at = instant(on, end) if start and end else None
    return EventPage(
        **demo.common(item),
        kind=EventKind(item["kind"]),
        starts_at=starts_at,
        ends_at=ends_at if ends_at and ends_at > starts_at else None,
        place=item.get("place", ""),
        campus=item.get("campus", ""),
    )


def _guidance(demo: Demonstration, item: Item) -> GuidancePage:
    review = item.get("review_in_days")
    return GuidancePage(
        **demo.common(item), need=item.get("need", ""), review_on=day(review) if review is not None else None
    )


def _service(demo: Demonstration, item: Item) -> ServicePage:
    opens, closes = item.get("opens_in_days"), item.get("closes_in_days")
    return ServicePage(
        **demo.common(item),
        launch_url=item.get("launch_url", ""),
        keywords=", ".join(item.get("keywords", [])),
        family=demo.families.get(item.get("family", "")),
        icon=item.get("icon", ""),
        opens_on=day(opens) if opens is not None else None,
        closes_on=day(closes) if closes is not None else None,
    )


def write_bodies(demo: Demonstration) -> Iterator[str]:
    """Write the bodies now that every page has an id, and publish; yields each title."""
    for pk, item in demo.waiting:
        page = Page.objects.get(pk=pk).specific
        page.body = _stream(page, "body", bodies.blocks(item.get("body", []), demo.known))
        if isinstance(page, GuidancePage):
            page.steps = _stream(page, "steps", bodies.steps(item.get("steps", []), demo.known))
        page.save_revision().publish()
        yield page.title
    demo.waiting.clear()


def _stream(page: PortalPage, name: str, raw: list[Item]) -> Any:
    block = page._meta.get_field(name).stream_block
    return block.to_python(raw)


def load_english(demo: Demonstration) -> Iterator[str]:
    """Translate the lists and the pages that have an English version; yields each title."""
    english = Locale.objects.get(language_code="en")
    for name, _model, _slug, _title, slug, title in INDEXES:
        _translate(demo, demo.indexes["", name], english, {"slug": slug, "title": title})
        yield title
    for kind, files in (
        ("news", "news"),
        ("event", "events"),
        ("guidance", "guidance"),
        ("service", "services"),
        ("page", "pages"),
    ):
        for item in read(f"{files}.toml", kind, language="en"):
            source = Page.objects.filter(pk=demo.pages.get(item["translates"])).first()
            if source:
                _translate(demo, source.specific, english, item)
                yield item["title"]


def _translate(demo: Demonstration, source: PortalPage, locale: Locale, item: Item) -> None:
    kept = source.get_translation_or_none(locale)
    if kept is not None:
        demo.pages[item["slug"]] = kept.pk
        return
    page = source.copy_for_translation(locale, copy_parents=True)
    page.slug, page.title, page.draft_title = item["slug"], item["title"], item["title"]
    page.summary = item.get("summary", "")
    for name in ("need", "place"):
        if name in item:
            setattr(page, name, item[name])
    if "keywords" in item:
        page.keywords = ", ".join(item["keywords"])
    page.save()
    demo.pages[page.slug] = page.pk
    demo.waiting.append((page.pk, item))


def load_settings(demo: Demonstration) -> None:
    """Write the foot of the portal."""
    said = PortalSettings.load()
    if said.footer:
        return
    said.address = "1, place du Parvis, Valmont\nStandard : 03 00 00 10 00\nDu lundi au vendredi, 8 h – 18 h"
    said.help_page_id = demo.pages.get("aide")
    footer = [item["slug"] for item in read("pages.toml", "page") if item.get("footer")]
    legal = [slug for slug in footer if slug in {"mentions-legales", "accessibilite", "donnees-personnelles"}]
    links = [{"page": demo.pages[slug], "url": "", "label": ""} for slug in footer if slug not in legal]
    said.footer = said._meta.get_field("footer").stream_block.to_python(
        [{"type": "column", "value": {"title": "Besoin d’aide", "links": links}}]
    )
    said.legal = said._meta.get_field("legal").stream_block.to_python(
        [{"type": "link", "value": {"page": demo.pages[slug], "url": "", "label": ""}} for slug in legal]
    )
    said.save()
