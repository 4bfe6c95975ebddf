"""What stands around every page: menu, breadcrumbs, languages. All of it read from entries, for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse, translate_url
from django.utils import translation
from wagtail.models import Page

from audience.middleware import PortalRequest
from audience.reader import Reader
from content.entry import Kind
from search.compiled import compiled
from search.entries import entries_for
from search.identity import portal_settings
from search.locks import STEP, ancestor_paths
from search.models import Entry
from search.querysets import LAST_BELOW, EntryQuerySet

HOME_DEPTH, SECTION_DEPTH = 2, 4  # below the tree's root; below a home and its list of sections
LONGEST_MENU, LONGEST_SECTION_MENU = 10, 12  # after the main menu, the way to the whole portal


@dataclass(frozen=True)
class MenuItem:
    title: str
    url: str
    current: str  # "page": this very page; "true": one above it; else empty, as aria-current has it
    kind: str = ""
    language: str = ""


@dataclass(frozen=True)
class LanguageLink:
    code: str
    label: str
    url: str
    current: bool
    translated: bool  # leads to this very page in that language


class Chrome:
    """Asked by templates as they need it; all of it, alerts included, is one query."""

    def __init__(self, request: PortalRequest) -> None:
        self.request = request
        self.reader = request.reader

    @property
    def on_page(self) -> Page | None:
        return getattr(self.request, "page", None)

    @cached_property
    def read(self) -> list[Entry]:
        """Homes and their menus, what stands above the page and is its translation, its section's menu, alerts, and
        what the foot and quick links lead to."""
        linked = portal_settings(self.request.content_version).linked
        page = self.on_page
        if page is None:
            return _around(self.reader, linked)
        section = page.path[: SECTION_DEPTH * STEP] if page.depth >= SECTION_DEPTH else ""
        paths = (*ancestor_paths(page.path), page.path)
        return _around(self.reader, linked, paths, page.translation_key, section)

    @cached_property
    def _around(self) -> list[Entry]:
        """The pages among these, by place."""
        # Ordered here: asked for the order, SQLite would walk the whole tree by its paths instead of looking these up.
        return sorted((e for e in self.read if e.kind != Kind.ALERT), key=lambda entry: entry.path)

    @property
    def alerts(self) -> list[Entry]:
        """The alerts that are meant for the reader and for this page, the newest first."""
        here = {str(entry.translation_key) for entry in self._above}
        mine = {None, *self.reader.recommended}
        alerts = [e for e in self.read if e.kind == Kind.ALERT and e.recommendation_id in mine]
        told = [e for e in alerts if not e.extra["below"] or here.intersection(e.extra["below"])]
        return sorted(told, key=lambda entry: (entry.published_at or self.reader.at, entry.pk), reverse=True)

    def _menu_below(self, entry: Entry) -> list[MenuItem]:
        below = (e for e in self._around if e.in_menu and e.depth == entry.depth + 1 and e.path.startswith(entry.path))
        return [self._item(e) for e in below]

    def _item(self, entry: Entry, *, above: bool = True) -> MenuItem:
        """Return the item of a menu that leads to `entry`, which stands `above` the page perhaps."""
        here = self.on_page.path if above and self.on_page else ""
        current = "page" if entry.url == self.request.path else "true" if here.startswith(entry.path) else ""
        return MenuItem(entry.title, entry.url, current, entry.kind, entry.spoken)

    @cached_property
    def _homes(self) -> list[Entry]:
        return [entry for entry in self._around if entry.kind == Kind.HOME]

    @cached_property
    def _above(self) -> list[Entry]:
        """The entries above the page and its own, from home down."""
        here = self.on_page.path if self.on_page else ""
        return [entry for entry in self._around if here.startswith(entry.path)]

    @cached_property
    def _home(self) -> Entry | None:
        if self._above and self._above[0].kind == Kind.HOME:
            return self._above[0]
        return self._home_in(self.reader.language) or self._home_in(settings.LANGUAGE_CODE)

    def _home_in(self, language: str) -> Entry | None:
        return next((home for home in self._homes if home.language == language), None)

    @cached_property
    def _untranslated(self) -> list[Entry]:
        """What stands in the menus around the page in the portal's first language, and is not in the reader's."""
        language = self.reader.language
        return [] if language == settings.LANGUAGE_CODE else [e for e in self._around if is_offered(e, language)]

    @property
    def home_url(self) -> str:
        return self._home.url if self._home else "/"

    @cached_property
    def search_url(self) -> str:
        return reverse("search")

    @property
    def here(self) -> str:
        """Which of the pages that every page leads to this one is: home, search or plan; else empty."""
        there = {self.plan_url: "plan", self.search_url: "search", self.home_url: "home"}
        return there.get(self.request.path, "")

    @cached_property
    def plan_url(self) -> str:
        return reverse("plan")

    @property
    def help_url(self) -> str:
        """Where help with this page is found: the page of help resolves the address it is given.

        The address of a discreet page stands in no other.
        """
        discreet = getattr(getattr(self.request, "entry", None), "discreet", False)
        return f"{reverse('help')}?{urlencode({'from': '' if discreet else self.request.path})}"

    @cached_property
    def menu(self) -> list[MenuItem]:
        """The menu of home; what stands in the first language's and is not translated follows, as it is."""
        if self._home is None:
            return []
        others = [e for e in self._untranslated if e.depth == HOME_DEPTH + 1 and e.in_menu]
        offered = [self._item(e) for e in others]
        return [*self._menu_below(self._home), *offered][:LONGEST_MENU]

    @property
    def breadcrumbs(self) -> list[Entry]:
        """The entries above the page, home first; the page itself is not among them."""
        return [entry for entry in self._above if self.on_page and entry.path != self.on_page.path]

    @property
    def _section(self) -> Entry | None:
        return next((entry for entry in self._above if entry.kind == Kind.SECTION), None)

    @property
    def section_colour(self) -> str:
        """The identity colour of the section the page stands in, by its name."""
        return str(self._section.extra.get("colour", "")) if self._section else ""

    @cached_property
    def section_menu(self) -> list[MenuItem]:
        """The menu of the section the page stands in, if it stands in one."""
        section = self._section
        if section is None or self.on_page is None:
            return []
        home = self._item(section, above=False)
        return [home, *self._menu_below(section), *self._offered_in(section)][: LONGEST_SECTION_MENU + 1]

    def _offered_in(self, section: Entry) -> list[MenuItem]:
        """What the menu of the same section has in the portal's first language, and the reader's does not."""
        language = self.reader.language
        if language == settings.LANGUAGE_CODE:
            return []
        entries = entries_for(self.reader).filter(section__translation_key=section.translation_key)
        below = entries.filter(depth=SECTION_DEPTH + 1, in_menu=True).in_tree_order()
        return [self._item(e) for e in below if is_offered(e, language)]

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """One link for each language: to this page in it when the reader may see that, else to its home."""
        there: dict[str, Entry] = {}
        if self.on_page is not None:
            key = self.on_page.translation_key
            there = {e.language: e for e in self._around if e.translation_key == key and not e.is_alias}
        links = []
        here = self.request.get_full_path()  # //elsewhere/ begins the address of another host
        for code, _name in settings.LANGUAGES:
            home, current = self._home_in(code), code == self.reader.language
            if code in there:
                url, same = there[code].url, True
            elif home is None and not current:  # nobody opened the portal in this language
                continue
            elif self.on_page is None and not here.startswith("//"):
                url, same = translate_url(here, code), True
            elif home is None:
                continue
            else:
                url, same = home.url, False
            links.append(LanguageLink(code, name_of(code), url, current, same))
        return links

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """What search engines are told: (language, address) of this page in each, and whom to send all others to."""
        same = [(link.code, link.url) for link in self.languages if link.translated]
        if len(same) < 2:
            return same
        first = next((url for code, url in same if code == settings.LANGUAGE_CODE), same[0][1])
        return [*same, ("x-default", first)]


