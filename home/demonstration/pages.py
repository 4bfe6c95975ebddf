"""The pages of the demonstration: the trees, then what stands in them, then their bodies, then their translations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.models import Collection, Locale, Page, ReferenceIndex

from accounts.services import account_of
from audience.models import Access, Audience
from content.accessibility import AccessibilityAudit
from content.changes import PortalChange, Reach
from content.models import PortalImage, PortalPage, PortalSettings, StandardPage
from directory.models import Unit
from events.campuses import Campus
from events.filters import EventKind
from events.models import AgendaPage, EventPage
from guidance.models import GuidanceIndexPage, GuidancePage
from guidance.needs import Need
from home.demonstration import bodies
from home.demonstration.files import Item, day, instant, read
from home.illustrate import illustrate_png
from home.models import DoorPage, HomePage
from news.models import AnnouncementPage, NewsCategory, NewsIndexPage, NewsPage
from sections.colours import Colour
from sections.models import SectionPage, SectionsIndexPage
from services.models import CataloguePage, ServiceFamily, ServicePage

INDEXES: list[tuple[str, type[PortalPage], str, str]] = [
    ("news", NewsIndexPage, "actualites", "Actualités"),
    ("agenda", AgendaPage, "agenda", "Agenda"),
    ("services", CataloguePage, "services", "Services"),
    ("guidance", GuidanceIndexPage, "demarches", "Démarches et guides"),
    ("sections", SectionsIndexPage, "composantes-et-services", "Composantes et services"),
]
# Slug and title of each list in the other languages of the demonstration.
TRANSLATED = {
    "en": {
        "news": ("news", "News"),
        "agenda": ("agenda", "Agenda"),
        "services": ("services", "Services"),
        "guidance": ("guidance", "Guidance"),
        "sections": ("units", "Units"),
    },
    "es": {
        "news": ("noticias", "Noticias"),
        "agenda": ("agenda", "Agenda"),
        "services": ("servicios", "Servicios"),
        "guidance": ("tramites", "Trámites y guías"),
        "sections": ("facultades-y-servicios", "Facultades y servicios"),
    },
}
HOUSE = "house*.toml"  # what the portal says of itself
STANDS_IN = {"news": "news", "announcement": "news", "event": "agenda", "guidance": "guidance", "service": "services"}
# What faculties wear (home.illustrate draws in the same colours), where the files say nothing.
COLOURS = {
    "U01": Colour.AMARANTE,
    "U02": Colour.JONQUILLE,
    "U03": Colour.ECARLATE,
    "U04": Colour.GROSEILLE,
    "I10": Colour.LAGON,
    "E20": Colour.OUTREMER,
}
CHECKED_AGO = 20  # days


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
            "discreet": item.get("discreet", False),
        }


def load_trees(demo: Demonstration) -> None:
    """Make the lists that stand under home, and the sections with theirs."""
    for name, model, slug, title in INDEXES:
        demo.indexes["", name] = demo.place(demo.home, model(slug=slug, title=title, show_in_menus=True))
    inside = {item["section"] for kind in STANDS_IN for item in read(f"{_files(kind)}", kind) if item.get("section")}
    for item in read("sections*.toml", "section"):
        section = demo.place(demo.indexes["", "sections"], _section(demo, item), item)
        for name, model, slug, title in INDEXES[:4]:
            needed = any(_section_of(kind, item["slug"]) for kind, where in STANDS_IN.items() if where == name)
            if needed and item["slug"] in inside:
                index = model(slug=f"{slug}-{item['slug']}", title=title, show_in_menus=True, unit=section.unit)
                demo.indexes[item["slug"], name] = demo.place(section, index)
        for sub in item.get("pages", []):
            page = StandardPage(**demo.common({"unit": item.get("unit", ""), **sub}), show_in_menus=True)
            demo.place(section, page, sub)
    for item in [*read(HOUSE, "page"), *read("pages*.toml", "page")]:
        demo.place(demo.home, StandardPage(**demo.common(item)), item)
    for item in read("doors*.toml", "door"):
        demo.place(demo.home, _door(demo, item), item)


def _door(demo: Demonstration, item: Item) -> DoorPage:
    page = DoorPage(**demo.common(item))
    page.concerned = [demo.audiences[slug] for slug in item.get("concerned", [])]
    return page


def _section(demo: Demonstration, item: Item) -> SectionPage:
    desk = item.get("contact", {})
    page = SectionPage(
        **demo.common(item),
        show_in_menus=True,
        colour=Colour(item.get("colour", COLOURS.get(item.get("unit", ""), Colour.SAPIN))),
        direct_publication=item.get("direct_publication", False),
        **{f"desk_{part}": desk.get(part, "") for part in ("name", "place", "hours", "phone", "email")},
    )
    page.announcement_audiences = [demo.audiences[slug] for slug in item.get("announcement_audiences", [])]
    return page


def _files(kind: str) -> str:
    return {"news": "news*.toml", "event": "events*.toml", "service": "services*.toml"}.get(kind, f"{kind}*.toml")


def _section_of(kind: str, slug: str) -> bool:
    return any(item.get("section") == slug for item in read(_files(kind), kind))


def load_pages(demo: Demonstration) -> Iterator[str]:
    """Put news, events, guidance and services where they stand; yields each title."""
    makers: dict[str, Callable[[Demonstration, Item], PortalPage]] = {
        "news": _news, "announcement": _announcement, "event": _event, "guidance": _guidance, "service": _service
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


def _announcement(demo: Demonstration, item: Item) -> AnnouncementPage:
    audiences = item.get("audiences", [])
    return AnnouncementPage(
        **demo.common({"access": Access.RESERVED if audiences else Access.RECOMMENDED, **item}),
        text=item["text"].strip(),
        first_published_at=timezone.now() - timedelta(hours=item.get("hours_ago", 3)),
        expire_at=instant(day(item.get("until_days", 7) + 1), "00:00"),
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
    on = day(item["in_days"], working=not item.get("weekend", False))
    start, end = item.get("start", ""), item.get("end", "")
    starts_at = instant(on, start or end or "09:00")
    ends_at = instant(on, end) if start and end else None
    return EventPage(
        **demo.common(item),
        kind=EventKind(item["kind"]),
        starts_at=starts_at,
        ends_at=ends_at if ends_at and ends_at > starts_at else None,
        place=item.get("place", ""),
        campus=_campus(item.get("campus", "")),
    )


def _campus(name: str) -> Campus | None:
    """Return the campus of this name, made in the order in which events name them; all of them are none."""
    return None if name in {"", "Tous les campus"} else Campus.objects.get_or_create(name=name)[0]


def _guidance(demo: Demonstration, item: Item) -> GuidancePage:
    review, season, need = item.get("review_in_days"), item.get("season", {}), item.get("need", "")
    return GuidancePage(
        **demo.common(item),
        need=Need.objects.get_or_create(name=need)[0] if need else None,
        season_from=season.get("from"),
        season_to=season.get("to"),
        checked_on=day(-CHECKED_AGO) if review is not None else None,
        review_on=day(review) if review is not None else None,
    )


def _service(demo: Demonstration, item: Item) -> ServicePage:
    opens, closes = item.get("opens_in_days"), item.get("closes_in_days")
    return ServicePage(
        **demo.common(item),
        launch_url=item.get("launch_url", ""),
        place=item.get("place", ""),
        keywords=", ".join(item.get("keywords", [])),
        family=demo.families.get(item.get("family", "")),
        icon=item.get("icon", ""),
        opens_on=day(opens) if opens is not None else None,
        closes_on=day(closes, working=True) if closes is not None else None,
        # They have an account before they first sign in, and their names from then on.
        operators=[account_of(issuer=settings.OIDC_ISSUER, subject=one) for one in item.get("operators", [])],
    )


def write_bodies(demo: Demonstration) -> Iterator[str]:
    """Write the bodies now that every page has an id, and publish; yields each title."""
    for pk, item in demo.waiting:
        page = Page.objects.get(pk=pk).specific
        page.body = _stream(page, "body", bodies.blocks(item.get("body", []), demo.known))
        if isinstance(page, GuidancePage):
            page.steps = _stream(page, "steps", bodies.steps(item.get("steps", []), demo.known))
        if isinstance(page, ServicePage) and item.get("help"):
            chosen = [{"type": "page", "value": demo.known.page(slug)} for slug in item["help"]]
            page.help_pages = _stream(page, "help_pages", chosen)
        for name in ("services", "guides"):
            if isinstance(page, DoorPage) and item.get(name):
                chosen = [{"type": "page", "value": demo.known.page(slug)} for slug in item[name]]
                setattr(page, name, _stream(page, name, chosen))
        if isinstance(page, SectionPage):
            page.quick_links = _stream(page, "quick_links", bodies.quick_links(item.get("quick_links", []), demo.known))
        page.save_revision().publish()
        ReferenceIndex.create_or_update_for_object(page)
        yield page.title
    demo.waiting.clear()


def _stream(page: PortalPage, name: str, raw: list[Item]) -> Any:
    block = page._meta.get_field(name).stream_block
    return block.to_python(raw)


def load_home(demo: Demonstration, language: str) -> HomePage:
    """Return the home of a language, translated from the French one and published if need be."""
    locale = Locale.objects.get(language_code=language)
    kept: HomePage | None = demo.home.get_translation_or_none(locale)
    if kept:
        return kept
    home: HomePage = demo.home.copy_for_translation(locale)
    for item in read(HOUSE, "home", language=language):
        home.title, home.draft_title, home.summary = item["title"], item["title"], item.get("summary", "")
    home.show_in_menus = True
    home.save_revision().publish()
    return home


def load_translations(demo: Demonstration, language: str) -> Iterator[str]:
    """Translate the lists and the pages that have a version in `language`; yields each title."""
    locale = Locale.objects.get(language_code=language)
    yield load_home(demo, language).title
    for name, _model, _slug, _title in INDEXES:
        slug, title = TRANSLATED[language][name]
        _translate(demo, demo.indexes["", name], locale, {"slug": slug, "title": title})
        yield title
    for kind, files in (
        ("section", "sections"),  # first: what stands in a section copies it if it is not translated
        ("news", "news"),
        ("event", "events"),
        ("guidance", "guidance"),
        ("service", "services"),
        ("page", "house"),
        ("page", "pages"),
        ("door", "doors"),
    ):
        for item in read(f"{files}*.toml", kind, language=language):
            source = Page.objects.filter(pk=demo.pages.get(item["translates"])).first()
            if source:
                _translate(demo, source.specific, locale, item)
                yield item["title"]
        if kind == "section":
            _translate_lists(demo, locale)


def _translate_lists(demo: Demonstration, locale: Locale) -> None:
    """Name the lists of the sections that have a version in `locale`."""
    names = TRANSLATED[locale.language_code]
    written = {item["translates"] for item in read("sections*.toml", "section", language=locale.language_code)}
    for (section, name), index in demo.indexes.items():
        if section in written:
            slug, title = names[name]
            _translate(demo, index, locale, {"slug": f"{slug}-{section}", "title": title})


def _translate(demo: Demonstration, source: PortalPage, locale: Locale, item: Item) -> None:
    kept = source.get_translation_or_none(locale)
    if kept is not None:
        demo.pages[item["slug"]] = kept.pk
        return
    page = source.copy_for_translation(locale, copy_parents=True)
    page.slug, page.title, page.draft_title = item["slug"], item["title"], item["title"]
    page.summary = item.get("summary", "")
    if "place" in item:
        page.place = item["place"]
    if "need" in item and page.need and locale.language_code == "en":
        Need.objects.filter(pk=page.need_id, name_en="").update(name_en=item["need"])
    if "keywords" in item:
        page.keywords = ", ".join(item["keywords"])
    for part, said in item.get("contact", {}).items():
        setattr(page, f"desk_{part}", said)
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
    said.accessibility_page_id = demo.pages.get("accessibilite")
    for item in read(HOUSE, "settings"):
        for name, value in item.items():
            setattr(said, name, value)
    raw = {
        "words": [{"type": "words", "value": {"name": "", **item}} for item in read(HOUSE, "words")],
        "quick_links": [
            {"type": "link", "value": {"page": demo.pages[item["page"]], "url": "", "label": ""}}
            for item in read(HOUSE, "quick_link")
        ],
    }
    for name, stream in raw.items():
        setattr(said, name, said._meta.get_field(name).stream_block.to_python(stream))
    items = [*read(HOUSE, "page"), *read("pages*.toml", "page")]
    footer = list(dict.fromkeys(item["slug"] for item in items if item.get("footer")))
    # The accessibility statement has its own mention at the foot of each page.
    footer.remove("accessibilite")
    legal = [slug for slug in footer if slug in {"mentions-legales", "donnees-personnelles", "cookies"}]
    links = [{"page": demo.pages[slug], "url": "", "label": ""} for slug in footer if slug not in legal]
    said.footer = said._meta.get_field("footer").stream_block.to_python(
        [{"type": "column", "value": {"title": "Besoin d’aide", "title_en": "Help", "links": links}}]
    )
    said.legal = said._meta.get_field("legal").stream_block.to_python(
        [{"type": "link", "value": {"page": demo.pages[slug], "url": "", "label": ""}} for slug in legal]
    )
    said.save()


def load_records() -> None:
    """Say where messages go, when the portal was audited, and what is new in it."""
    for item in read(HOUSE, "mailbox"):
        Unit.objects.filter(code=item["unit"], email="").update(email=item["email"])
    for item in read(HOUSE, "audit"):
        on = timezone.localdate() - timedelta(days=item.pop("days_ago"))
        said = {name: value.strip() if isinstance(value, str) else value for name, value in item.items()}
        if not AccessibilityAudit.objects.filter(auditor=said["auditor"]).exists():
            AccessibilityAudit.objects.create(carried_out_on=on, **said)
    if PortalChange.objects.exists():
        return
    made: dict[str, PortalChange] = {}
    for item in read(HOUSE, "change"):
        on = timezone.localdate() - timedelta(days=item["days_ago"])
        said = {"title": item["title"], "text": item["text"], "reach": item.get("reach", Reach.READERS)}
        locale = Locale.objects.get(language_code="fr")
        made[item["key"]] = PortalChange.objects.create(day=on, locale=locale, **said)
    for language in TRANSLATED:
        locale = Locale.objects.get(language_code=language)
        for item in read(HOUSE, "change", language=language):
            change = made[item["translates"]].copy_for_translation(locale)
            change.title, change.text = item["title"], item["text"]
            change.save()
