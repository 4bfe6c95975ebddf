"""Searches by Elasticsearch, and by the database while it is away."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError, BadRequestError

from content.entry import Kind
from search.elasticsearch import breaker, shape
from search.elasticsearch.connection import SEARCH_ON_NODE, SEARCH_SECONDS, client, live_alias
from search.engines.base import FACETS, Found, Hit
from search.engines.database import DatabaseEngine
from search.query import Query
from search.words import fold, prepared, terms

log = logging.getLogger(__name__)

LITTLE = 3  # hits under which a second, tolerant pass is made


class AwayError(Exception):
    """Elasticsearch did not answer, not in time, or not with everything."""


class ElasticsearchEngine:
    """One request for hits, counts and a correction; a second one when little is found."""

    def __init__(self) -> None:
        self.stand_in = DatabaseEngine()

    def search(self, query: Query) -> Found:
        if not terms(query.text) or not query.reader.visible:
            return Found()
        if not breaker.lets_through(look):
            return self._stand_in(query)
        try:
            return self._search(query)
        except AwayError as error:
            log.warning("search answers from the database: %s", error)
            return self._stand_in(query)

    def why(self, query: Query) -> dict[int, tuple[float, dict[str, float]]]:
        """Return the score of each hit, and of each named clause that it matched; nothing while away."""
        try:
            answer = ask(shape.body(query, [query.text, *query.other_ways]), named=True)
        except AwayError:
            return {}
        return {
            int(hit["_id"]): (
                round(float(hit["_score"] or 0), 3),
                {name: round(float(score), 3) for name, score in hit.get("matched_queries", {}).items()},
            )
            for hit in answer["hits"]["hits"]
        }

    def suggest(self, query: Query) -> Found:
        if not terms(query.text) or not query.reader.visible:
            return Found()
        if not breaker.lets_through(look):
            return self.stand_in.suggest(query)
        try:
            answer = ask(shape.suggestion(query))
        except AwayError as error:
            log.warning("suggestions come from the database: %s", error)
            return self.stand_in.suggest(query)
        return Found(tuple(Hit(int(hit["_id"]), float(hit["_score"] or 0)) for hit in answer["hits"]["hits"]))

    def _stand_in(self, query: Query) -> Found:
        return replace(self.stand_in.search(query), degraded=True)

    def _search(self, query: Query) -> Found:
        texts = [query.text, *query.other_ways]
        answer = ask(shape.body(query, texts))
        found = read(answer, query)
        if sum(found.counts.values()) >= LITTLE or query.narrowed or shape.quoted(query.text):
            # Enough was found, of every word: nobody is asked whether they meant another.
            return replace(found, correction="") if found.counts and not found.loosened else found
        texts += [found.correction] if found.correction else []
        wider = read(ask(shape.body(query, texts, fuzzy=True)), query)
        fewer = sum(wider.counts.values()) - sum(found.counts.values())
        if fewer < 0 or (fewer == 0 and not found.loosened):
            return found
        return replace(wider, approximate=True, loosened=False, correction=found.correction)


def ask(body: Mapping[str, Any], *, named: bool = False) -> dict[str, Any]:
    """Return the answer to one search. Raises AwayError, of which the breaker is told."""
    try:
        answer = client().options(request_timeout=SEARCH_SECONDS).search(
            index=live_alias(),
            body={**body, "timeout": SEARCH_ON_NODE},
            allow_partial_search_results=False,
            include_named_queries_score=named,
        )  # fmt: skip
    except BadRequestError as error:
        # Nothing typed should lead here; the reader has an answer all the same, and the log has the reason.
        log.error("refused by Elasticsearch: %s", error.message)
        raise AwayError(error.message) from error
    except (ApiError, TransportError) as error:
        breaker.failed(late=isinstance(error, ConnectionTimeout))
        raise AwayError(f"{type(error).__name__} {getattr(error, 'status_code', '')}") from error
    if answer["timed_out"]:
        breaker.failed(late=True)
        raise AwayError("timed out")
    breaker.answered()
    return dict(answer)


def look() -> None:
    """Ask for nothing: whether Elasticsearch answers is told to the breaker."""
    with suppress(AwayError):
        ask({"size": 0, "track_total_hits": False})


def read(answer: Mapping[str, Any], query: Query) -> Found:
    """Return what an answer says."""
    counted = answer["aggregations"]
    known = set(Kind.values)
    counts = {Kind(kind): number for kind, number in _values(counted["kind"]) if kind in known and number}
    facets = {name: {value: number for value, number in _values(counted[name]) if number} for name in FACETS}
    hits = tuple(Hit(int(hit["_id"]), float(hit["_score"] or 0)) for hit in answer["hits"]["hits"])
    if not counts and not hits:
        return Found(correction=correction(answer, prepared(query.text)))
    return Found(
        hits,
        counts,
        facets=facets,
        loosened=not counted["every"]["doc_count"],
        correction=correction(answer, prepared(query.text)),
    )


def _values(counted: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    buckets = counted["values"]["buckets"]
    if isinstance(buckets, Mapping):
        return [(name, bucket["doc_count"]) for name, bucket in buckets.items()]
    return [(bucket["key"], bucket["doc_count"]) for bucket in buckets]


def correction(answer: Mapping[str, Any], text: str) -> str:
    """Return `text`, prepared, its words that nobody wrote replaced by the nearest that someone did; or nothing."""
    said, changed = text, False
    for word in reversed(answer.get("suggest", {}).get("spelling", [])):
        options = word["options"]
        start, end = word["offset"], word["offset"] + word["length"]
        # “l'inscripton” is one word to Elasticsearch, which leaves its article out.
        start += said[start:end].rfind("'") + 1
        if options and not any(sign.isdigit() for sign in word["text"]) and fold(said[start:end]) == word["text"]:
            said, changed = said[:start] + options[0]["text"] + said[end:], True
    return said if changed else ""
