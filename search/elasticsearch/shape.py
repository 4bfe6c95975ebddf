"""A question as Elasticsearch is asked it: one request for hits, counts and a correction.

What a reader may see is in the query's filter, never in the post-filter, so that no count speaks of anything else.
Nothing typed is an operator but quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from content.entry import Kind
from search.codes import codes_asked, extension_asked, joined, phone, title_key
from search.elasticsearch import weights
from search.elasticsearch.analysis import QUESTION_WORDS
from search.elasticsearch.mapping import PARTS, STEMMED
from search.engines.base import FACETS, MOST_RANKED, MOST_VALUES, PAGE_SIZE, SUGGESTED
from search.query import Period, Query, Sort
from search.words import STOP_WORDS, fold, prepared

Clause = dict[str, Any]

_QUOTED = re.compile(r"[\"“”«»]\s*([^\"“”«»]+?)\s*[\"“”«»]")
_QUOTES = re.compile(r"[\"“”«»]")
_WORDS = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MOST_WORDS = 24
YEAR_BEGINS = 8  # August


def body(query: Query, texts: Sequence[str], *, fuzzy: bool = False) -> dict[str, Any]:
    """Return the request for `query`. `texts` are ways to say it, the reader's own first."""
    asked = [bounded(text) for text in texts]
    chosen = selections(query)
    made: dict[str, Any] = {
        "size": PAGE_SIZE if query.page * PAGE_SIZE <= MOST_RANKED else 0,
        "from": (query.page - 1) * PAGE_SIZE if query.page * PAGE_SIZE <= MOST_RANKED else 0,
        "_source": False,
        "timeout": "500ms",
        "track_total_hits": False,
        "query": _worth(query, matching(query, asked, fuzzy=fuzzy)),
        "post_filter": {"bool": {"filter": list(chosen.values())}},
        "aggs": counting(query, chosen),
        "sort": _order(query),
    }
    if query.sort != Sort.RELEVANCE:
        made["track_scores"] = True
    made["suggest"] = _correction(query)
    made["aggs"]["every"] = {"filter": every_word(asked)}
    return made


def suggestion(query: Query) -> dict[str, Any]:
    """Return the request for the titles that may be what is being typed."""
    text = bounded(unquoted(query.text))
    words = prepared(text)
    begun: Clause = {"match": {"title.beginning": {"query": words, "operator": "and"}}}
    ways = [begun, *_joined(text)]
    asked = {
        "bool": {
            "must": [{"bool": {"should": ways, "minimum_should_match": 1}}],
            "should": [_constant({"match_phrase_prefix": {"title.names": words}}, weights.NAMES, "beginning")],
            "filter": visible(query),
        }
    }
    # Without popularity: a view that a suggestion led to counts as any other, and must not lead more readers there.
    worth = _worth(query, asked, by_popularity=False)
    return {"size": SUGGESTED, "_source": False, "track_total_hits": False, "query": worth}


def bounded(text: str) -> str:
    """Return `text` with its first words: no question needs more, and each costs."""
    words = text.split()
    return " ".join(words[:MOST_WORDS])


def quoted(text: str) -> list[str]:
    """Return what stands in quotation marks: words that must stand together."""
    return [found for found in _QUOTED.findall(text) if _WORDS.search(found)][:4]


def unquoted(text: str) -> str:
    return _QUOTES.sub(" ", text).strip()


# What a reader may see ------------------------------------------------------------------------------------------------


def visible(query: Query) -> list[Clause]:
    """Return what keeps what the reader may know of, as `visible_to` and `listed_in` do in SQL."""
    at = query.reader.at.isoformat()
    return [
        {"terms": {"visibility": [str(pk) for pk in query.reader.visible]}},
        {"term": {"withdrawn": False}},
        {"term": {"shown_in": query.language}},
        {"range": {"live_from": {"lte": at}}},
        {"bool": {"must_not": {"range": {"expires_at": {"lte": at}}}}},
    ]


# What is asked --------------------------------------------------------------------------------------------------------


