"""What the search page shows: what an engine found, read again for the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import pgettext_lazy

from audience.version import Version
from content.entry import Kind
from search.engines import engine
from search.engines.base import MOST_RANKED, PAGE_SIZE, Found, Hit, SearchEngine
from search.entries import entries_for
from search.excerpts import excerpt, parted
from search.facets import Facet, facets, orders
from search.models import Entry
from search.query import SHELVES, Query, Shelf
from search.steering import steering
from search.words import fold

_WORD = re.compile(r"[^\W_]+")
POPULAR = 5
EVERYTHING = pgettext_lazy("every kind of result", "All")


@dataclass(frozen=True)
class Choice:
    """A shelf to choose, with how many of its entries the reader would find."""

    kind: str
    label: str | Promise
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class Paging:
    """The page shown and its neighbours, as components/pagination.html asks them."""

    number: int
    total: int  # of what was found on the shelves chosen; only MOST_RANKED of it can be reached

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number * PAGE_SIZE < min(self.total, MOST_RANKED)

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


@dataclass(frozen=True)
class Results:
    """What was found for a query; the rest of what a page prints is made when it is asked.

    `hits` are entries that the reader may see now, each with `excerpt`, safe HTML.
    """

    query: Query
    found: Found = field(default_factory=Found)
    hits: Sequence[Entry] = ()
    version: Version | None = None  # of the request, if there is one

    @property
    def total(self) -> int:
        return self.found.count(self.query.kinds)

    @property
    def loosened(self) -> bool:
        return self.found.loosened

    @property
    def approximate(self) -> bool:
        return self.found.approximate

    @property
    def degraded(self) -> bool:
        return self.found.degraded

    @property
    def page(self) -> Paging:
        return Paging(self.query.page, self.total)

    @property
    def page_query(self) -> str:
        return f"{self.query.as_address()}&"

    @cached_property
    def kinds(self) -> list[Choice]:
        return _choices(self.query, self.found)

    @cached_property
    def facets(self) -> list[Facet]:
        return facets(self.query, self.found, self.version) if self.query.text else []

    @property
    def orders(self) -> list[Mapping[str, Any]]:
        return orders(self.query)

    @cached_property
    def correction(self) -> str:
        """The words that may have been meant, with the accents they have in what is shown."""
        if not self.found.correction:
            return ""
        said = [
            part for name in ("title", "summary", "excerpt") for hit in self.hits if (part := getattr(hit, name, ""))
        ]
        written = {fold(word): word.lower() for word in reversed(_WORD.findall(" ".join(map(str, said))))}

        def accented(found: re.Match[str]) -> str:
            """Return the word as it is written, or as another begins that is written: its plural."""
            word = found[0]
            longer = (
                other for folded, other in written.items() if folded.startswith(word) and len(folded) == len(other)
            )
            return written.get(word) or next(longer, word)[: len(word)]

        return _WORD.sub(accented, self.found.correction)

    @property
    def correction_url(self) -> str:
        return f"?{replace(self.query, text=self.correction, page=1).as_address()}"

    @property
    def wider_url(self) -> str:
        """The same words, nothing else chosen; empty when nothing is."""
        return f"?{Query(self.query.text, self.query.reader).as_address()}" if self.query.narrowed else ""

    @cached_property
    def popular(self) -> list[Entry]:
        """Services that are much used, when nothing was found."""
        return popular(self.query) if self.query.text and not self.hits else []


def search(
    query: Query, *, by: SearchEngine | None = None, also: tuple[str, ...] = (), version: Version | None = None
) -> Results:
    """Return what the reader of `query` finds: the engine's own queries, and two for the hits, however many.

    `version` is that of the request, which has asked for it already.
    """
    if not query.text:
        return Results(query)
    by, said = by or engine(), steering(version)
    query = replace(query, other_ways=(*said.other_ways(query.text), *also))
    promoted = said.promoted(query.text, query.reader) if query.page == 1 and not query.narrowed else []
    found = by.search(query)
    if not found.hits and found.count(query.kinds) and query.page > 1:
        # Past the end, as links of a list that shrank still lead somewhere: the first page.
        query = query.on(*query.shelves)
        found = by.search(query)
    return Results(query, found, _read_again(query, found.hits, promoted), version)


def _read_again(query: Query, hits: Sequence[Hit], promoted: Sequence[Any] = ()) -> list[Entry]:
    """Return the entries that the reader may see now: an index may be older than what it speaks of.

    What editors promote comes first, in the reader's language, and is no promise to who may not see it.
    """
    if not hits and not promoted:
        return []
    wanted = Q(pk__in=[hit.entry for hit in hits])
    if promoted:
        wanted |= Q(translation_key__in=promoted, shown_in__has=query.language, is_alias=False)
    read = list(entries_for(query.reader).filter(wanted))
    if promoted or any(hit.excerpt is None for hit in hits):
        prefetch_related_objects(read, "text")
    entries, shown = {entry.pk: entry for entry in read}, []
    for key in promoted:
        first = next(
            (one for one in read if one.translation_key == key and query.language in one.shown_in.split()), None
        )
        if first is not None:
            first.is_promoted = True
            first.excerpt = _excerpt(query, first)  # type: ignore[attr-defined]
            shown.append(first)
    for hit in hits:
        entry = entries.get(hit.entry)
        if entry is not None and entry not in shown:
            said = mark_safe(hit.excerpt) if hit.excerpt is not None else _excerpt(query, entry)  # noqa: S308
            entry.excerpt = said  # type: ignore[attr-defined]  # for templates
            shown.append(entry)
    return shown


def popular(query: Query) -> list[Entry]:
    """Return services that are much used, those recommended to the reader first."""
    services = entries_for(query.reader).of_kind(Kind.SERVICE).listed_in(query.language).order_by("-popularity", "pk")
    mine = list(services.recommended_to(query.reader)[:POPULAR]) if query.reader.recommended else []
    return [*mine, *services.for_everyone()[:POPULAR]][:POPULAR]


def _excerpt(query: Query, entry: Entry) -> str:
    text = getattr(entry, "text", None)
    parts = (parted(text.headings), parted(text.body), text.file_text) if text else ()
    return excerpt(" ".join((query.text, *query.other_ways)), entry.summary, *parts)


def _choices(query: Query, found: Found) -> list[Choice]:
    """Return the shelves on which something was found, those chosen, and all together; none when nothing was found."""
    if not found.counts:
        return []

    def choice(shelf: Shelf | None) -> Choice:
        shelves = (shelf,) if shelf else ()
        return Choice(
            kind=shelf.name if shelf else "",
            label=shelf.label if shelf else EVERYTHING,
            count=found.count(shelf.kinds if shelf else ()),
            url=f"?{query.on(*shelves).as_address()}",
            current=shelf in query.shelves if shelf else not query.shelves,
        )

    shown = [shelf for shelf in SHELVES if shelf in query.shelves or found.count(shelf.kinds)]
    return [choice(None), *(choice(shelf) for shelf in shown)]
