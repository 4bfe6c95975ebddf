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
# What an address may choose: more is an address that nobody made by choosing.
MOST_CHOSEN, LONGEST_CHOICE = 12, 120
MOST_PARAMETERS = 100


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


class Period(models.TextChoices):
    """When something was published, or is to come."""

    WEEK = "week", _("Published in the last 7 days")
    MONTH = "month", _("Published in the last 30 days")
    YEAR = "year", _("Published in the last 12 months")
    COMING = "coming", _("To come")

    @property
    def days(self) -> int:
        return {"week": 7, "month": 30, "year": 365, "coming": 0}[self.value]


@dataclass(frozen=True)
class Query:
    """What `reader` asks. No shelf chosen is all of them; values chosen of one thing are alternatives."""

    text: str
    reader: Reader
    shelves: tuple[Shelf, ...] = ()
    page: int = 1
    language: str = "fr"
    sort: Sort = Sort.RELEVANCE
    units: tuple[str, ...] = ()  # codes
    topics: tuple[str, ...] = ()
    campuses: tuple[str, ...] = ()
    period: Period | None = None
    other_ways: tuple[str, ...] = ()  # the same text with an editor's synonyms in it

    @classmethod
    def parse(cls, given: Mapping[str, str], *, reader: Reader) -> Self:
        """Return the query that an address says. Raises nothing: a bad field is as if absent."""
        kinds = _chosen(given, "kind")
        sort, period = given.get("sort", ""), given.get("period", "")
        return cls(
            text=" ".join(clean(str(given.get("q", ""))[: 2 * LONGEST_TEXT]).split())[:LONGEST_TEXT].strip(),
            reader=reader,
            shelves=tuple(shelf for shelf in SHELVES if shelf.name in kinds),
            page=page_number(given.get("page", "")),
            language=reader.language,
            sort=Sort(sort) if sort in Sort.values else Sort.RELEVANCE,
            units=_chosen(given, "unit"),
            topics=_chosen(given, "topic"),
            campuses=_chosen(given, "campus"),
            period=Period(period) if period in Period.values else None,
        )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of the shelves chosen; none is all."""
        return tuple(kind for shelf in self.shelves for kind in shelf.kinds)

    def on(self, *shelves: Shelf) -> Self:
        """Return the first page of the same question on other shelves."""
        return replace(self, shelves=shelves, page=1)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the text was chosen."""
        return bool(self.shelves or self.units or self.topics or self.campuses or self.period)

    def as_address(self) -> str:
        """Return the query part of this search's address, without the page."""
        fields = [("q", self.text), *(("kind", shelf.name) for shelf in self.shelves)]
        fields += [("unit", code) for code in self.units]
        fields += [("topic", topic) for topic in self.topics]
        fields += [("campus", campus) for campus in self.campuses]
        if self.period:
            fields.append(("period", self.period.value))
        if self.sort != Sort.RELEVANCE:
            fields.append(("sort", self.sort.value))
        return urlencode(fields)


def _chosen(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the values that an address gives of `name`: cleaned, each once, a few at most."""
    said = given.getlist(name) if isinstance(given, QueryDict) else [given.get(name, "")]
    cleaned = (clean(str(value)[:LONGEST_CHOICE]).strip() for value in said[:MOST_PARAMETERS])
    return tuple(dict.fromkeys(value for value in cleaned if value))[:MOST_CHOSEN]
