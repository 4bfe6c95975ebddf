"""What may be meant by what is being typed: titles that the reader may see, by kind."""

from __future__ import annotations

from typing import Any

from search.engines import engine
from search.entries import entries_for
from search.query import SHELVES, Query

SHORTEST = 2  # letters: less is the beginning of everything


def suggested(query: Query) -> list[dict[str, Any]]:
    """Return groups of (title, address), in the order of their best: the engine's query, and one more."""
    if len(query.text) < SHORTEST:
        return []
    hits = [hit.entry for hit in engine().suggest(query).hits]
    entries = entries_for(query.reader).in_bulk(hits)
    shelves = {kind: shelf for shelf in SHELVES for kind in shelf.kinds}
    groups: dict[str, dict[str, Any]] = {}
    for pk in hits:
        if pk in entries:
            entry = entries[pk]
            shelf = shelves[entry.kind]  # type: ignore[index]  # a kind is its text
            group = groups.setdefault(shelf.name, {"label": str(shelf.label), "items": []})
            item = {"title": entry.title, "url": entry.main_url}
            if entry.spoken != query.language:
                item["language"] = entry.spoken
            group["items"].append(item)
    return list(groups.values())
