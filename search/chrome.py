"""What stands around every page: menu, breadcrumbs, languages. All of it read from entries, for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.conf import settings
from django.db.models import Q
from django.urls import reverse, translate_url
from django.utils import translation
from wagtail.models import Page

from audience.middleware import PortalRequest
from content.entry import Kind
from search.entries import entries_for
from search.locks import STEP, ancestor_paths
from search.models import Entry
from search.querysets import LAST_BELOW

HOME_DEPTH, SECTION_DEPTH = 2, 4  # below the tree's root; below a home and its list of sections
LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


@dataclass(frozen=True)
class MenuItem:
    title: str
    url: str
    current: bool  # this page or one above it
    kind: str = ""


@dataclass(frozen=True)
class LanguageLink:
    code: str
    label: str
    url: str
    current: bool
    translated: bool  # leads to this very page in that language


class Chrome:
    """Asked by templates as they need it; all of it is one query."""

    def __init__(self, request: PortalRequest) -> None:
        self.request = request
        self.reader = request.reader

    @property
    def on_page(self) -> Page | None:
        return getattr(self.request, "page", None)

    @cached_property
    def _around(self) -> list[Entry]:
        """Homes and their menus, what stands above the page and is its translation, its section's menu; by place."""
        wanted = Q(depth=HOME_DEPTH) | Q(depth=HOME_DEPTH + 1, in_menu=True)
        if page := self.on_page:
            wanted |= Q(path__in=[*ancestor_paths(page.path), page.path]) | Q(translation_key=page.translation_key)
            if page.depth >= SECTION_DEPTH:
                section = page.path[: SECTION_DEPTH * STEP]
                below = Q(path__gt=section, path__lte=section + LAST_BELOW)
                wanted |= below & Q(depth=SECTION_DEPTH + 1, in_menu=True)
        # Ordered here: asked for the order, SQLite would walk the whole tree by its paths instead of looking these up.
        return sorted(entries_for(self.reader).filter(wanted), key=lambda entry: entry.path)

    def _menu_below(self, entry: Entry) -> list[MenuItem]:
        here = self.on_page.path if self.on_page else ""
        below = (e for e in self._around if e.in_menu and e.depth == entry.depth + 1 and e.path.startswith(entry.path))
        return [MenuItem(e.title, e.url, here.startswith(e.path), e.kind) for e in islice(below, 12)]

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
        return next((home for home in self._homes if home.language == self.reader.language), None)

    @property
    def home_url(self) -> str:
        return self._home.url if self._home else "/"

    @property
    def search_url(self) -> str:
        return reverse("search")

    @cached_property
    def menu(self) -> list[MenuItem]:
        return self._menu_below(self._home) if self._home else []

    @property
    def breadcrumbs(self) -> list[Entry]:
        """The entries above the page, home first; the page itself is not among them."""
        return [entry for entry in self._above if self.on_page and entry.path != self.on_page.path]

    @cached_property
    def section_menu(self) -> list[MenuItem]:
        """The menu of the section the page stands in, if it stands in one."""
        section = next((entry for entry in self._above if entry.kind == Kind.SECTION), None)
        if section is None or self.on_page is None:
            return []
        home = MenuItem(section.title, section.url, self.on_page.path == section.path)
        return [home, *self._menu_below(section)]

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
            if self.on_page is None and not here.startswith("//"):
                url, same = translate_url(here, code), True
            elif code in there:
                url, same = there[code].url, True
            else:
                home = next((home for home in self._homes if home.language == code), None)
                url, same = (home.url if home else ""), False
            if url:
                current = code == self.reader.language
                links.append(LanguageLink(code, LANGUAGE_NAMES.get(code, code), url, current, same))
        return links


def home_url(language: str) -> str:
    """Return the address of home in `language`."""
    with translation.override(language):
        return reverse("wagtail_serve", args=[""])
