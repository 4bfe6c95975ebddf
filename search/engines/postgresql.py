"""PostgreSQL's full text: two tsvectors for each entry, made of lexemes folded by search.words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from search.engines.dialect import Indexed, Sql, any_of
from search.words import Term, Word

LAST_POSITION = 16_383  # of a tsvector
MOST_POSITIONS = 40  # of one lexeme: more say nothing new

# For a word that most texts hold, PostgreSQL would still unpack each text rather than read the index; and a plan
# for any words is one for rare ones. 46 ms without, 34 with, of a word in nine tenths of 10,000 entries.
PLANNING = "SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_custom_plan"


class PostgresText:
    """The table search_fulltext on PostgreSQL.

    `head` is short and stays in the row: it says where the words stand without reading `words`, which is long and lies
    apart. Only `words` is searched.
    """

    create: tuple[str, ...] = (
        "CREATE TABLE search_fulltext (entry_id bigint PRIMARY KEY, head tsvector NOT NULL, words tsvector NOT NULL)",
        # What waits to be put into the index is read whole by every search: little may wait.
        "CREATE INDEX search_fulltext_words ON search_fulltext USING gin (words) WITH (gin_pending_list_limit = 256)",
        # The planner takes @@ for cheap and would rather unpack the long vector of every row than use the index for a
        # common word. A query that costs something to compute, once with the index and for each row without, tells it.
        "CREATE FUNCTION search_query(text) RETURNS tsquery LANGUAGE plpgsql STABLE PARALLEL SAFE COST 30"
        " AS 'BEGIN RETURN $1::tsquery; END'",
    )
    drop: tuple[str, ...] = ("DROP TABLE search_fulltext", "DROP FUNCTION search_query(text)")
    ids = "SELECT entry_id FROM search_fulltext"

    def write(self, cursor: Any, rows: Sequence[Indexed]) -> None:
        cursor.executemany(
            "INSERT INTO search_fulltext (entry_id, head, words) VALUES (%s, %s::tsvector, %s::tsvector)"
            " ON CONFLICT (entry_id) DO UPDATE SET head = excluded.head, words = excluded.words",
            [
                (
                    row.entry,
                    vector([(row.title, "A"), ((row.whole,), "A"), (row.head, "B")]),
                    vector([(row.title, "A"), (row.head, "B"), (row.body, "D")]),
                )
                for row in rows
            ],
        )

    def forget(self, cursor: Any, entries: Sequence[int]) -> None:
        cursor.execute("DELETE FROM search_fulltext WHERE entry_id = ANY(%s)", [list(entries)])

    def matched(self, terms: Sequence[Term], whole: str, *, every: bool) -> Sql:
        # The title is part of the head: what the head does not have is looked for no further. The place is computed
        # here, and not after a join that would carry the vectors along.
        return Sql(
            "SELECT entry_id AS id, CASE WHEN head @@ %s::tsquery THEN 1 + 2 * (head @@ %s::tsquery)::int"
            " + 4 * (head @@ %s::tsquery)::int ELSE 0 END AS place"
            " FROM search_fulltext WHERE words @@ search_query(%s) OFFSET 0",
            (
                _expression(terms, every=every),
                _expression(terms, every=every, weight="A"),
                f"'{whole}'",
                _expression(terms, every=every),
            ),
        )

    def weighed(self, terms: Sequence[Term], *, every: bool) -> Sql:
        # Weighed as if any word were enough: for words that must all be there, ts_rank looks at their distance only.
        return Sql(
            "SELECT entry_id AS id, ts_rank('{0.05, 0.1, 0.4, 1}', words, %s::tsquery, 1) AS weight"
            " FROM search_fulltext WHERE entry_id IN (SELECT id FROM best)",
            (_expression(terms, every=False),),
        )

    def days_since(self, column: str) -> str:
        return f"(EXTRACT(EPOCH FROM (%s - {column})) / 86400.0)"

    def each_of(self, column: str) -> str:
        return f"jsonb_array_elements_text({column}) AS each(value)"


def vector(parts: Iterable[tuple[Iterable[str], str]]) -> str:
    """Return the text of a tsvector: lexemes with their positions and weights. Lexemes hold letters and digits only."""
    places: dict[str, list[str]] = defaultdict(list)
    position = 0
    for lexemes, weight in parts:
        for lexeme in lexemes:
            position = min(position + 1, LAST_POSITION)
            if len(places[lexeme]) < MOST_POSITIONS:
                places[lexeme].append(f"{position}{weight}")
    return " ".join(f"'{lexeme}':{','.join(found)}" for lexeme, found in places.items())


def _expression(terms: Sequence[Term], *, every: bool, weight: str = "") -> str:
    """Return the tsquery: made of lexemes only, so that nothing typed is an operator."""

    def word(one: Word) -> str:
        exact = f"'{one.stem}':{weight}" if weight else f"'{one.stem}'"
        return f"({exact} | '{one.start}':*{weight})" if one.start else exact

    return any_of(terms, every=every, word=word, both=" & ", either=" | ")
