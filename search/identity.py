"""Whose portal it is, as templates print it: names, and links of the foot that lead only where the reader may go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from audience.middleware import PortalRequest
from audience.version import Kept, Version
from content.accent import digest
from content.accessibility import AccessibilityAudit, Conformity, conformity
from content.portal_settings import PortalSettings
from search.links import succeeded
from search.models import Entry

if TYPE_CHECKING:
    from search.chrome import Chrome


def _load() -> PortalSettings:
    # Not load(), which writes a row when there is none: a page that is read changes nothing.
    found = PortalSettings.objects.first() or PortalSettings()
    found.audit = AccessibilityAudit.objects.last()
    ids = {pk for stream in (found.footer, found.legal, found.quick_links) for pk in _page_ids(list(stream.raw_data))}
    ids |= {pk for pk in (found.help_page_id, found.accessibility_page_id) if pk}
    keys = Page.objects.filter(pk__in=ids).values_list("translation_key", flat=True)
    found.linked = tuple(set(keys)) if ids else ()
    return found


_settings = Kept(_load)


def portal_settings(version: Version) -> PortalSettings:
    """Return the settings of this content version; a process keeps the newest."""
    return _settings.at(version)


def last_settings() -> PortalSettings:
    """Return the settings that this process read last, without asking the database."""
    return _settings.found[1] if _settings.found else PortalSettings()


@dataclass(frozen=True)
class Names:
    """What the portal and its institution are called in a language, and the words at the foot."""

    name: str
    institution: str
    foot: str = ""
    language: str = settings.LANGUAGE_CODE  # of the institution and of the foot

    @property
    def whole(self) -> str:
        return f"{self.name}, {self.institution}" if self.institution else self.name


def names_in(language: str, said: PortalSettings) -> Names:
    """Return the names in `language`, each in the portal's first language where it has none."""
    first = Names(said.name, said.institution, said.foot)
    for child in said.words.raw_data:
        value = child["value"]
        if value.get("language") == language:
            name, house, foot = (value.get(part) or "" for part in ("name", "institution", "foot"))
            return Names(name or first.name, house or first.institution, foot or first.foot, language)
    return first


@dataclass(frozen=True)
class Look:
    """What the browser is given of the settings beside the portal's stylesheet: addresses, and colours of its bars."""

    accent_url: str = ""
    front_url: str = ""  # the picture of the public home, in that accent; empty: the one in static/
    icon_version: str = ""
    icon_url: str = ""  # of the tab; empty: the drawing in static/
    icon_type: str = "image/svg+xml"
    logo_url: str = ""
    logo_dark_url: str = ""


def look_of(said: PortalSettings) -> Look:
    """Return how the portal looks; each address changes with what it leads to."""
    colours = said.colours
    sheet = colours.stylesheet() if colours else ""
    version = digest(said.icon.name or "", said.accent, said.accent_dark)
    tab = "32" if said.icon else "svg" if sheet else ""
    return Look(
        accent_url=reverse("portal_accent", args=[digest(sheet)]) if sheet else "",
        front_url=reverse("portal_front", args=[version]) if said.accent else "",
        icon_version=version,
        icon_url=reverse("portal_icon", args=[tab, version]) if tab else "",
        icon_type="image/png" if said.icon else "image/svg+xml",
        logo_url=said.logo.url if said.logo else "",
        logo_dark_url=said.logo_dark.url if said.logo_dark else "",
    )


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    language: str = settings.LANGUAGE_CODE  # of the label


@dataclass(frozen=True)
class Column:
    title: str
    links: list[Link]
    language: str = settings.LANGUAGE_CODE  # of the title


@dataclass(frozen=True)
class Footer:
    words: str
    address: str
    columns: list[Column]
    legal: list[Link]


class PortalIdentity:
    """Asked by templates as they need it; its pages are read with what stands around the page."""

    language = settings.LANGUAGE_CODE  # of what is typed in the settings

    def __init__(self, request: PortalRequest, chrome: Chrome) -> None:
        self.request, self.chrome = request, chrome
        self.reader = request.reader
        self.said = portal_settings(request.content_version)
        self.names = names_in(request.reader.language, self.said)
        self.name, self.institution, self.whole = self.names.name, self.names.institution, self.names.whole
        self.look = look_of(self.said)

    @property
    def origin(self) -> str:
        return f"{self.request.scheme}://{self.request.get_host()}"

    @cached_property
    def _entries(self) -> dict[int, Entry]:
        """The pages linked, by the id that was chosen, each in the reader's language when it has one."""
        group = [e for e in self.chrome.read if e.translation_key in self.said.linked and not e.is_alias]
        spoken = {e.translation_key: e for e in group if e.language == self.reader.language}
        return succeeded({e.object_id: spoken.get(e.translation_key, e) for e in group}, reader=self.reader)

    @property
    def help_url(self) -> str:
        entry = self._entries.get(self.said.help_page_id or 0)
        return entry.url if entry else ""

    @property
    def audit(self) -> AccessibilityAudit | None:
        """The newest accessibility audit."""
        return self.said.audit

    @property
    def audit_is_valid(self) -> bool:
        return bool(self.audit and self.audit.is_valid(timezone.localdate(self.request.reader.at)))

    @property
    def conformity(self) -> Conformity:
        """What the law has the portal declare of its accessibility, on the day seen."""
        return conformity(self.audit, on=timezone.localdate(self.request.reader.at))

    @property
    def accessibility_url(self) -> str:
        entry = self._entries.get(self.said.accessibility_page_id or 0)
        return entry.url if entry else ""

    @cached_property
    def footer(self) -> Footer:
        # As stored: reading the blocks would load the pages chosen in them.
        stored = [child["value"] for child in self.said.footer.raw_data]
        columns = [self._column(value) for value in stored]
        legal = self._links([child["value"] for child in self.said.legal.raw_data])
        return Footer(self.names.foot, self.said.address, columns, legal)

    @cached_property
    def quick_links(self) -> list[Link]:
        """What everybody opens every day: links to pages the reader may see, and to other addresses."""
        return self._links([child["value"] for child in self.said.quick_links.raw_data])

    def _column(self, value: dict[str, Any]) -> Column:
        links = self._links(value["links"])
        if value.get("title_en") and self.request.reader.language == "en":
            return Column(value["title_en"], links, "en")
        return Column(value["title"], links)

    def _links(self, raw: list[dict[str, object]]) -> list[Link]:
        links = []
        for item in raw:
            value = item.get("value", item)
            if not isinstance(value, dict) or value.get("language") not in {None, "", self.request.reader.language}:
                continue
            # Words of one's own are in the language the link is for, else in the portal's first; in another, a page
            # says its title.
            words_in = value.get("language") or settings.LANGUAGE_CODE
            entry = self._entries.get(value.get("page") or 0)
            if entry:
                own = value.get("label") if entry.spoken == words_in else ""
                links.append(Link(own or entry.title, entry.url, entry.spoken))
            elif value.get("url") and not value.get("page"):
                links.append(Link(value.get("label") or value["url"], value["url"], words_in))
        return links


def _page_ids(raw: object) -> set[int]:
    """Return the pages chosen anywhere in a stream's raw data."""
    if isinstance(raw, dict):
        page = raw.get("page")
        return ({page} if isinstance(page, int) else set()).union(*(_page_ids(value) for value in raw.values()))
    if isinstance(raw, list) or (hasattr(raw, "__iter__") and not isinstance(raw, str)):
        return set().union(*(_page_ids(value) for value in raw))
    return set()