def matching(query: Query, texts: Sequence[str], *, fuzzy: bool) -> Clause:
    """Return what must match, and what raises: each way to say it, the best counting."""
    ways = [_text(query, unquoted(text), fuzzy=fuzzy) for text in texts]
    for way in ways[1:]:
        way["bool"]["boost"] = weights.SYNONYM
    must: Clause = ways[0] if len(ways) == 1 else {"dis_max": {"queries": ways, "tie_breaker": 0.2}}
    phrases = [_phrase(phrase) for phrase in quoted(texts[0])]
    return {"bool": {"must": [must], "filter": [*visible(query), *phrases]}}


def _text(query: Query, text: str, *, fuzzy: bool) -> Clause:
    words = prepared(text)
    found: list[Clause] = [*_shape(words, query.language), *_joined(text), *_extension(text, query)]
    if fuzzy:
        found.append(_fuzzy(words))
    raised = [*_raising(words), *_this_year(text, query)]
    return {"bool": {"must": [{"bool": {"should": found, "minimum_should_match": 1}}], "should": raised}}


def _shape(text: str, language: str) -> Iterable[Clause]:
    """Yield the words in any part: by stem in each language, and as they are."""
    plain = not telling(text)
    for stemmed in STEMMED:
        boost = 1.0 if stemmed == language else weights.OTHER_LANGUAGE
        clause = _cross(
            [f"{part}_{stemmed}^{weights.FIELDS[part]}" for part in PARTS], text, boost, f"words ({stemmed})"
        )
        if plain:
            clause["multi_match"]["analyzer"] = "parvis_french" if stemmed == "fr" else "parvis_english"
        yield clause
        in_title = {"query": text, "boost": weights.TITLE * boost, "_name": f"title ({stemmed})"}
        yield {"match": {f"title_{stemmed}": in_title}}
    exact = _cross([f"{part}^{weights.FIELDS[part]}" for part in PARTS], text, weights.EXACT, "words as they are")
    if plain:
        exact["multi_match"]["analyzer"] = "parvis_plain"
    yield exact


def _cross(fields: list[str], text: str, boost: float, name: str) -> Clause:
    said = {
        "query": text,
        "type": "cross_fields",
        "fields": fields,
        "tie_breaker": weights.TIE_BREAKER,
        "boost": boost,
        "_name": name,
    }
    return {"multi_match": said}


def _constant(clause: Clause, boost: float, name: str) -> Clause:
    return {"constant_score": {"filter": clause, "boost": boost, "_name": name}}


def _joined(text: str) -> Iterable[Clause]:
    """Yield what finds a thing by its code or by another name of it."""
    whole_text = [joined(text), phone(text)]
    codes = codes_asked(text)
    alone = [code for code in codes if code in whole_text or _says_much(code)]
    if alone:
        yield _constant({"terms": {"codes": alone}}, weights.CODE, "code")
    if others := [code for code in codes if code not in alone]:
        yield _constant({"terms": {"codes": others}}, weights.ACRONYM, "acronym")
    if codes:
        yield _constant({"terms": {"also": whole_text}}, weights.ALSO, "also")


def _extension(text: str, query: Query) -> Iterable[Clause]:
    """Yield what finds by the end of a telephone number, which is a way of colleagues."""
    if query.reader.signed_in and (extension := extension_asked(text)):
        yield _constant({"term": {"extensions": extension}}, weights.EXTENSION, "extension")


def _this_year(text: str, query: Query) -> Iterable[Clause]:
    """Yield what raises the academic year under way, unless the search says a year."""
    if _YEAR.search(text):
        return
    day = timezone.localdate(query.reader.at)
    first = day.year if day.month >= YEAR_BEGINS else day.year - 1
    years = {"match_phrase": {"title.names": f"{first} {first + 1}"}}
    yield _constant(years, weights.THIS_YEAR, "this academic year")


def _says_much(code: str) -> bool:
    """Whether a code can only be one: “ue301”, “0388123456”; “13” and “2024” are figures."""
    return any(sign.isdigit() for sign in code) and (not code.isdigit() or len(code) > 5)


