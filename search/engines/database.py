"""The engine that every installation has: the database's own full text.

One statement finds, keeps what the reader may see, counts by kind and ranks. Visibility is the queryset's own rule,
joined before anything is counted or cut, so that a count or a rank never speaks of what the reader may not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from content.entry import Kind
from search.engines.base import FACETS, MOST_RANKED, MOST_VALUES, PAGE_SIZE, SUGGESTED, Found, Hit
from search.engines.dialect import FullText, Sql, full_text
from search.engines.postgresql import PLANNING
from search.entries import entries_for
from search.models import Entry
from search.planning import planned
from search.query import Period, Query, Sort
from search.words import MOST_TERMS, Term, terms, together, whole

_SEEN = (
    "id", "kind", "language", "published_at", "ends_at", "recommendation_id", "unit_id", "topics", "campus"
)  # fmt: skip

# What each thing is worth. The weight of the words is between 0 and 1, the best of the page's candidates having 1.
WHOLE_TITLE = 6.0
IN_TITLE = 1.0
IN_HEAD = 0.3
RECOMMENDED = 1.35
FRESH_NEWS = 0.5  # added to 1 for a week, half of it a month later
PAST_EVENT = 0.3
OTHER_LANGUAGE = 0.6
RETIRED = 0.05


class DatabaseEngine:
    """SQLite's FTS5 or PostgreSQL's tsvector, by the connection."""

    def search(self, query: Query) -> Found:
        asked = terms(query.text)
        if not asked:
            return Found()
        ways = [asked, *filter(None, map(terms, query.other_ways))]
        every = asked if len(ways) == 1 else [together(ways)]
        some = list(dict.fromkeys(term for way in ways for term in way))[:MOST_TERMS]
        try:
            return self._run(query, every, every=True) or self._run(query, some, every=False) or Found()
        except EmptyResultSet:  # a reader who may see nothing
            return Found()

    def suggest(self, query: Query) -> Found:
        found = self.search(query)
        return Found(found.hits[:SUGGESTED]) if not found.loosened else Found()

    def _run(self, query: Query, asked: Sequence[Term], *, every: bool) -> Found | None:
        """Return what has every term, or any; None when the reader may see nothing that has."""
        if not every and len(asked) == 1:
            return None
        sql = statement(query, asked, every=every)
        with planned(PLANNING), connection.cursor() as cursor:
            cursor.execute(sql.text, sql.values)
            rows = cursor.fetchall()
        counts = {Kind(value): int(number) for number, _score, name, value in rows if name == "kind"}
        hits = sorted(((float(score), int(pk)) for pk, score, name, _value in rows if not name), reverse=True)
        if not counts:
            return None
        facets = {name: {str(row[3]): int(row[0]) for row in rows if row[2] == name and row[0]} for name in FACETS}
        return Found(tuple(Hit(pk, score) for score, pk in hits), counts, facets=facets, loosened=not every)


def statement(query: Query, asked: Sequence[Term], *, every: bool) -> Sql:
    """Return the search as SQL: rows (id, score, '', '') of hits and (count, 0, facet, value) of what can be chosen."""
    dialect = full_text(connection.vendor)
    visible = entries_for(query.reader).listed_in(query.language).order_by().values(*_SEEN)
    visible_sql, visible_values = visible.query.sql_with_params()
    matched = dialect.matched(asked, whole(query.text), every=every)
    weighed = dialect.weighed(asked, every=every)
    choices = _choices(query)
    chosen = _all(choices.values())
    counted = _counted(query, choices, dialect)
    first = "published_at DESC NULLS LAST"
    if query.sort == Sort.RELEVANCE:
        first = f"place DESC, {first}"
        ranked = _by_worth(query, dialect.days_since("best.published_at"), weighed)
    else:
        age = dialect.days_since("published_at")
        ranked = Sql(f"SELECT id, -COALESCE({age}, 1000000) AS score FROM best", (_at(query),))  # noqa: S608
    text = f"""
        WITH seen AS MATERIALIZED (
            SELECT entry.*, matched.place
            FROM ({matched.text}) matched JOIN ({visible_sql}) entry ON entry.id = matched.id
        ), best AS MATERIALIZED (
            SELECT * FROM seen WHERE {chosen.text} ORDER BY {first}, id DESC LIMIT {MOST_RANKED}
        ), hits AS (
            SELECT id, score FROM ({ranked.text}) ranked ORDER BY score DESC, id DESC LIMIT %s OFFSET %s
        )
        SELECT id, score, '', '' FROM hits UNION ALL {counted.text}
    """  # noqa: S608  # every value is a parameter
    page = (PAGE_SIZE, (query.page - 1) * PAGE_SIZE)
    return Sql(text, (*matched.values, *visible_values, *chosen.values, *ranked.values, *page, *counted.values))


def _among(column: str, values: Sequence[Any]) -> Sql:
    return Sql(f"{column} IN ({', '.join(['%s'] * len(values))})", tuple(values)) if values else Sql("1 = 0")


def _all(conditions: Iterable[Sql]) -> Sql:
    """Return the conditions together."""
    parts = list(conditions)
    return Sql(
        " AND ".join(f"({part.text})" for part in parts) or "1 = 1", tuple(v for part in parts for v in part.values)
    )


def _choices(query: Query) -> dict[str, Sql]:
    """Return what keeps what was chosen, by facet."""
    choices: dict[str, Sql] = {}
    if query.kinds:
        choices["kind"] = _among("seen.kind", [kind.value for kind in query.kinds])
    if query.units:
        units = _among("unit.code", query.units)
        choices["unit"] = Sql(f"seen.unit_id IN (SELECT id FROM {_units()} unit WHERE {units.text})", units.values)  # noqa: S608
    if query.topics:
        each = full_text(connection.vendor).each_of("seen.topics")
        topics = _among("each.value", query.topics)
        choices["topic"] = Sql(f"EXISTS (SELECT 1 FROM {each} WHERE {topics.text})", topics.values)  # noqa: S608
    if query.campuses:
        choices["campus"] = _among("seen.campus", query.campuses)
    if query.period:
        choices["period"] = _during(query, query.period)
    return choices


def _units() -> str:
    """Return the name of the table of units, which stands above this room."""
    field: Any = Entry._meta.get_field("unit")
    return str(connection.ops.quote_name(field.remote_field.model._meta.db_table))


def _during(query: Query, period: Period) -> Sql:
    def instant(at: Any) -> Any:
        return connection.ops.adapt_datetimefield_value(at)

    at = query.reader.at
    if period is Period.COMING:
        return Sql("seen.ends_at >= %s", (instant(at),))
    return Sql("seen.published_at BETWEEN %s AND %s", (instant(at - timedelta(days=period.days)), instant(at)))


def _counted(query: Query, choices: Mapping[str, Sql], dialect: FullText) -> Sql:
    """Return the counts of each facet, of what is left by the choices made in the others."""
    parts: list[Sql] = []

    def count(name: str, value: str, source: str, *, kept: Sql | None = None, grouped: bool = True) -> None:
        others = [choice for other, choice in choices.items() if other != name]
        where = _all([*others, kept] if kept else others)
        group = f"GROUP BY {value} ORDER BY 1 DESC LIMIT {MOST_VALUES}" if grouped else ""
        text = f"SELECT COUNT(*) AS number, 0, '{name}', {value} FROM {source} WHERE {where.text} {group}"  # noqa: S608
        parts.append(Sql(f"SELECT * FROM ({text}) counted_{len(parts)}", where.values))  # noqa: S608

    count("kind", "seen.kind", "seen")
    count("unit", "unit.code", f"seen JOIN {_units()} unit ON unit.id = seen.unit_id")
    # A list is taken apart for each entry, and most are empty.
    count("topic", "each.value", f"seen, {dialect.each_of('seen.topics')}", kept=Sql("seen.topics <> '[]'"))
    count("campus", "seen.campus", "seen", kept=Sql("seen.campus <> ''"))
    for period in Period:
        count("period", f"'{period.value}'", "seen", kept=_during(query, period), grouped=False)
    return Sql(" UNION ALL ".join(part.text for part in parts), tuple(v for part in parts for v in part.values))


def _at(query: Query) -> Any:
    return connection.ops.adapt_datetimefield_value(query.reader.at)


def _by_worth(query: Query, age: str, weighed: Sql) -> Sql:
    """Return (id, score) of the table `best`, from where the words stand and what they weigh there.

    The two are put together by a GROUP BY: joined, SQLite would compare each row with each (90 ms for a thousand).
    """
    at = _at(query)
    recommended = _among("best.recommendation_id", query.reader.recommended)
    faded = f"CASE WHEN {age} > 7 THEN 1 / (1 + ({age} - 7) * ({age} - 7) / 900.0) ELSE 1 END"
    news = "best.kind = %s AND best.published_at IS NOT NULL"
    text = f"""
        SELECT id, (MAX(place) + COALESCE(MAX(weight) / NULLIF(MAX(MAX(weight)) OVER (), 0), 0)) * MAX(factor) AS score
        FROM (
            SELECT best.id, 0.0 AS weight,
                {WHOLE_TITLE} * (best.place / 4) + {IN_TITLE} * ((best.place & 2) / 2)
                + {IN_HEAD} * (best.place & 1) AS place,
                CASE WHEN {recommended.text} THEN {RECOMMENDED} ELSE 1.0 END
                * CASE WHEN {news} THEN 1 + {FRESH_NEWS} * ({faded}) ELSE 1 END
                * CASE WHEN best.ends_at < %s THEN {PAST_EVENT} ELSE 1 END
                * CASE WHEN best.language <> %s THEN {OTHER_LANGUAGE} ELSE 1 END
                * CASE WHEN best.kind = %s THEN {RETIRED} ELSE 1 END AS factor
            FROM best
            UNION ALL SELECT id, weight, NULL, NULL FROM ({weighed.text}) weighed
        ) parts GROUP BY id
    """  # noqa: S608  # every value is a parameter
    said = (Kind.NEWS.value, at, at, at, at, query.language, Kind.RETIRED.value)
    return Sql(text, (*recommended.values, *said, *weighed.values))
