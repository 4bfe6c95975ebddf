"""What the search page shows: what an engine found, read again for the reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import pgettext_lazy

from search.engines import engine
from search.engines.base import MOST_RANKED, PAGE_SIZE, Found, Hit, SearchEngine
from search.entries import entries_for
from search.excerpts import excerpt
from search.models import Entry
from search.query import SHELVES, Query, Shelf
from search.words import fold

_WORD = re.compile(r"[^\W_]+")
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
    """What is printed. `hits` are entries that the reader may see now, each with `excerpt`, safe HTML."""

    hits: Sequence[Entry] = ()
    kinds: Sequence[Choice] = ()
    page: Paging = field(default_factory=lambda: Paging(1, 0))
    page_query: str = ""
    total: int = 0
    loosened: bool = False
    approximate: bool = False
    degraded: bool = False
    correction: str = ""
    correction_url: str = ""


def search(query: Query, *, by: SearchEngine | None = None) -> Results:
    """Return what the reader of `query` finds: the engine's own queries, and two for the hits, however many."""
    if not query.text:
        return Results()
    by = by or engine()
    found, number = by.search(query), query.page
    if not found.hits and found.count(query.kinds) and number > 1:
        # Past the end, as links of a list that shrank still lead somewhere: the first page.
        query, number = query.on(*query.shelves), 1
        found = by.search(query)
    total = found.count(query.kinds)
    hits = _read_again(query, found.hits)
    correction = _accented(found.correction, hits)
    return Results(
        hits=hits,
        kinds=_choices(query, found),
        page=Paging(number, total),
        page_query=f"{query.as_address()}&",
        total=total,
        loosened=found.loosened,
        approximate=found.approximate,
        degraded=found.degraded,
        correction=correction,
        correction_url=f"?{replace(query, text=correction, page=1).as_address()}" if correction else "",
    )


def _read_again(query: Query, hits: Sequence[Hit]) -> list[Entry]:
    """Return the entries of `hits` that the reader may see now: an index may be older than what it speaks of."""
    if not hits:
        return []
    entries = entries_for(query.reader).prefetch_related("text").in_bulk([hit.entry for hit in hits])
    shown = []
    for hit in hits:
        entry = entries.get(hit.entry)
        if entry is not None:
            said = mark_safe(hit.excerpt) if hit.excerpt is not None else _excerpt(query, entry)  # noqa: S308
            entry.excerpt = said  # type: ignore[attr-defined]  # for templates
            shown.append(entry)
    return shown


def _accented(correction: str, hits: Sequence[Entry]) -> str:
    """Return the correction with its words spelled as in the titles that are shown."""
    written = {fold(word): word.lower() for hit in hits for word in _WORD.findall(hit.title)}
    return _WORD.sub(lambda found: written.get(found[0], found[0]), correction)


def _excerpt(query: Query, entry: Entry) -> str:
    text = getattr(entry, "text", None)
    parts = (text.headings, text.body, text.file_text) if text else ()
    return excerpt(query.text, entry.summary, *parts)


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