def _raising(text: str) -> list[Clause]:
    """Return what raises an entry that matches already."""
    words = _WORDS.findall(fold(text))
    raised = [
        _constant({"term": {"whole": title_key(text)}}, weights.WHOLE_TITLE, "whole title"),
        {"match": {"around": {"query": text, "boost": weights.AROUND, "_name": "around"}}},
    ]
    if len(words) > 1:
        for language in STEMMED:
            every = {"match": {f"title_{language}": {"query": text, "operator": "and"}}}
            raised.append(_constant(every, weights.ALL_IN_TITLE, "every word in the title"))
        raised.append(
            {"match_phrase": {"title": {"query": text, "slop": 2, "boost": weights.PHRASE / 4, "_name": "phrase"}}}
        )
    if 1 <= len(words) <= 6:
        names = {"match": {"title.names": {"query": text, "operator": "and"}}}
        if not any(sign.isdigit() for sign in text):
            raised.append(_constant(names, weights.NAMES, "names"))
        elif any(sign.isalpha() for sign in text):
            raised.append(_constant(names, weights.CODE_IN_TITLE, "code in the title"))
    if words and len(words[-1]) > 1 and words[-1] not in STOP_WORDS:
        begun = {"match": {"title.beginning": {"query": words[-1]}}}
        raised.append(_constant(begun, weights.BEGINNING, "beginning"))
    return raised


def _phrase(text: str) -> Clause:
    """Return what keeps the entries in which these words stand together."""
    return {
        "multi_match": {"query": prepared(text), "type": "phrase", "fields": list(PARTS), "analyzer": "parvis_plain"}
    }


def _fuzzy(text: str) -> Clause:
    """Return the words as they may have been meant. Short words, codes and figures are taken at their word."""
    words = [word for word in _WORDS.findall(fold(text)) if word not in STOP_WORDS]
    should = [
        {
            "multi_match": {
                "query": word, "fields": ["title^3", "summary^1.5", "headings", "body^0.5"], "type": "best_fields",
                "analyzer": "parvis_plain",
                **({"fuzziness": "AUTO:5,9", "prefix_length": 1, "max_expansions": 30} if len(word) >= 5 else {}),
            }
        }
        for word in words
        if not any(sign.isdigit() for sign in word)
    ]  # fmt: skip
    every: Clause = {"bool": {"should": should or [{"match_none": {}}], "minimum_should_match": "2<75%"}}
    # One word may be a name that is written joined.
    names = [word for word in words if len(word) >= 5 and word.isalpha()] if len(words) == 1 else []
    near = [{"fuzzy": {"codes": {"value": name, "fuzziness": 1, "prefix_length": 1, "boost": 5}}} for name in names]
    return {"bool": {"should": [every, *near], "minimum_should_match": 1, "_name": "fuzzy"}}


def telling(text: str) -> list[str]:
    """Return the words that say something; none in “comment faire”, which is then asked as it is."""
    words = _WORDS.findall(fold(text))
    return [word for word in words if word not in QUESTION_WORDS and word not in STOP_WORDS]


def every_word(texts: Sequence[str]) -> Clause:
    """Return what keeps the entries that have all the words, of one way to say it."""
    ways = []
    for text in texts:
        said: Clause = {"query": prepared(text), "type": "cross_fields", "operator": "and"}
        for language in STEMMED:
            ways.append({"multi_match": {**said, "fields": [f"{part}_{language}" for part in PARTS]}})
        ways.append({"multi_match": {**said, "fields": list(PARTS)}})
        if codes := codes_asked(text):
            ways += [{"terms": {"codes": codes}}, {"terms": {"also": codes}}]
    return {"bool": {"should": ways, "minimum_should_match": 1}}


# What it is worth -----------------------------------------------------------------------------------------------------


