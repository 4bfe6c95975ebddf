"""The one mapping: what the index holds of an entry.

Strict: a field that is not here is refused, so that what is searched is what is written down. Text of each language
has fields of its own, of one analyser, beside fields of all languages whose words are as they are.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from elasticsearch.dsl import Boolean, Date, Field, Float, Index, Keyword, Long, Mapping, Text

from search.elasticsearch import analysis
from search.words import PREPARATION

# The languages with a chain of their own; the text of any other is read as it is.
STEMMED = {"fr": (analysis.french, analysis.french_asked), "en": (analysis.english, analysis.english)}
PARTS = ("title", "summary", "headings", "body", "file")

# BM25 by part. A title is short and its length says much; a body is long, and a word said again in it counts again.
# Measured on the tuning topics (docs/search.md).
SIMILARITIES: dict[str, dict[str, Any]] = {
    "title": {"type": "BM25", "k1": 1.2, "b": 0.9},
    "summary": {"type": "BM25", "k1": 1.2, "b": 0.75},
    "headings": {"type": "BM25", "k1": 0.6, "b": 0.75},
    "body": {"type": "BM25", "k1": 2.2, "b": 0.3},
}
# Found by, and neither counted nor sorted by. Dates keep theirs: all entries are live since some day, and a range is
# cheaper looked up for the few that match the words than gathered for all.
_FOUND_BY: dict[str, Any] = {"doc_values": False}
SIMILARITY = {"title": "title", "summary": "summary", "headings": "headings", "body": "body", "file": "body"}


def mapping() -> Mapping:
    """Return the mapping of the index."""
    made = Mapping()
    made.meta("dynamic", "strict")
    # Re-read from entries before they are shown: the index need not give back what it was told.
    for name, field in _fields().items():
        made.field(name, field)
    return made


def _fields() -> dict[str, Field]:
    fields: dict[str, Field] = {
        "id": Long(),
        "kind": Keyword(),
        "language": Keyword(**_FOUND_BY),
        "shown_in": Keyword(**_FOUND_BY),
        # What a reader may see: the ids of visibilities, as SQL has them.
        "visibility": Keyword(**_FOUND_BY),
        "recommendation": Keyword(**_FOUND_BY),
        "withdrawn": Boolean(**_FOUND_BY),
        "live_from": Date(),
        "expires_at": Date(),
        "published_at": Date(),
        "starts_at": Date(),
        "ends_at": Date(),
        "unit": Keyword(),
        "campus": Keyword(),
        "topics": Keyword(),
        "popularity": Float(),
        # Joined forms: “UE 301”, “UE-301” and “ue301” meet here, as do acronyms, names with particles, phones, e-mails.
        "codes": Keyword(**_FOUND_BY),
        # The ends of telephone numbers, which only who is signed in finds by.
        "extensions": Keyword(**_FOUND_BY),
        # What an editor says a thing is also called, word for word.
        "also": Keyword(**_FOUND_BY),
        "whole": Keyword(**_FOUND_BY),  # the title as one key: equal for two that read the same
        # Only of what anyone may read: what is corrected speaks of nothing else.
        "spelled": Text(analyzer=analysis.plain, index_options="docs", norms=False),
        # Place, unit, campus: they help to find, and are not the subject.
        "around": Text(analyzer=analysis.plain, index_options="freqs"),
    }
    for part in PARTS:
        more: dict[str, Any] = {"fields": _of_titles()} if part == "title" else {}
        fields[part] = Text(
            analyzer=analysis.plain, search_analyzer=analysis.plain_asked, similarity=SIMILARITY[part], **more
        )
        for language, (written, asked) in STEMMED.items():
            fields[f"{part}_{language}"] = Text(
                analyzer=written, search_analyzer=asked, similarity=SIMILARITY[part], copy_to=part,
                index_options="freqs",  # words in quotes stand together as they are written, not by their stems
            )  # fmt: skip
    return fields


def _of_titles() -> dict[str, Field]:
    return {
        "beginning": Text(analyzer=analysis.beginning, search_analyzer=analysis.plain, index_options="freqs"),
        "names": Text(analyzer=analysis.plain),  # searched with every word, particles too
    }


def index_body(*, shards: int = 1, replicas: int = 0) -> dict[str, Any]:
    """Return what an index is made with: settings and mapping."""
    index = Index("-")
    index.mapping(mapping())
    for one in analysis.ANALYZERS:
        index.analyzer(one)
    made: dict[str, Any] = index.to_dict()
    made["settings"] = {
        **made["settings"],
        "similarity": SIMILARITIES,
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": "1s",
        # A deletion is remembered for a day, so that a change sent late does not bring back what is gone.
        "gc_deletes": "24h",
        "max_result_window": 1000,
    }
    made["mappings"]["_meta"] = {"parvis": digest()}
    return made


@cache
def digest() -> str:
    """Return a short name of this mapping and its analysis: an index of another is never asked."""
    index = Index("-")
    index.mapping(mapping())
    for one in analysis.ANALYZERS:
        index.analyzer(one)
    said = json.dumps([index.to_dict(), SIMILARITIES, PREPARATION], sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=4).hexdigest()
