"""How good the order is: queries with judgements, through the portal's own analysis and query code.

    python -m bench.relevance FOLDER [--address http://127.0.0.1:9200]

FOLDER holds corpus.jsonl.gz (one sheet a line: _id, id, title, description, headings, body), and sets of queries.tsv
(qid, topic, kind, query) with qrels.tsv (topic, doc_id, rel). The sheets become documents of a scratch index as entries
do; what depends on readers and dates is neutral. The stock `french` analyser is measured beside it, on the same node.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

INDEX, STOCK = "parvis-relevance", "parvis-relevance-stock"
DEPTH = 10


def sheets(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the sheets in the order of the corpus, each once though it may be written for several readers."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def own_document(number: int, sheet: dict[str, Any]) -> dict[str, Any]:
    """Return what would be sent of an entry that says what the sheet says, open to all."""
    from content.entry import Kind
    from search.elasticsearch.documents import document
    from search.models import ALWAYS, Entry, EntryText

    entry = Entry(
        pk=number + 1, kind=Kind.PAGE, language="fr", shown_in="fr", title=sheet["title"][:255],
        summary=sheet["description"] or "", visibility_id=1, withdrawn=False, live_from=ALWAYS,
    )  # fmt: skip
    entry.text = EntryText(entry=entry, headings="\n".join(sheet["headings"]), body=sheet["body"])
    return document(entry, open_to_all=frozenset({1}))


def stock_index(client: Elasticsearch) -> None:
    text = {"type": "text", "analyzer": "french"}
    fields = dict.fromkeys(("title", "description", "headings", "body"), text)
    client.indices.create(index=STOCK, mappings={"properties": fields})


def load(client: Elasticsearch, folder: Path) -> list[str]:
    """Fill both scratch indices; return the sheets' ids in order, those written twice under their first."""
    from search.elasticsearch.mapping import index_body

    for name in (INDEX, STOCK):
        client.indices.delete(index=name, ignore_unavailable=True)
    client.indices.create(index=INDEX, **index_body())
    stock_index(client)
    every = list(sheets(folder))
    bulk(
        client,
        ({"_index": INDEX, "_id": n, "_source": own_document(n, s)} for n, s in enumerate(every)),
        chunk_size=500,
    )
    fields = ("title", "description", "headings", "body")
    bulk(
        client,
        ({"_index": STOCK, "_id": n, "_source": {name: s[name] for name in fields}} for n, s in enumerate(every)),
        chunk_size=500,
    )
    client.indices.refresh(index=f"{INDEX},{STOCK}")
    return [sheet["_id"] for sheet in every]


def one_of(identifier: str) -> str:
    """Return what two copies of one sheet, written for different readers, have in common."""
    return identifier.rpartition(":")[2]


def own_search(client: Elasticsearch, text: str) -> list[int]:
    """Ask as the search page does."""
    from audience.reader import Reader
    from search.elasticsearch.shape import body
    from search.query import Query

    query = Query.parse({"q": text}, reader=Reader(visible=(1,)))
    asked = body(query, [query.text])
    asked["size"] = 2 * DEPTH
    found = client.search(index=INDEX, body=asked)
    return [int(hit["_id"]) for hit in found["hits"]["hits"]]


def stock_search(client: Elasticsearch, text: str) -> list[int]:
    fields = ["title", "description", "headings", "body"]
    query = {"multi_match": {"query": text, "fields": fields, "type": "best_fields"}}
    found = client.search(index=STOCK, query=query, size=2 * DEPTH, source=False)
    return [int(hit["_id"]) for hit in found["hits"]["hits"]]


def gain(ranked: list[float], ideal: list[float]) -> float:
    def worth(grades: list[float]) -> float:
        return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:DEPTH]))

    best = worth(sorted(ideal, reverse=True))
    return worth(ranked) / best if best else 0.0


def measure(search: Callable[[str], list[int]], names: list[str], queries: Path, judged: Path) -> dict[str, float]:
    """Return the four figures for one set: means over queries, what nobody judged counting nothing."""
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows(judged):
        known = grades[row["topic"]]
        name = one_of(row["doc_id"])
        known[name] = max(known.get(name, 0), float(row["rel"]))
    totals: dict[str, float] = defaultdict(float)
    asked = [row for row in rows(queries) if grades[row["topic"]]]
    for row in asked:
        known = grades[row["topic"]]
        found = list(dict.fromkeys(one_of(names[number]) for number in search(row["query"])))[:DEPTH]
        ranked = [known.get(name, 0.0) for name in found]
        first = next((rank for rank, grade in enumerate(ranked, 1) if grade), 0)
        totals["nDCG@10"] += gain(ranked, list(known.values()))
        totals["MRR@10"] += 1 / first if first else 0
        totals["success@3"] += 0 < first <= 3
        totals["no result %"] += 100 * (not found)
    return {name: total / len(asked) for name, total in totals.items()} | {"queries": len(asked)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", default=os.environ.get("ELASTICSEARCH_URL", "http://127.0.0.1:9200"))
    parser.add_argument("--loaded", action="store_true", help="search the scratch indices of the last run")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    client = Elasticsearch(given.address, request_timeout=60)
    names = [sheet["_id"] for sheet in sheets(given.folder)] if given.loaded else load(client, given.folder)
    for queries in sorted(given.folder.glob("*queries.tsv")):
        judged = queries.with_name(queries.name.replace("queries", "qrels"))
        for engine, search in (("parvis", own_search), ("stock french", stock_search)):
            said = measure(lambda text, ask=search: ask(client, text), names, queries, judged)
            figures = "  ".join(f"{name} {value:.3f}" for name, value in said.items() if name != "queries")
            print(f"{queries.stem:<16} {engine:<14} {figures}  ({said['queries']} queries)", flush=True)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, "site")
    sys.exit(main())