def _worth(query: Query, matched: Clause, *, by_popularity: bool = True) -> Clause:
    """Return the match, its score multiplied by what the thing is worth to this reader now."""
    at = query.reader.at.isoformat()
    raised: list[Clause] = [{"filter": {"match_all": {}}, "weight": 1.0}]
    if query.reader.recommended:
        mine = {"terms": {"recommendation": [str(pk) for pk in query.reader.recommended]}}
        raised.append({"filter": mine, "weight": weights.RECOMMENDED})
    fresh = {"origin": at, "scale": weights.NEWS_HALVES, "offset": weights.NEWS_AFTER, "decay": 0.5}
    raised.append(
        {
            "filter": {
                "bool": {"filter": [{"term": {"kind": Kind.NEWS.value}}, {"exists": {"field": "published_at"}}]}
            },
            "gauss": {"published_at": fresh},
            "weight": weights.FRESH_NEWS,
        }
    )
    if by_popularity:
        raised.append(
            {
                "filter": {"range": {"popularity": {"gt": 0}}},
                "field_value_factor": {"field": "popularity", "modifier": "none", "factor": 1, "missing": 0},
                "weight": weights.POPULARITY,
            }
        )
    lowered = [
        {"filter": {"range": {"ends_at": {"lt": at}}}, "weight": weights.PAST_EVENT},
        {"filter": {"term": {"kind": Kind.RETIRED.value}}, "weight": weights.RETIRED},
        {"filter": {"bool": {"must_not": {"term": {"language": query.language}}}}, "weight": weights.OTHER_LANGUAGE},
    ]
    once = {"query": matched, "functions": raised, "score_mode": "sum", "boost_mode": "multiply", "max_boost": 2.2}
    lower = {"functions": lowered, "score_mode": "multiply", "boost_mode": "multiply"}
    return {"function_score": {"query": {"function_score": once}, **lower}}


def _order(query: Query) -> list[Clause]:
    if query.sort == Sort.NEWEST:
        return [{"published_at": {"order": "desc", "missing": "_last"}}, {"id": "desc"}]
    return [{"_score": "desc"}, {"id": "asc"}]


# What is counted ------------------------------------------------------------------------------------------------------


def selections(query: Query) -> dict[str, Clause]:
    """Return what keeps what was chosen, by facet."""
    chosen: dict[str, Clause] = {}
    if query.kinds:
        chosen["kind"] = {"terms": {"kind": [kind.value for kind in query.kinds]}}
    for name in ("unit", "topic", "campus"):
        if values := getattr(query, FACETS[name]):
            chosen[name] = {"terms": {"topics" if name == "topic" else name: list(values)}}
    if query.period:
        chosen["period"] = during(query, query.period)
    return chosen


def during(query: Query, period: Period) -> Clause:
    """Return what keeps what was published in a period, or is to come."""
    at = query.reader.at
    if period is Period.COMING:
        return {"range": {"ends_at": {"gte": at.isoformat()}}}
    return {"range": {"published_at": {"gte": (at - timedelta(days=period.days)).isoformat(), "lte": at.isoformat()}}}


def counting(query: Query, chosen: dict[str, Clause]) -> dict[str, Any]:
    """Return the counts of each facet, of what is left by the choices made in the others."""

    def but(name: str, counts: Clause) -> Clause:
        others = [clause for other, clause in chosen.items() if other != name]
        return {"filter": {"bool": {"filter": others}}, "aggs": counts}

    fields = {"kind": "kind", "unit": "unit", "topic": "topics", "campus": "campus"}
    counts = {
        name: but(name, {"values": {"terms": {"field": field, "size": MOST_VALUES}}}) for name, field in fields.items()
    }
    periods = {period.value: during(query, period) for period in Period}
    counts["period"] = but("period", {"values": {"filters": {"filters": periods}}})
    return counts


def _correction(query: Query) -> Clause:
    """Return what asks for the words as they may have been meant, of words that anyone may read."""
    return {
        # Each sign in its place, so that the words that are corrected are found again by where they stand.
        "text": _QUOTES.sub(" ", prepared(query.text))[:100],
        "spelling": {
            "term": {
                "field": "spelled", "suggest_mode": "missing", "max_edits": 2, "prefix_length": 1, "min_word_length": 4,
                "size": 1, "sort": "score", "analyzer": "parvis_plain", "min_doc_freq": 0,
            }
        },
    }  # fmt: skip
