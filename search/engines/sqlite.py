"""SQLite's full text: one FTS5 table whose rowid is the entry's id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.engines.dialect import Indexed, Sql, any_of
from search.words import Term, Word

# The order of the columns; `whole` holds one lexeme that stands for the title as a whole.
_TITLE, _HEAD = "{title}", "{title head}"
_WEIGHTS = "10.0, 4.0, 1.0, 0.0"


class SqliteText:
    """The table search_fulltext on SQLite."""

    create: tuple[str, ...] = (
        # What is written is folded already: the tokenizer only parts it at spaces.
        "CREATE VIRTUAL TABLE search_fulltext USING fts5("
        "title, head, body, whole, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
    )
    drop: tuple[str, ...] = ("DROP TABLE search_fulltext",)
    ids = "SELECT rowid FROM search_fulltext"

    def write(self, cursor: Any, rows: Sequence[Indexed]) -> None:
        self.forget(cursor, [row.entry for row in rows])
        cursor.executemany(
            "INSERT INTO search_fulltext (rowid, title, head, body, whole) VALUES (%s, %s, %s, %s, %s)",
            [(row.entry, " ".join(row.title), " ".join(row.head), " ".join(row.body), row.whole) for row in rows],
        )

    def forget(self, cursor: Any, entries: Sequence[int]) -> None:
        cursor.executemany("DELETE FROM search_fulltext WHERE rowid = %s", [(entry,) for entry in entries])

    def matched(self, terms: Sequence[Term], whole: str, *, every: bool) -> Sql:
        wanted = _expression(terms, every=every)
        among = "rowid IN (SELECT rowid FROM search_fulltext WHERE search_fulltext MATCH %s)"
        return Sql(
            f"SELECT rowid AS id, 4 * ({among}) + 2 * ({among}) + ({among}) AS place"  # noqa: S608  # no input in it
            " FROM search_fulltext WHERE search_fulltext MATCH %s",
            (f'whole : "{whole}"', f"{_TITLE} : ({wanted})", f"{_HEAD} : ({wanted})", wanted),
        )

    def weighed(self, terms: Sequence[Term], *, every: bool) -> Sql:
        # The + keeps SQLite from asking the full text once for each id: matches are read once, those in best weighed.
        return Sql(
            f"SELECT rowid AS id, -bm25(search_fulltext, {_WEIGHTS}) AS weight FROM search_fulltext"  # noqa: S608
            " WHERE search_fulltext MATCH %s AND +rowid IN (SELECT id FROM best)",
            (_expression(terms, every=every),),
        )

    def days_since(self, column: str) -> str:
        return f"(julianday(%s) - julianday({column}))"

    def each_of(self, column: str) -> str:
        return f"json_each({column}) each"


def _expression(terms: Sequence[Term], *, every: bool) -> str:
    """Return the FTS5 query: made of lexemes only, so that nothing typed is an operator."""
    return any_of(terms, every=every, word=_word, both=" AND ", either=" OR ")


def _word(word: Word) -> str:
    # The exact word is asked beside its beginning, so that an entry which has it weighs more.
    return f'("{word.stem}" OR "{word.start}" *)' if word.start else f'"{word.stem}"'
