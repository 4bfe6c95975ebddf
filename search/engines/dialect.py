"""What SQLite and PostgreSQL each say in their own way; search.engines.database says the rest once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from search.words import Term, Word


class Sql(NamedTuple):
    """A piece of SQL and what stands for its %s, in order."""

    text: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Indexed:
    """What is written for one entry: lexemes of the title, of what stands out, and of the text; see search.words."""

    entry: int
    title: tuple[str, ...]
    head: tuple[str, ...]  # summary, headings, identifiers
    body: tuple[str, ...]
    whole: str


class FullText(Protocol):
    """The table search_fulltext of one database.

    `matched` selects (id, place): place adds 4 when the title is what was asked, 2 when the title has it all, 1 when
    title and what stands out have it all. `weighed` selects (id, weight) of those in the table `best`; more is better.
    """

    create: tuple[str, ...]
    drop: tuple[str, ...]
    ids: str

    def write(self, cursor: Any, rows: Sequence[Indexed]) -> None: ...

    def forget(self, cursor: Any, entries: Sequence[int]) -> None: ...

    def matched(self, terms: Sequence[Term], whole: str, *, every: bool) -> Sql: ...

    def weighed(self, terms: Sequence[Term], *, every: bool) -> Sql: ...

    def days_since(self, column: str) -> str: ...

    def each_of(self, column: str) -> str:
        """Return what stands in FROM for the texts of a JSON list; each is then `each.value`."""
        ...


def any_of(terms: Sequence[Term], *, every: bool, word: Callable[[Word], str], both: str, either: str) -> str:
    """Return the terms as one expression: all of them, or any of them."""
    said = []
    for term in terms:
        ways = [both.join(word(part) for part in way) for way in term.ways]
        said.append("(" + either.join(f"({way})" for way in ways) + ")")
    return (both if every else either).join(said)


def full_text(vendor: str) -> FullText:
    """Return what the database of this vendor says."""
    from search.engines.postgresql import PostgresText
    from search.engines.sqlite import SqliteText

    dialects: dict[str, type[FullText]] = {"sqlite": SqliteText, "postgresql": PostgresText}
    return dialects[vendor]()
