"""What a reader asks of the search, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audience.reader import Reader
from content.entry import Kind
from search.paging import page_number
from search.words import clean

LONGEST_TEXT = 200


class Sort(models.TextChoices):
    RELEVANCE = "relevance", _("Most relevant first")
    NEWEST = "newest", _("Newest first")


@dataclass(frozen=True)
class Shelf:
    """Kinds that readers choose together: a list stands with pages, whatever it lists."""

    name: str
    label: str | Promise
    kinds: tuple[Kind, ...]


SHELVES = (
    Shelf("service", _("Services"), (Kind.SERVICE, Kind.RETIRED)),
    Shelf("guidance", _("Guidance sheets"), (Kind.GUIDANCE,)),
    Shelf("news", pgettext_lazy("several", "News"), (Kind.NEWS,)),
    Shelf("announcement", pgettext_lazy("several", "Announcements"), (Kind.ANNOUNCEMENT,)),
    Shelf("event", _("Events"), (Kind.EVENT,)),
    Shelf("section", _("Sections"), (Kind.SECTION,)),
    Shelf("document", _("Documents"), (Kind.DOCUMENT,)),
    Shelf("alert", _("Alerts"), (Kind.ALERT,)),
    Shelf(
        "page",
        _("Pages"),
        (
            Kind.PAGE,
            Kind.DOOR,
            Kind.HOME,
            Kind.NEWS_INDEX,
            Kind.AGENDA,
            Kind.GUIDANCE_INDEX,
            Kind.CATALOGUE,
            Kind.SECTIONS,
        ),
    ),
)
_BY_NAME = {shelf.name: shelf for shelf in SHELVES}


@dataclass(frozen=True)
class Query:
    """What `reader` asks. No shelf chosen is all of them."""

    text: str
    reader: Reader
    shelves: tuple[Shelf, ...] = ()
    page: int = 1
    language: str = "fr"
    sort: Sort = Sort.RELEVANCE

    @classmethod
    def parse(cls, given: Mapping[str, str], *, reader: Reader) -> Self:
        """Return the query that an address says (q, kind, page, sort). Raises nothing: a bad field is as if absent."""
        kinds = given.getlist("kind") if isinstance(given, QueryDict) else [given.get("kind", "")]
        sort = given.get("sort", "")
        return cls(
            text=" ".join(clean(str(given.get("q", ""))[: 2 * LONGEST_TEXT]).split())[:LONGEST_TEXT].strip(),
            reader=reader,
            shelves=tuple(shelf for shelf in SHELVES if shelf.name in kinds),
            page=page_number(given.get("page", "")),
            language=reader.language,
            sort=Sort(sort) if sort in Sort.values else Sort.RELEVANCE,
        )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of the shelves chosen; none is all."""
        return tuple(kind for shelf in self.shelves for kind in shelf.kinds)

    def on(self, *shelves: Shelf) -> Self:
        """Return the first page of the same question on other shelves."""
        return replace(self, shelves=shelves, page=1)

    def as_address(self) -> str:
        """Return the query part of this search's address, without the page."""
        fields = [("q", self.text), *(("kind", shelf.name) for shelf in self.shelves)]
        if self.sort != Sort.RELEVANCE:
            fields.append(("sort", self.sort.value))
        return urlencode(fields)
