"""What a search engine is asked and what it answers; the same for every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from content.entry import Kind
from search.query import Query

PAGE_SIZE = 10
# Further down nobody reads, and no engine ranks for nothing.
MOST_RANKED = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found. `excerpt` is safe HTML with <mark>, or None where the engine keeps no text."""

    entry: int
    score: float
    excerpt: str | None = None


@dataclass(frozen=True)
class Found:
    """What an engine found for one reader: the hits of the page asked, the best first, and counts of all kinds.

    `counts` counts what this reader may see and nothing else, whatever the kinds chosen; `facets` does so for each
    value of unit, topic, campus and period, whatever was chosen of that one thing. `loosened`: no entry has all the
    words, these have some. `approximate`: these have words that look like those asked. `degraded`: a stand-in answers.
    `correction`: the text as it may have been meant, made of words that anyone may read.
    """

    hits: tuple[Hit, ...] = ()
    counts: Mapping[Kind, int] = field(default_factory=dict)
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    loosened: bool = False
    approximate: bool = False
    degraded: bool = False
    correction: str = ""

    def count(self, kinds: tuple[Kind, ...] = ()) -> int:
        """Return how many entries of `kinds` (of all if none is named) were found."""
        return sum(number for kind, number in self.counts.items() if not kinds or kind in kinds)


# What is counted beside kinds, in the order it is shown; the fields of Query that say what is chosen of it.
FACETS = {"unit": "units", "topic": "topics", "campus": "campuses", "period": "period"}
SUGGESTED = 8
MOST_VALUES = 30  # of one facet


class SearchEngine(Protocol):
    """Finds entries. Raises nothing for what a reader may type; what it returns is read again before it is shown."""

    def search(self, query: Query) -> Found: ...

    def suggest(self, query: Query) -> Found:
        """Return the entries whose titles may be what is being typed; counts nothing."""
        ...