@compiled
def _around(
    reader: Reader, linked: tuple[UUID, ...], paths: tuple[str, ...] = (), key: UUID | None = None, section: str = ""
) -> EntryQuerySet:
    """Ask for what stands around the page at the last of `paths`, of translation key `key`, below `section`."""
    wanted = Q(depth=HOME_DEPTH) | Q(depth=HOME_DEPTH + 1, in_menu=True) | Q(kind=Kind.ALERT)
    if linked:
        wanted |= Q(translation_key__in=linked)
    if paths:
        wanted |= Q(path__in=paths) | Q(translation_key=key)
    if section:
        below = Q(path__gt=section, path__lte=section + LAST_BELOW)
        wanted |= below & Q(depth=SECTION_DEPTH + 1, in_menu=True)
    return entries_for(reader).filter(wanted).naming()


def name_of(language: str) -> str:
    """Return what those who speak a language call it: Français, English, Español."""
    name: str = translation.get_language_info(language)["name_local"]
    return name[:1].upper() + name[1:]


def is_offered(entry: Entry, language: str) -> bool:
    """Return whether `entry`, of the portal's first language, stands in the lists of another, untranslated."""
    shown = language in entry.shown_in.split()
    return shown and entry.language == settings.LANGUAGE_CODE and not entry.is_alias
