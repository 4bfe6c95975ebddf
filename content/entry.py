"""What a page, a document or a record says of itself to become an entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from content.dates import DateData


class Kind(models.TextChoices):
    """What an entry is, for its label, its colour and its card."""

    HOME = "home", _("Home")
    DOOR = "door", pgettext_lazy("where one sort of reader comes in", "Entrance")
    PAGE = "page", _("Page")
    NEWS_INDEX = "news_index", _("News list")
    NEWS = "news", _("News")
    ANNOUNCEMENT = "announcement", _("Announcement")
    AGENDA = "agenda", _("Agenda")
    EVENT = "event", _("Event")
    GUIDANCE_INDEX = "guidance_index", _("Guidance list")
    GUIDANCE = "guidance", _("Guidance")
    CATALOGUE = "catalogue", _("Service catalogue")
    SERVICE = "service", _("Service")
    RETIRED = "retired", _("Retired service")
    SECTIONS = "sections", _("Sections")
    SECTION = "section", _("Section")
    DOCUMENT = "document", _("Document")
    ALERT = "alert", _("Alert")


@dataclass(frozen=True, kw_only=True)
class EntryData:
    """What is projected: `title`, `summary`, `headings`, `body` are plain text; instants are aware."""

    kind: Kind
    title: str
    summary: str = ""
    headings: str = ""
    body: str = ""
    image: str = ""
    pictures: tuple[tuple[str, int], ...] = ()  # the same in each width that browsers choose from: address, pixels
    unit_id: int | None = None
    topics: tuple[str, ...] = ()
    campus: str = ""
    category: int | None = None
    identifiers: tuple[str, ...] = ()
    in_menu: bool = False
    published_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    pinned_until: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    dates: tuple[DateData, ...] = ()  # each becomes an entry of its own, which leads to the page
