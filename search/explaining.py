"""What a search shows a given reader, and why in this order: for editors, operators and tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model

from audience.demands import table
from audience.middleware import with_broader
from audience.models import Audience
from audience.reader import NOWHERE, Reader, parse_positions
from search.elasticsearch.engine import ElasticsearchEngine
from search.engines import engine
from search.query import Query
from search.results import search
from search.steering import steering


class UnknownReaderError(LookupError):
    """No account has this name, and no audience."""


def reader_named(name: str, *, language: str) -> Reader:
    """Return the reader of an account, of audiences named by their identifiers and commas, or nobody signed in.

    Raises UnknownReaderError.
    """
    if not name:
        return table().seen_by(Reader(language=language))
    user = get_user_model()._default_manager.filter(username=name).select_related("known_reader").first()
    if user is not None:
        known: Any = getattr(user, "known_reader", None)
        positions = parse_positions(known.positions) if known else (NOWHERE,)
        groups = frozenset(user.groups.values_list("pk", flat=True))
        units = tuple(known.units) if known else ()
        return table().seen_by(
            Reader(positions=positions, units=units, groups=groups, signed_in=True, language=language)
        )
    slugs = [slug.strip() for slug in name.split(",") if slug.strip()]
    found = dict(Audience.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    if missing := [slug for slug in slugs if slug not in found]:
        raise UnknownReaderError(", ".join(missing))
    position = with_broader(list(found.values()))
    return table().seen_by(Reader(positions=(position,), signed_in=True, language=language))


def explain(text: str, *, reader: Reader, also: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what the search page would show, with scores and the clauses that matched.

    `also` are other ways to say it, as a synonym not yet saved would add.
    """
    query = Query.parse({"q": text}, reader=reader)
    shown = search(query, also=also)
    ways = (*steering().other_ways(query.text), *also)
    why = _why(replace(query, other_ways=ways)) if query.text else {}
    return {
        "query": query.text,
        "language": query.language,
        "engine": "database" if shown.degraded or not isinstance(engine(), ElasticsearchEngine) else "elasticsearch",
        "also_asked": list(ways),
        "total": shown.total,
        "approximate": shown.approximate,
        "correction": shown.correction,
        "counts": {choice.kind or "all": choice.count for choice in shown.kinds},
        "results": [
            {
                "rank": rank,
                "title": entry.title,
                "url": entry.url,
                "kind": entry.kind,
                "promoted": entry.is_promoted,
                "recommended": entry.recommendation_id in reader.recommended,
                "score": why.get(entry.pk, (0.0, {}))[0],
                "clauses": why.get(entry.pk, (0.0, {}))[1],
                "excerpt": str(entry.excerpt),  # type: ignore[attr-defined]
            }
            for rank, entry in enumerate(shown.hits, 1)
        ],
    }


def _why(query: Query) -> dict[int, tuple[float, dict[str, float]]]:
    """Return the score of each hit, and of each clause that it matched where the engine tells."""
    by = engine()
    if isinstance(by, ElasticsearchEngine):
        return by.why(query)
    return {hit.entry: (round(hit.score, 3), {}) for hit in by.search(query).hits}
