"""Whose portal it is, as templates print it: names, and links of the foot that lead only where the reader may go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from audience.middleware import PortalRequest
from audience.version import Kept, Version
from content.accessibility import AccessibilityAudit, Conformity, conformity
from content.portal_settings import PortalSettings
from search.links import succeeded
from search.models import Entry


def _load() -> PortalSettings:
    # Not load(), which writes a row when there is none: a page that is read changes nothing.
    found = PortalSettings.objects.first() or PortalSettings()
    found.audit = AccessibilityAudit.objects.last()
    return found


_settings = Kept(_load)


def portal_settings(version: Version) -> PortalSettings:
    """Return the settings of this content version; a process keeps the newest."""
    return _settings.at(version)


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
    address: str
    columns: list[Column]
    legal: list[Link]


class PortalIdentity:
    """Asked by templates as they need it; all its pages are one query."""

    language = settings.LANGUAGE_CODE  # of what is typed in the settings

    def __init__(self, request: PortalRequest) -> None:
        self.request = request
        self.said = portal_settings(request.content_version)
        self.name = self.said.name
        self.institution = self.said.institution

    @property
    def origin(self) -> str:
        return f"{self.request.scheme}://{self.request.get_host()}"

    @cached_property
    def _entries(self) -> dict[int, Entry]:
        """The pages linked, by the id that was chosen, each in the reader's language when it has one."""
        ids = {pk for stream in (self.said.footer, self.said.legal) for pk in _page_ids(list(stream.raw_data))}
        ids |= {pk for pk in (self.said.help_page_id, self.said.accessibility_page_id) if pk}
        if not ids:
            return {}
        reader = self.request.reader
        keys = Entry.objects.of_pages(ids).values("translation_key")
        group = list(Entry.objects.visible_to(reader).translations_of(keys).filter(is_alias=False))
        spoken = {e.translation_key: e for e in group if e.language == reader.language}
        return succeeded({e.object_id: spoken.get(e.translation_key, e) for e in group}, reader=reader)

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
        return Footer(self.said.address, columns, legal)

    def _column(self, value: dict[str, Any]) -> Column:
        links = self._links(value["links"])
        if value.get("title_en") and self.request.reader.language == "en":
            return Column(value["title_en"], links, "en")
        return Column(value["title"], links)

    def _links(self, raw: list[dict[str, object]]) -> list[Link]:
        links = []
        for item in raw:
            value = item.get("value", item)
            if not isinstance(value, dict):
                continue
            entry = self._entries.get(value.get("page") or 0)
            if entry:
                # Words of one's own are in the portal's first language; in another, the page says its title.
                own = value.get("label") if entry.spoken == settings.LANGUAGE_CODE else ""
                links.append(Link(own or entry.title, entry.url, entry.spoken))
            elif value.get("url") and not value.get("page"):
                links.append(Link(value.get("label") or value["url"], value["url"]))
        return links


def _page_ids(raw: object) -> set[int]:
    """Return the pages chosen anywhere in a stream's raw data."""
    if isinstance(raw, dict):
        page = raw.get("page")
        return ({page} if isinstance(page, int) else set()).union(*(_page_ids(value) for value in raw.values()))
    if isinstance(raw, list) or (hasattr(raw, "__iter__") and not isinstance(raw, str)):
        return set().union(*(_page_ids(value) for value in raw))
    return set()
